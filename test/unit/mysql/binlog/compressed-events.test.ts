import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate, plainRowsType, uncompressedLength } from '../../../../src/mysql/binlog/compressed-events.ts';
import type { RowcastError } from '../../../../src/core/errors.ts';
import { descriptionEvent, makeEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';

/** Compressed as MariaDB does it, the length in `width` bytes; `said` otherwise than it is. */
function compressed(bytes: Buffer, { width = 2, said = bytes.length, algorithm = 0 } = {}): Buffer {
  const head = Buffer.alloc(1 + width);
  head[0] = 0x80 | (algorithm << 4) | width;
  head.writeUIntBE(said, 1, width);
  return Buffer.concat([head, deflateSync(bytes)]);
}

function rowsEvent(id: number, values: readonly number[], more: Parameters<typeof compressed>[1] = {}): Buffer {
  const plain = writeRowsEvent(id, values);
  const rows = 19 + 10 + 2;
  return makeEvent({ type: 169, body: Buffer.concat([plain.subarray(19, rows), compressed(plain.subarray(rows), more)]) });
}

function told(rowLimit: number, ...list: readonly Buffer[]): string[] {
  const run = record({ flavor: 'mariadb', rowLimit });
  for (const bytes of [descriptionEvent(), ...list, makeEvent({ type: 16, body: Buffer.alloc(8) })]) void run.decoder.event(bytes, 0, bytes.length);
  return run.calls.filter((call) => !/^(?:begin|commit)/u.test(call));
}

describe('compressed bytes of MariaDB', () => {
  it.each([1, 2, 3, 4])('with a length of %i bytes', (width) => {
    const bytes = Buffer.concat([Buffer.from('before'), compressed(Buffer.from('text '.repeat(20)), { width })]);
    expect(uncompressedLength(bytes, 6, bytes.length)).toBe(100);
    expect(inflate(bytes, 6, bytes.length).toString()).toBe('text '.repeat(20));
  });

  it.each([
    ['no head', Buffer.from([0x02, 0, 100]), 'its head is not what it should be'],
    ['a head without length', Buffer.from([0x80, 100]), 'its head is not what it should be'],
    ['a length that is cut off', Buffer.from([0x84, 100]), 'its head is not what it should be'],
    ['nothing', Buffer.alloc(0), 'its head is not what it should be'],
    ['another algorithm', compressed(Buffer.alloc(9), { algorithm: 2 }), 'an event is compressed by method 2, which is not known'],
    ['less than it says', compressed(Buffer.alloc(9), { said: 10 }), 'it holds 9 bytes instead of 10'],
    ['more than it says', compressed(Buffer.alloc(90_000), { said: 10 }), 'it cannot be uncompressed'],
    ['no zlib', Buffer.concat([Buffer.from([0x81, 10]), Buffer.alloc(20, 1)]), 'it cannot be uncompressed'],
  ])('%s', (_, bytes, message) => {
    expect(() => inflate(bytes, 0, bytes.length)).toThrow(message);
  });

  it('have the types of plain rows events', () => {
    expect([165, 166, 167, 168, 169, 170, 171, 30].map(plainRowsType)).toEqual([165, 23, 24, 25, 30, 31, 32, 30]);
  });
});

describe('compressed rows events', () => {
  it('are told as others', () => {
    expect(told(1000, tableMapEvent(1), rowsEvent(1, [1, 2, 3])).at(-1)).toMatch(/^insert t at \d+: \[1\], \[2\], \[3\]$/u);
  });

  it('are judged by what they hold, before it is held: refused in a captured table, passed over in others', () => {
    const large = rowsEvent(1, [1], { width: 4, said: 65_536 + 1001 });
    const error = ((): RowcastError | null => {
      try {
        told(1000, tableMapEvent(1), large);
        return null;
      } catch (thrown) {
        return thrown as RowcastError;
      }
    })();
    expect([error?.code, error?.facts.bytes, error?.facts.limit, error?.facts.table]).toEqual(['ROW_TOO_LARGE', 66_537, 66_536, 'fix.t']);
    expect(told(1000, tableMapEvent(1, { database: 'other' }), large).at(-1)).toMatch(/^insert t at \d+: not shown$/u);
    expect(() => told(1001, tableMapEvent(1), large)).toThrow('it holds 5 bytes instead of 66537');
  });
});
