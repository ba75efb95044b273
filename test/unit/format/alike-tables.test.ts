import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import { Constant } from '../../../src/core/constant.ts';
import type { ProjectedColumn, Projection } from '../../../src/core/projection.ts';
import { RowImage } from '../../../src/core/row-image.ts';
import type { TableVersion } from '../../../src/core/table.ts';
import { sharedImages } from '../../../src/format/alike-tables.ts';
import { formsOf, imagesOf } from '../../../src/format/image-writer.ts';
import { representPlain } from '../../../src/format/plain/representations.ts';
import type { ColumnDescription } from '../../../src/mysql/columns/description.ts';
import { TYPE } from '../../../src/mysql/columns/description.ts';
import { sharedColumn } from '../../../src/mysql/columns/shared-column.ts';

const BASE: ColumnDescription = { name: 'id', typeCode: TYPE.LONG, meta: 0, unsigned: false, charset: null, labels: null, geometry: null, dimensions: null, declared: null };
const ID_AND_NAME = [BASE, { ...BASE, name: 'name', typeCode: TYPE.VARCHAR, meta: 160, charset: 'utf8mb4' }];

function tableOf(name: string, descriptions: readonly ColumnDescription[] = ID_AND_NAME): TableVersion {
  return { database: 'd', name, columns: descriptions.map((each, index) => ({ ...sharedColumn(each), index, name: each.name, nullable: true })), primaryKey: [0], captured: true };
}

function projectionOf(table: TableVersion, change: (column: ProjectedColumn) => ProjectedColumn[] = (column) => [column]): Projection {
  return { table, columns: table.columns.flatMap((column) => change({ column, name: column.name, mask: null })), key: [] };
}

const shared = (projection: Projection): ReturnType<typeof sharedImages> => sharedImages(formsOf(projection, representPlain, representPlain));

describe('tables that are alike', () => {
  const first = shared(projectionOf(tableOf('a')));

  it('share who writes their images', () => {
    expect(shared(projectionOf(tableOf('b')))).toBe(first);
    const rest = (column: ProjectedColumn): ProjectedColumn[] => (column.name === 'id' ? [] : [column]);
    expect(shared(projectionOf(tableOf('a'), rest))).toBe(shared(projectionOf(tableOf('b'), rest)));
  });

  it.each([
    ['a column of another name', ID_AND_NAME.map((each) => ({ ...each, name: `${each.name}2` })), undefined],
    ['a column of another type', [{ ...BASE, unsigned: true }, ...ID_AND_NAME.slice(1)], undefined],
    ['one column less', ID_AND_NAME.slice(0, 1), undefined],
    ['a column that is shown by another name', ID_AND_NAME, (column: ProjectedColumn) => [{ ...column, name: column.name.toUpperCase() }]],
    ['a column that is not shown', ID_AND_NAME, (column: ProjectedColumn) => (column.name === 'id' ? [] : [column])],
    ['a mask', ID_AND_NAME, (column: ProjectedColumn) => [{ ...column, mask: (_value: Uint8Array, out: ByteWriter) => { out.latin1('*'); } }]],
  ] as const)('do not share it with one that has %s', (_what, descriptions, change) => {
    expect(shared(projectionOf(tableOf('b', descriptions), change))).not.toBe(first);
  });

  it('do not share it where one shows values otherwise', () => {
    const textual = sharedImages(formsOf(projectionOf(tableOf('b')), (column) => ({ ...representPlain(column), as: 'string' }), representPlain));
    const other = sharedImages(formsOf(projectionOf(tableOf('b')), representPlain, (column) => ({ ...representPlain(column), as: 'string' })));
    expect(textual).toBe(first);
    expect(other).not.toBe(first);
  });

  it('do not share it where they are very wide', () => {
    const wide = Array.from({ length: 65 }, (_, index) => ({ ...BASE, name: `c${index}` }));
    expect(shared(projectionOf(tableOf('a', wide)))).not.toBe(shared(projectionOf(tableOf('b', wide))));
    expect(shared(projectionOf(tableOf('a', wide.slice(1))))).toBe(shared(projectionOf(tableOf('b', wide.slice(1)))));
  });

  it('write their own rows, in turns, by the loop and by code', () => {
    const tables = ['a', 'b'].map((name) => tableOf(name));
    const images = tables.map((table) => imagesOf(projectionOf(table), representPlain));
    const row = (id: number, name: string): Buffer => Buffer.from([0, id, 0, 0, 0, name.length, ...Buffer.from(name)]);
    const updates = [[row(1, 'one'), row(1, 'eins')], [row(2, 'two'), row(2, 'two')]] as const;
    const write = (): string => {
      const out = new ByteWriter(512);
      updates.forEach(([old, now], index) => {
        const table = tables[index] ?? tableOf('c');
        const bytes = Buffer.concat([old, now]);
        const [before, after] = [new RowImage(table), new RowImage(table)];
        before.set(bytes, 0, bytes.length);
        after.set(bytes, old.length, bytes.length);
        images[index]?.two(before, new Constant(Buffer.from('>')), after, out);
        images[index]?.one(before, out);
      });
      return out.view().toString();
    };
    const expected = '{"id":1,"name":"one"}>{"id":1,"name":"eins"}{"id":1,"name":"one"}{"id":2,"name":"two"}>{"id":2,"name":"two"}{"id":2,"name":"two"}';
    expect(write()).toBe(expected);
    first.compile();
    expect(write()).toBe(expected);
  });
});

describe('columns', () => {
  it('that are described alike are one, and their writers are', () => {
    const [one, other] = [sharedColumn(BASE), sharedColumn({ ...BASE })];
    expect(other).toBe(one);
    expect(one.codec.writer('number', 'null')).toBe(one.codec.writer('number', 'null'));
    expect(one.codec.writer('number', 'null')).not.toBe(one.codec.writer('string', 'null'));
    expect(one.codec.writer('geojson', 'null')).toBeUndefined();
  });

  it('are not shared where any fact about them differs', () => {
    const facts: Partial<ColumnDescription>[] = [{ name: 'x' }, { typeCode: TYPE.LONGLONG }, { unsigned: true }, { declared: 'int' }, { unsigned: null }];
    for (const fact of facts) expect(sharedColumn({ ...BASE, ...fact })).not.toBe(sharedColumn(BASE));
    const enumOf = (...labels: string[]): ReturnType<typeof sharedColumn> => sharedColumn({ ...BASE, typeCode: TYPE.STRING, meta: TYPE.ENUM | (1 << 8), charset: 'utf8mb4', labels });
    expect(enumOf('a', 'b')).toBe(enumOf('a', 'b'));
    expect(enumOf('a","b')).not.toBe(enumOf('a', 'b'));
    const many = Array.from({ length: 2000 }, (_, index) => `label ${index}`);
    expect(enumOf(...many)).not.toBe(enumOf(...many));
  });

  it('tell dates of their own where two of a table are of one type', () => {
    const [made, due] = ['made', 'due'].map((name) => sharedColumn({ ...BASE, name, typeCode: TYPE.DATETIME2 }));
    expect(made?.codec).not.toBe(due?.codec);
  });
});
