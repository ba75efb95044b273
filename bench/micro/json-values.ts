/** A value of the documents below. */
type Entry = readonly [key: string, value: string | number | boolean | readonly number[]];

const SMALL_OBJECT = 0;
const SMALL_ARRAY = 2;
const LITERAL = 4;
const INT16 = 5;
const STRING = 12;

/** A document of about 90 bytes in MySQL's binary JSON: short strings, small numbers, a literal and a list. */
export function jsonDocument(pick: (below: number) => number): Buffer {
  const entries: readonly Entry[] = [
    ['vip', pick(2) === 0],
    ['items', [pick(9), pick(99), pick(999)]],
    ['channel', pick(2) === 0 ? 'web' : 'app'],
    ['discount', pick(100)],
    ['referrer', 'https://example.org/spring'],
  ];
  return Buffer.concat([Buffer.of(SMALL_OBJECT), objectOf(entries)]);
}

function objectOf(entries: readonly Entry[]): Buffer {
  const header = 4 + entries.length * 7;
  const heads: Buffer[] = [];
  let offset = header;
  for (const [key] of entries) {
    heads.push(uint16(offset), uint16(key.length));
    offset += key.length;
  }
  const tails = entries.map(([key]) => Buffer.from(key));
  for (const [, value] of entries) offset = addValue(value, offset, heads, tails);
  return Buffer.concat([uint16(entries.length), uint16(offset), ...heads, ...tails]);
}

function addValue(value: Entry[1], offset: number, heads: Buffer[], tails: Buffer[]): number {
  if (typeof value === 'number') heads.push(Buffer.of(INT16), uint16(value));
  else if (typeof value === 'boolean') heads.push(Buffer.of(LITERAL), uint16(value ? 1 : 2));
  else {
    const body = typeof value === 'string' ? Buffer.concat([Buffer.of(value.length), Buffer.from(value)]) : arrayOf(value);
    heads.push(Buffer.of(typeof value === 'string' ? STRING : SMALL_ARRAY), uint16(offset));
    tails.push(body);
    return offset + body.length;
  }
  return offset;
}

function arrayOf(values: readonly number[]): Buffer {
  return Buffer.concat([uint16(values.length), uint16(4 + values.length * 3), ...values.map((value) => Buffer.concat([Buffer.of(INT16), uint16(value)]))]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value & 0xff, value >> 8);
}
