import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnValue, Representation } from '../../src/core/table.ts';
import type { DescribedColumn } from '../../src/mysql/columns/describe.ts';
import { TYPE } from '../../src/mysql/columns/description.ts';
import { shortestFloat } from '../../src/mysql/columns/number-text.ts';
import { REPRESENTATIONS } from '../unit/mysql/columns/representations.ts';
import { encodeDocument } from '../unit/mysql/columns/json-encoder.ts';
import type { Node } from '../unit/mysql/columns/json-encoder.ts';
import { column, shown, withLength } from '../unit/mysql/columns/support.ts';

const GROUP_BYTES = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

/** decimal2bin, by strings and BigInt. */
function encodeDecimal(digits: string, precision: number, scale: number, negative: boolean): Buffer {
  const before = digits.slice(0, precision - scale);
  const after = digits.slice(precision - scale);
  const first = before.length % 9;
  const groups = [before.slice(0, first), ...(before.slice(first).match(/.{9}/g) ?? []), ...(after.match(/.{1,9}/g) ?? [])].filter((group) => group !== '');
  const bytes = Buffer.concat(groups.map((group) => {
    const part = Buffer.alloc(GROUP_BYTES[group.length] ?? 0);
    part.writeUIntBE(Number(group), 0, part.length);
    return part;
  }));
  bytes.writeUInt8((bytes[0] ?? 0) ^ 0x80, 0);
  return negative ? Buffer.from(bytes.map((byte) => ~byte)) : bytes;
}

function bytesOf64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

describe('integers (Invariant 8)', () => {
  it('of 64 bits are exact', () => {
    const signed = column(TYPE.LONGLONG, [], { unsigned: false }).codec;
    const unsigned = column(TYPE.LONGLONG, [], { unsigned: true }).codec;
    const any = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -(2n ** 34n), max: 2n ** 34n }), fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => BigInt(n) * 1_000_000_000n));
    fc.assert(fc.property(any, (value) => {
      expect(shown(signed, bytesOf64(value), 'number')).toBe(value.toString());
      expect(shown(unsigned, bytesOf64(value), 'number')).toBe(BigInt.asUintN(64, value).toString());
      const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
      expect(shown(signed, bytesOf64(value), 'safe-number')).toBe(safe ? value.toString() : `"${value}"`);
    }), { numRuns: 2000 });
  });
});

describe('DECIMAL', () => {
  const shapes = fc.integer({ min: 1, max: 65 }).chain((precision) => fc.record({
    precision: fc.constant(precision),
    scale: fc.integer({ min: 0, max: Math.min(30, precision) }),
    digits: fc.oneof(fc.stringMatching(new RegExp(`^[0-9]{${precision}}$`)), fc.nat().map((n) => String(n).slice(-precision).padStart(precision, '0'))),
    negative: fc.boolean(),
  }));

  it('keeps every digit', () => {
    fc.assert(fc.property(shapes, ({ precision, scale, digits, negative }) => {
      const minus = negative && BigInt(digits) !== 0n;
      const { codec } = column(TYPE.NEWDECIMAL, [precision, scale]);
      const bytes = encodeDecimal(digits, precision, scale, minus);
      const whole = BigInt(digits.slice(0, precision - scale) || '0').toString();
      const text = `${minus ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(precision - scale)}`}`;
      const unscaled = minus ? -BigInt(digits) : BigInt(digits);
      expect(shown(codec, bytes, 'text')).toBe(text);
      expect(codec.read(bytes, 0)).toEqual({ unscaled, scale });
      const base64 = Buffer.from(shown(codec, bytes, 'base64-unscaled').slice(1, -1), 'base64');
      expect(BigInt.asIntN(base64.length * 8, BigInt(`0x${base64.toString('hex')}`))).toBe(unscaled);
      if (base64.length > 1) expect(BigInt.asIntN((base64.length - 1) * 8, unscaled)).not.toBe(unscaled);
    }), { numRuns: 2000 });
  });
});

describe('floating point', () => {
  it('a double reads back', () => {
    const { codec } = column(TYPE.DOUBLE, [8]);
    const any = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -9_999_999, max: 9_999_999 }).map((n) => n / 1000), fc.integer().map((n) => n / 100));
    fc.assert(fc.property(any, (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      const text = shown(codec, bytes, 'number');
      expect(Object.is(Number(text), value)).toBe(true);
      expect(text.replace(/[-.]|e.*/g, '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(17);
      expect(Object.is(JSON.parse(shown(codec, bytes, 'float-number')), value)).toBe(true);
      expect(shown(codec, bytes, 'float-number')).toMatch(/[.e]/);
    }), { numRuns: 5000 });
  });

  it('a float reads back, in as few digits as a search finds', () => {
    const { codec } = column(TYPE.FLOAT, [4]);
    fc.assert(fc.property(fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -99_999, max: 99_999 }).map((n) => Math.fround(n / 100))), (value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value);
      const text = shown(codec, bytes, 'number');
      expect(Object.is(Math.fround(Number(text)), value)).toBe(true);
      const digits = text.replace(/[-.]|e.*/g, '').replace(/^0+|0+$/g, '').length;
      let fewest = 1;
      while (Math.fround(Number(value.toPrecision(fewest))) !== value) fewest++;
      const shortest = Number(value.toPrecision(fewest));
      const mirror = 2 * shortest - value;
      // Half-way between two floats, readers may round either way; a whole number is read exactly.
      const halfWay = shortest !== value && !Number.isInteger(shortest) && Math.fround(mirror) === mirror;
      expect(digits).toBeLessThanOrEqual(halfWay ? 9 : fewest);
      expect(Math.fround(shortestFloat(value)) === value).toBe(true);
    }), { numRuns: 5000 });
  });
});

describe('text', () => {
  it('is the same through JSON, whatever it is', () => {
    const { codec } = column(TYPE.BLOB, [2], { charset: 'utf8mb4' });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
      const bytes = withLength(2, Buffer.from(value));
      expect(JSON.parse(shown(codec, bytes, 'string'))).toBe(value);
      expect(shown(codec, bytes, 'text')).toBe(value);
    }), { numRuns: 2000 });
  });
});

describe('JSON', () => {
  const leaf: fc.Arbitrary<Node> = fc.oneof(
    fc.constant(null), fc.boolean(), fc.string({ unit: 'binary' }),
    fc.integer({ min: -32768, max: 32767 }).map((int16) => ({ int16 })), fc.integer({ min: 0, max: 65535 }).map((uint16) => ({ uint16 })),
    fc.integer().map((int32) => ({ int32 })), fc.nat().map((uint32) => ({ uint32 })), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int64) => ({ int64 })),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((uint64) => ({ uint64 })), fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => ({ double })),
  );
  const documents = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('node'), { maxLength: 6 }), fc.array(fc.tuple(fc.string({ unit: 'binary' }), tie('node')), { maxLength: 6 }).map((object) => ({ object }))),
  })).node;
  const { codec } = column(TYPE.JSON, [4]);

  function print(node: Node, blank: string): string {
    if (node === null || typeof node === 'boolean') return String(node);
    if (typeof node === 'string') return JSON.stringify(node);
    if (Array.isArray(node)) return `[${node.map((value: Node) => print(value, blank)).join(`,${blank}`)}]`;
    if ('object' in node) return `{${node.object.map(([key, value]) => `${JSON.stringify(key)}:${blank}${print(value, blank)}`).join(`,${blank}`)}}`;
    return 'double' in node ? `<${node.double}>` : String(Object.values(node)[0]);
  }

  /** Doubles by their value: how they are printed is tested by itself. */
  function withValues(text: string): string {
    return text.replace(/("(?:[^"\\]|\\.)*")|-?\d+(?:\.\d+(?:e-?\d+)?|e-?\d+)/g, (all, string: string | undefined) => (string === undefined ? `<${Number(all)}>` : string));
  }

  it('prints what was encoded', () => {
    fc.assert(fc.property(documents, fc.boolean(), (node, large) => {
      const bytes = withLength(4, encodeDocument(node, large));
      const text = codec.read(bytes, 0) as string;
      expect(withValues(text)).toBe(print(node, ' '));
      expect(withValues(inline(bytes))).toBe(print(node, ''));
    }), { numRuns: 1000 });
  });

  it('a damaged document ends with an error or with JSON, and soon', () => {
    fc.assert(fc.property(documents, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }), (node, changes) => {
      const document = encodeDocument(node);
      for (const [at, byte] of changes) document[at % document.length] = byte;
      try {
        JSON.parse(inline(withLength(4, document)));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ROW_UNREADABLE' });
      }
    }), { numRuns: 3000 });
  });

  function inline(bytes: Buffer): string {
    return shown(codec, bytes, 'inline');
  }
});

describe('every codec', () => {
  const columns: readonly (readonly [string, DescribedColumn, fc.Arbitrary<Buffer>])[] = [
    ...[TYPE.TINY, TYPE.SHORT, TYPE.INT24, TYPE.LONG, TYPE.LONGLONG].map((code, i) => ['integer', column(code, [], { unsigned: i % 2 === 0 }), sized([1, 2, 3, 4, 8][i] ?? 0)] as const),
    ['year', column(TYPE.YEAR), sized(1)],
    ['date', column(TYPE.DATE), sized(3)],
    ...[0, 1, 2, 3, 4, 5, 6].map((fraction) => ['time', column(TYPE.TIME2, [fraction]), sized(3 + ((fraction + 1) >> 1))] as const),
    ...[0, 1, 2, 3, 4, 5, 6].map((fraction) => ['datetime', column(TYPE.DATETIME2, [fraction]), sized(5 + ((fraction + 1) >> 1))] as const),
    ...[0, 1, 2, 3, 4, 5, 6].map((fraction) => ['timestamp', column(TYPE.TIMESTAMP2, [fraction]), sized(4 + ((fraction + 1) >> 1))] as const),
    ['bit', column(TYPE.BIT, [7, 2]), sized(3)],
    ['blob', column(TYPE.BLOB, [3], { charset: 'binary' }), lengthy(3)],
    ['binary', column(TYPE.STRING, [0xfe, 50], { charset: 'binary' }), lengthy(1)],
    ['latin1', column(TYPE.VARCHAR, [0, 4], { charset: 'latin1' }), lengthy(2)],
    ['uuid', column(TYPE.STRING, [0xfe, 16], { charset: 'binary', declared: 'uuid' }), lengthy(1)],
    ['inet6', column(TYPE.STRING, [0xfe, 16], { charset: 'binary', declared: 'inet6' }), lengthy(1)],
    ['set', column(TYPE.STRING, [TYPE.SET, 2], { labels: Array.from({ length: 16 }, (_, i) => `l${i}`) }), sized(2)],
  ];

  it.each(columns)('%s: whatever the bytes, every writer ends where skip does, and writes JSON', (_name, described, values) => {
    fc.assert(fc.property(values, fc.constantFrom('null', 'epoch', 'string'), (bytes, zero) => {
      for (const as of REPRESENTATIONS) {
        if (described.codec.writer(as, zero) === undefined) continue;
        if (beyond(as, described.codec.read(bytes, 0))) {
          expect(() => shown(described.codec, bytes, as, zero)).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
          continue;
        }
        const text = shown(described.codec, bytes, as, zero);
        if (as !== 'text') JSON.parse(text);
      }
    }), { numRuns: 200 });
  });

  /** A value that the representation has no number for, so that it must be refused: times of a day, and nanoseconds in 64 bits. */
  function beyond(as: Representation, value: ColumnValue): boolean {
    const micros = typeof value === 'object' && 'micros' in value ? value.micros : null;
    if (micros === null) return false;
    if (as === 'day-millis') return micros < 0n || micros >= 86_400_000_000n;
    return as === 'epoch-nanos' && BigInt.asIntN(64, micros * 1000n) !== micros * 1000n;
  }

  function sized(length: number): fc.Arbitrary<Buffer> {
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes));
  }

  function lengthy(prefix: number): fc.Arbitrary<Buffer> {
    return fc.uint8Array({ maxLength: 50 }).map((bytes) => withLength(prefix, Buffer.from(bytes)));
  }
});
