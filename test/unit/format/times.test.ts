import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import { Moments, writeMicros, writeMillis, writeNanos } from '../../../src/format/times.ts';

function text(write: (out: ByteWriter) => void, room = 64): string {
  const out = new ByteWriter(room);
  write(out);
  return out.view().toString();
}

const NOON = 1_764_288_000_000_000;

describe('moments one after another', () => {
  const moments = new Moments();

  it.each([
    [NOON, '1764288000000', '1764288000000000', '1764288000000000000'],
    [NOON + 1, '1764288000000', '1764288000000001', '1764288000000001000'],
    [NOON + 999_999, '1764288000999', '1764288000999999', '1764288000999999000'],
    [NOON + 1_000_000, '1764288001000', '1764288001000000', '1764288001000000000'],
    [NOON - 1, '1764287999999', '1764287999999999', '1764287999999999000'],
    [1_000_000, '1000', '1000000', '1000000000'],
    [999_999, '999', '999999', '999999000'],
    [5, '0', '5', '5000'],
    [0, '0', '0', '0'],
    [10_000_000_000_123_456, '10000000000123', '10000000000123456', '10000000000123456000'],
  ])('%d microseconds', (micros, millis, whole, nanos) => {
    expect(text((out) => { moments.millis(micros, out); })).toBe(millis);
    expect(text((out) => { moments.micros(micros, out); })).toBe(whole);
    expect(text((out) => { moments.nanos(micros, out); })).toBe(nanos);
  });

  it('are what each is by itself, in any order of moments and units', () => {
    let seed = 7;
    const pick = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const units = [
      [(micros: number, out: ByteWriter) => { moments.millis(micros, out); }, writeMillis],
      [(micros: number, out: ByteWriter) => { moments.micros(micros, out); }, writeMicros],
      [(micros: number, out: ByteWriter) => { moments.nanos(micros, out); }, writeNanos],
    ] as const;
    for (let round = 0; round < 5000; round++) {
      const micros = (pick(20) === 0 ? 0 : NOON * (pick(2) || 0.5)) + pick(3) * 1_000_000 + pick(1_000_000);
      const [together, alone] = units[pick(3)] ?? units[0];
      const room = 10 + pick(40);
      const written = (write: typeof alone): unknown => {
        const out = new ByteWriter(room);
        write(micros, out);
        return [out.at, out.overflowed ? '' : out.view().toString()];
      };
      expect(written(together)).toEqual(written(alone));
    }
  });
});
