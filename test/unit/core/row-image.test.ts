import { describe, expect, it } from 'vitest';
import { ABSENT, NULL_COLUMN, RowImage, UNCHANGED } from '../../../src/core/row-image.ts';
import type { ImageLayout } from '../../../src/core/row-image.ts';
import type { Column, ColumnCodec, TableVersion } from '../../../src/core/table.ts';

/** A length and as many bytes: values of any width. */
const codec: ColumnCodec = {
  skip: (bytes, at) => at + 1 + (bytes[at] ?? 0),
  read: (bytes, at) => bytes.toString('latin1', at + 1, at + 1 + (bytes[at] ?? 0)),
  writer: () => undefined,
};

function tableOf(count: number): TableVersion {
  const columns = Array.from({ length: count }, (_, index): Column => ({ index, name: `c${index}`, type: { family: 'text', charset: 'latin1', maxBytes: 9 }, nullable: true, sqlType: 'varchar(9)', codec }));
  return { database: 'd', name: 't', columns, primaryKey: [], captured: true };
}

/** A column of an image: its value, null, or why it is not there. */
type Cell = string | null | typeof ABSENT | typeof UNCHANGED;

function layoutOf(cells: readonly Cell[]): ImageLayout | null {
  let present = 0;
  const bits = Int32Array.from(cells, (cell) => (typeof cell === 'number' ? cell : present++));
  return present === cells.length ? null : { bits, present };
}

function bytesOf(cells: readonly Cell[]): Buffer {
  const there = cells.filter((cell) => typeof cell !== 'number');
  const nulls = Buffer.alloc((there.length + 7) >> 3);
  there.forEach((cell, bit) => {
    if (cell === null) nulls[bit >> 3] = (nulls[bit >> 3] ?? 0) | (1 << (bit & 7));
  });
  return Buffer.concat([nulls, ...there.flatMap((cell) => (cell === null ? [] : [Buffer.from([cell.length]), Buffer.from(cell, 'latin1')]))]);
}

function shown(image: RowImage, index: number): Cell {
  const at = image.locate(index);
  const value = at < 0 ? null : image.read(index);
  return at === ABSENT ? ABSENT : at === NULL_COLUMN ? null : typeof value === 'string' ? value : 'no text';
}

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('images that lack columns', () => {
  it('of any width give what they hold, and what the before image holds of unchanged columns', () => {
    const below = random(7);
    for (let round = 0; round < 500; round++) {
      const count = 1 + below(20);
      const cell = (missing: readonly Cell[]): Cell => (below(3) === 0 ? (missing[below(missing.length)] ?? null) : below(4) === 0 ? null : 'x'.repeat(below(5)) + String(below(100)));
      const before = Array.from({ length: count }, () => cell([ABSENT]));
      const after = Array.from({ length: count }, () => cell([ABSENT, UNCHANGED]));
      const table = tableOf(count);
      const [first, second] = [bytesOf(before), bytesOf(after)];
      const bytes = Buffer.concat([Buffer.from([0xff]), first, second, Buffer.from([0xff])]);
      const old = new RowImage(table);
      const now = new RowImage(table);
      old.set(bytes, 1, bytes.length - 1, layoutOf(before));
      expect(old.end()).toBe(1 + first.length);
      now.set(bytes, old.end(), bytes.length - 1, layoutOf(after));
      now.fallback = old;
      const order = Array.from({ length: count }, (_, index) => index).sort(() => below(3) - 1);
      for (const index of order) {
        expect(shown(old, index), `round ${round}`).toBe(before[index]);
        expect(shown(now, index), `round ${round}`).toBe(after[index] === UNCHANGED ? before[index] : after[index]);
      }
      expect(now.end()).toBe(bytes.length - 1);
    }
  });

  it('have no value for a column that nobody holds', () => {
    const image = new RowImage(tableOf(2));
    const bytes = bytesOf(['a', UNCHANGED]);
    image.set(bytes, 0, bytes.length, layoutOf(['a', UNCHANGED]));
    expect(image.locate(1)).toBe(ABSENT);
    expect(() => image.read(1)).toThrow(expect.objectContaining({ code: 'COLUMN_ABSENT', message: 'the binlog does not tell the column c1 of this row of d.t (binlog_row_image)' }));
  });

  it('forget layout and before image with the next image', () => {
    const table = tableOf(1);
    const image = new RowImage(table);
    const other = new RowImage(table);
    image.set(Buffer.alloc(0), 0, 0, layoutOf([UNCHANGED]));
    image.fallback = other;
    const whole = bytesOf(['whole']);
    image.set(whole, 0, whole.length);
    expect([image.layout, image.fallback, image.read(0)]).toEqual([null, null, 'whole']);
  });

  it('that run past their event are damaged', () => {
    const cells: Cell[] = [ABSENT, 'abc', UNCHANGED, 'def'];
    const bytes = bytesOf(cells);
    for (let limit = 0; limit < bytes.length; limit++) {
      const image = new RowImage(tableOf(4));
      image.set(bytes, 0, limit, layoutOf(cells));
      expect(() => image.end()).toThrow('a row of d.t runs past the end of its event');
    }
  });
});

describe('the first column, where all its values have one width', () => {
  const fixed: ColumnCodec = { width: 2, skip: (_bytes, at) => at + 2, read: (bytes, at) => bytes.toString('latin1', at, at + 2), writer: () => undefined };
  const table = tableOf(3);
  const image = new RowImage({ ...table, columns: table.columns.map((column, index) => (index === 0 ? { ...column, codec: fixed } : column)) });
  const bytes = Buffer.from('.\u0000ab\u0001x\u0002yz.', 'latin1');

  it('is where the values begin, whatever was asked for before', () => {
    image.set(bytes, 1, bytes.length - 1);
    expect([image.locate(0), image.read(0), image.read(2), image.locate(0), image.read(1), image.end()]).toEqual([2, 'ab', 'yz', 2, 'x', bytes.length - 1]);
  });

  it('may be NULL, or not there', () => {
    image.set(Buffer.from([0b001, 1, 0x78, 0]), 0, 4);
    expect([image.locate(0), image.read(1)]).toEqual([NULL_COLUMN, 'x']);
    image.set(Buffer.from([0b00, 1, 0x78, 0]), 0, 4, { bits: Int32Array.of(ABSENT, 0, 1), present: 2 });
    expect([image.locate(0), image.read(1)]).toEqual([ABSENT, 'x']);
  });

  it('is refused where it runs past the end of its event', () => {
    image.set(bytes, 1, 3);
    expect(() => image.locate(0)).toThrow(/runs past the end/);
  });
});
