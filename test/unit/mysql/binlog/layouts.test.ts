import { describe, expect, it } from 'vitest';
import type { PartialImages } from '../../../../src/core/change.ts';
import { ABSENT, UNCHANGED } from '../../../../src/core/row-image.ts';
import type { TableVersion } from '../../../../src/core/table.ts';
import { isEmpty, Layouts } from '../../../../src/mysql/binlog/layouts.ts';
import { feed, fixture, makeEvent, record } from './support.ts';
import { jsonTable } from './partial-support.ts';

function tableOf(count: number, primaryKey: readonly number[]): TableVersion {
  const [first] = jsonTable().columns;
  if (first === undefined) throw new Error('the table has no column');
  return { ...jsonTable(), columns: Array.from({ length: count }, (_, index) => ({ ...first, index, name: `c${index}` })), primaryKey };
}

function shown(images: PartialImages): unknown {
  return { before: images.before === null ? null : [...images.before.bits], after: images.after === null ? null : [...images.after.bits] };
}

describe('what images hold', () => {
  it('is read from one bitmap for inserts and deletes, two for updates', () => {
    const layouts = new Layouts(tableOf(3, [0]), 'mysql');
    expect(shown(layouts.of(Buffer.from([0b101]), 'insert'))).toEqual({ before: null, after: [0, ABSENT, 1] });
    expect(shown(layouts.of(Buffer.from([0b010]), 'delete'))).toEqual({ before: [ABSENT, 0, ABSENT], after: null });
    expect(shown(layouts.of(Buffer.from([0b001, 0b110]), 'update'))).toEqual({ before: [0, ABSENT, ABSENT], after: [UNCHANGED, 0, 1] });
    expect(shown(layouts.of(Buffer.from([0b111, 0b110]), 'update'))).toEqual({ before: null, after: [UNCHANGED, 0, 1] });
    expect(shown(layouts.of(Buffer.from([0b001, 0b111]), 'update'))).toEqual({ before: [0, ABSENT, ABSENT], after: null });
  });

  it('counts on over bytes of the bitmap, and takes no notice of its spare bits', () => {
    const layouts = new Layouts(tableOf(11, []), 'mysql');
    expect([...(layouts.of(Buffer.from([0b10000001, 0xff]), 'insert').after?.bits ?? [])]).toEqual([0, -2, -2, -2, -2, -2, -2, 1, 2, 3, 4]);
    expect(layouts.of(Buffer.from([0xff, 0b111]), 'insert').after).toBeNull();
  });

  it('leaves open on MariaDB what of an update is not in the key, where nobody tells which columns are generated: a virtual one may have changed', () => {
    const layouts = new Layouts(tableOf(3, [1]), 'mariadb');
    expect(shown(layouts.of(Buffer.from([0b111, 0b100]), 'update'))).toEqual({ before: null, after: [ABSENT, UNCHANGED, 0] });
  });

  it('follows what is known of generated columns on MariaDB', () => {
    const table = tableOf(3, []);
    const columns = table.columns.map((column) => (column.index === 0 ? { ...column, generated: false } : column.index === 1 ? { ...column, generated: true } : column));
    expect(shown(new Layouts({ ...table, columns }, 'mariadb').of(Buffer.from([0b111, 0]), 'update'))).toEqual({ before: null, after: [UNCHANGED, ABSENT, ABSENT] });
  });

  it('is the same object for the same columns', () => {
    const layouts = new Layouts(tableOf(2, [0]), 'mysql');
    const one = layouts.of(Buffer.from([1]), 'insert');
    expect(layouts.of(Buffer.from([1]), 'insert')).toBe(one);
    expect(layouts.of(Buffer.from([2]), 'insert')).not.toBe(one);
    expect(layouts.of(Buffer.from([1]), 'delete')).not.toBe(one);
  });

  it('stays bounded, whatever sessions write', () => {
    const layouts = new Layouts(tableOf(16, []), 'mysql');
    const first = layouts.of(Buffer.from([0, 1]), 'insert');
    for (let i = 1; i < 3000; i++) layouts.of(Buffer.from([i & 0xff, i >> 8]), 'insert');
    expect(layouts.of(Buffer.from([0, 1]), 'insert')).not.toBe(first);
  });

  it('may be nothing', () => {
    const layouts = new Layouts(tableOf(2, []), 'mysql');
    expect(isEmpty(layouts.of(Buffer.from([0]), 'insert'), 'insert')).toBe(true);
    expect(isEmpty(layouts.of(Buffer.from([0]), 'delete'), 'delete')).toBe(true);
    expect(isEmpty(layouts.of(Buffer.from([0, 0]), 'update'), 'update')).toBe(true);
    expect(isEmpty(layouts.of(Buffer.from([1, 0]), 'update'), 'update')).toBe(false);
    expect(isEmpty(layouts.of(Buffer.from([0, 3]), 'update'), 'update')).toBe(false);
    expect(isEmpty(layouts.of(Buffer.from([2]), 'insert'), 'insert')).toBe(false);
  });
});

describe('rows events of binlog_row_image=MINIMAL', () => {
  it('hand over what they hold, of captured tables and of others', () => {
    const run = record();
    feed(run, fixture('mysql-9.7-row-image'));
    expect(run.calls.filter((call) => / t at /.test(call))).toEqual(['insert t at 1188: [1 -]', 'insert t at 1479: [1 one]', 'update t at 1783: [1 -]→[- uno]']);
  });

  it('that hold no column and yet have bytes are damaged', () => {
    const file = Buffer.from(fixture('mysql-9.7-row-image'));
    const run = record();
    // The first rows event: its bitmap is the byte before the rows, which are a NULL bitmap and an INT.
    const start = 1188;
    const size = file.readUInt32LE(start + 9);
    const body = Buffer.from(file.subarray(start + 19, start + size - 4));
    body[body.length - 6] = 0;
    feed(run, file.subarray(0, start));
    const damaged = makeEvent({ type: 30, body, checksum: true });
    expect(() => run.decoder.event(damaged, 0, damaged.length)).toThrow('rows of other.t that hold no column have bytes');
  });
});
