import { describe, expect, it } from 'vitest';
import { javaHash, murmur3 } from '../../../src/format/java-hash.ts';

/** Text, `String.hashCode` (OpenJDK 17) and MurmurHash3 x86 32 of its UTF-8 with the seed 25342 (hash4j 0.22). */
const GOLDEN: readonly (readonly [string, number, number])[] = [
  ['', 0, 213229777],
  ['a', 97, 645465929],
  ['shop', 3529462, 226172948],
  ['zoo', 120794, 571221615],
  ['12', 1569, -496941550],
  ['123', 48690, -861244042],
  ['1234', 1509442, 1245374445],
  ['12345', 46792755, 1351274047],
  ['ints', 3237476, 173431808],
  ['héllo', 103094734, -1335922883],
  ['中文', 646394, 1190251204],
  ['😀', 1772899, -1960074101],
  ['k\'4"', 3226762, 283997017],
  ['None', 2433880, -1571757336],
  ['polygenelubricants', -2147483648, 65225368],
];

describe.each(GOLDEN)('the hashes of %j', (text, java, murmur) => {
  const bytes = Buffer.from(text);

  it('are those of Java programs', () => {
    expect(javaHash(bytes, bytes.length)).toBe(java);
    expect(murmur3(bytes, bytes.length, 25_342)).toBe(murmur);
  });

  it('are of the text alone, whatever lies behind it', () => {
    const longer = Buffer.concat([bytes, Buffer.from('xyz')]);
    expect(javaHash(longer, bytes.length)).toBe(java);
    expect(murmur3(longer, bytes.length, 25_342)).toBe(murmur);
  });
});
