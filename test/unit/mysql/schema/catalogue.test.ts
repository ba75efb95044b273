import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import type { Json } from '../../../../src/core/position.ts';
import type { CatalogueColumn, DdlNotice, MappedColumn } from '../../../../src/mysql/binlog/catalogue.ts';
import { KeptCatalogue } from '../../../../src/mysql/schema/catalogue.ts';
import type { CatalogueOptions } from '../../../../src/mysql/schema/catalogue.ts';

function columns(...names: string[]): CatalogueColumn[] {
  return names.map((name, i) => ({ name, columnType: 'int(11)', dataType: 'int', nullable: i > 0, charset: null, labels: null, unsigned: false, keyOrder: i === 0 ? 0 : null }));
}

/** A server with tables, its notes, and what was warned of. */
function world() {
  const state = { live: new Map([['shop.a', columns('id', 'x')]]), end: 900, saved: null as Json, saves: 0, warnings: [] as unknown[], changes: [] as DdlNotice[], unknown: null as RowcastError | null };
  const quiet = (): void => undefined;
  const make = (given: Partial<CatalogueOptions> = {}): KeptCatalogue =>
    new KeptCatalogue({
      metadata: 'none',
      server: 'uuid-1',
      recapture: false,
      fresh: false,
      live: {
        all: () => Promise.resolve(new Map(state.live)),
        table: (database, table) => Promise.resolve(state.live.get(`${database}.${table}`) ?? []),
        end: () => Promise.resolve({ server: 'uuid-1', file: 'bin.000002', position: state.end }),
        changes: () => (state.unknown === null ? Promise.resolve(state.changes) : Promise.reject(state.unknown)),
      },
      notes: {
        load: () => Promise.resolve(state.saved),
        save: (notes) => {
          state.saved = JSON.parse(JSON.stringify(notes)) as Json;
          state.saves++;
          return Promise.resolve();
        },
      },
      logger: { debug: quiet, info: quiet, error: quiet, warn: (_, fields) => void state.warnings.push(fields) },
      ...given,
    });
  const open = async (given: Partial<CatalogueOptions> = {}): Promise<KeptCatalogue> => {
    const made = make(given);
    await made.open();
    return made;
  };
  return { state, open };
}

/** As a TABLE_MAP event without names shows what `columns` makes. */
function ints(count: number): MappedColumn[] {
  return Array.from({ length: count }, (_, i) => ({ name: null, typeCode: 3, meta: 0, nullable: i > 0, ambiguous: false }));
}

/** The same as one with names shows it. */
function named(...columnNames: string[]): MappedColumn[] {
  return ints(columnNames.length).map((column, i) => ({ ...column, name: columnNames[i] ?? null }));
}

const names = (told: { columns: readonly CatalogueColumn[] }): string[] => told.columns.map((column) => column.name);
const alter = (place: string) => ({ database: 'shop', table: 'a', verb: 'ALTER', place });
async function failure(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'nothing';
}

describe('kept columns', () => {
  it('keeps the live columns at the first start and tells them again when the table has changed', async () => {
    const { state, open } = world();
    await open();
    state.live.set('shop.a', columns('id', 'y'));
    const second = await open();
    expect(names(await second.describe('shop', 'a', ints(2)))).toEqual(['id', 'x']);
    expect(state.warnings).toEqual([{ table: 'shop.a', changed: 'column 2 was x int(11) and is y int(11)' }]);
  });

  it('forgets what was kept when reading begins without a saved position', async () => {
    const { state, open } = world();
    await open();
    state.live.set('shop.a', columns('id', 'y'));
    expect(names(await (await open({ fresh: true })).describe('shop', 'a', ints(2)))).toEqual(['id', 'y']);
  });

  it('stops at a change of a table it knows, again after a restart, and not at others', async () => {
    const { open } = world();
    const first = await open();
    expect(await failure(() => first.ddl(alter('bin.000001:500')))).toBe('SCHEMA_CHANGED');
    expect(await failure(() => first.ddl({ ...alter('bin.000001:500'), table: 'other' }))).toBe('nothing');
    expect(await failure(() => first.ddl({ ...alter('bin.000001:500'), verb: 'TRUNCATE' }))).toBe('nothing');
    const second = await open();
    expect(await failure(() => second.ddl(alter('bin.000001:500')))).toBe('SCHEMA_CHANGED');
  });

  it('recaptured, lets changes pass that lie before the end of the binlog at that moment, also after a restart', async () => {
    const { state, open } = world();
    await open();
    state.live.set('shop.a', columns('id', 'x', 'z'));
    for (const catalogue of [await open({ recapture: true }), await open()]) {
      expect(names(await catalogue.describe('shop', 'a', ints(3)))).toEqual(['id', 'x', 'z']);
      expect(await failure(() => catalogue.ddl(alter('bin.000001:999999')))).toBe('nothing');
      expect(await failure(() => catalogue.ddl(alter('bin.000002:900')))).toBe('nothing');
      expect(await failure(() => catalogue.ddl(alter('bin.000002:901')))).toBe('SCHEMA_CHANGED');
      expect(await failure(() => catalogue.ddl(alter('bin.000003:4')))).toBe('SCHEMA_CHANGED');
    }
    const elsewhere = await open({ server: 'uuid-2' });
    expect(await failure(() => elsewhere.ddl(alter('bin.000001:500')))).toBe('SCHEMA_CHANGED');
  });

  it('reads a table that appears later once, and keeps it before it answers', async () => {
    const { state, open } = world();
    const catalogue = await open();
    state.live.set('shop.b', columns('k'));
    const before = state.saves;
    expect(names(await catalogue.describe('shop', 'b', ints(1)))).toEqual(['k']);
    expect(state.saves).toBe(before + 1);
    state.live.set('shop.b', columns('other'));
    expect(names(await (await open()).describe('shop', 'b', ints(1)))).toEqual(['k']);
  });

  it('refuses rows of a new table that was changed after them, and keeps nothing of it', async () => {
    const { state, open } = world();
    const catalogue = await open();
    state.live.set('shop.b', columns('k'));
    const before = state.saves;
    state.changes = [alter('bin.000001:500'), { ...alter('bin.000001:700'), table: 'b' }];
    await expect(Promise.resolve().then(() => catalogue.describe('shop', 'b', ints(1)))).rejects.toThrow('rows of shop.b come without column names, and ALTER at bin.000001:700 has changed the table since they were written');
    state.changes = [{ ...alter('bin.000001:800'), table: null, verb: 'DROP' }];
    expect(await failure(() => catalogue.describe('shop', 'b', ints(1)))).toBe('SCHEMA_CHANGED');
    state.changes = [alter('bin.000001:500'), { ...alter('bin.000001:700'), database: 'shop2', table: null }];
    expect([state.saves, await failure(() => catalogue.describe('shop', 'b', ints(1)))]).toEqual([before, 'nothing']);
  });

  it('refuses rows of a new table where nobody knows what has changed, and lets what may pass come again', async () => {
    const { state, open } = world();
    const catalogue = await open();
    state.live.set('shop.b', columns('k'));
    state.unknown = new RowcastError('SOURCE_REFUSED', 'no such file');
    expect(await failure(() => catalogue.describe('shop', 'b', ints(1)))).toBe('SCHEMA_CHANGED');
    state.unknown = new RowcastError('SOURCE_LOST', 'gone');
    expect(await failure(() => catalogue.describe('shop', 'b', ints(1)))).toBe('SOURCE_LOST');
  });

  it('keeps at the first start no table that was changed after the place where it begins', async () => {
    const { state, open } = world();
    state.live.set('shop.b', columns('k'));
    state.changes = [alter('bin.000001:500')];
    const catalogue = await open();
    expect(await failure(() => catalogue.describe('shop', 'a', ints(2)))).toBe('SCHEMA_CHANGED');
    expect(await failure(() => catalogue.ddl(alter('bin.000001:500')))).toBe('nothing');
    state.changes = [];
    expect(names(await catalogue.describe('shop', 'a', ints(2)))).toEqual(['id', 'x']);
    state.unknown = new RowcastError('SOURCE_REFUSED', 'no such file');
    expect(names(await catalogue.describe('shop', 'b', ints(1)))).toEqual(['k']);
    state.saved = null;
    const blind = await open();
    expect(await failure(() => blind.describe('shop', 'b', ints(1)))).toBe('SCHEMA_CHANGED');
  });

  it('refuses another count of columns, and a table that is not there', async () => {
    const { open } = world();
    const catalogue = await open();
    expect(await failure(() => catalogue.describe('shop', 'a', ints(3)))).toBe('SCHEMA_MISMATCH');
    expect(await failure(() => catalogue.describe('shop', 'gone', ints(1)))).toBe('SCHEMA_MISMATCH');
  });

  it('refuses a column of another type, and names it with both types', async () => {
    const { open } = world();
    const catalogue = await open();
    const mapped = ints(2).map((column, i) => (i === 1 ? { ...column, typeCode: 15, meta: 40 } : column));
    expect(() => catalogue.describe('shop', 'a', mapped)).toThrow('the columns of shop.a are not those of its rows in the binlog: x is int(11) and has type VARCHAR in the binlog');
  });

  it('refuses a new table whose columns are not those of its rows, and keeps nothing of it', async () => {
    const { state, open } = world();
    const catalogue = await open();
    state.live.set('shop.b', columns('k', 'later'));
    const before = state.saves;
    expect(await failure(() => catalogue.describe('shop', 'b', ints(1)))).toBe('SCHEMA_MISMATCH');
    expect(state.saves).toBe(before);
  });

  it('refuses notes it cannot read', async () => {
    const { state, open } = world();
    state.saved = { format: 1, tables: [{ name: 'shop.a', columns: [{ name: 'id' }] }], stale: [], recaptured: null };
    expect(await failure(() => open())).toBe('CHECKPOINT_DAMAGED');
    state.saved = { format: 2 };
    expect(await failure(() => open())).toBe('CHECKPOINT_DAMAGED');
  });
});

describe('kept columns of a server with full metadata', () => {
  it('asks nothing at start, and passes changes', async () => {
    const { state, open } = world();
    const catalogue = await open({ metadata: 'full' });
    expect(state.saves).toBe(0);
    expect(await failure(() => catalogue.ddl(alter('bin.000001:500')))).toBe('nothing');
  });

  it('stops where rows without metadata follow a change of a table it has kept, also after a restart', async () => {
    const { open } = world();
    await open();
    const catalogue = await open({ metadata: 'full' });
    expect(names(await catalogue.describe('shop', 'a', ints(2)))).toEqual(['id', 'x']);
    await catalogue.ddl(alter('bin.000001:500'));
    expect(await failure(() => catalogue.describe('shop', 'a', ints(2)))).toBe('SCHEMA_CHANGED');
    const second = await open({ metadata: 'full' });
    expect(await failure(() => second.describe('shop', 'a', ints(2)))).toBe('SCHEMA_CHANGED');
  });

  it('keeps both: columns for rows without names, and what the server tells of rows with names', async () => {
    const { state, open } = world();
    await open();
    state.live.set('shop.a', columns('id', 'y'));
    const catalogue = await open({ metadata: 'full' });
    expect(names(await catalogue.describe('shop', 'a', named('id', 'y')))).toEqual(['id', 'y']);
    expect(names(await catalogue.describe('shop', 'a', ints(2)))).toEqual(['id', 'x']);
    await catalogue.ddl(alter('bin.000001:500'));
    expect(await failure(() => catalogue.describe('shop', 'a', ints(2)))).toBe('SCHEMA_CHANGED');
    expect(names(await catalogue.describe('shop', 'a', named('id', 'y')))).toEqual(['id', 'y']);
  });

  it('asks the server anew after a change for what the binlog does not tell besides names, and keeps nothing of it', async () => {
    const { state, open } = world();
    const catalogue = await open({ metadata: 'full' });
    expect(names(await catalogue.describe('shop', 'a', named('id', 'x')))).toEqual(['id', 'x']);
    state.live.set('shop.a', columns('id', 'y'));
    expect(names(await catalogue.describe('shop', 'a', named('id', 'x')))).toEqual(['id', 'x']);
    await catalogue.ddl(alter('bin.000001:500'));
    expect(names(await catalogue.describe('shop', 'a', named('id', 'y')))).toEqual(['id', 'y']);
    expect(state.saves).toBe(0);
  });

  it('where the binlog has names, tells only the columns that still are what they were, and insists on those that nothing else tells', async () => {
    const { state, open } = world();
    const catalogue = await open({ metadata: 'full' });
    const uuid: CatalogueColumn = { ...columns('u')[0], name: 'u', columnType: 'uuid', dataType: 'uuid', nullable: true, charset: null, labels: null, unsigned: false, keyOrder: null };
    state.live.set('shop.a', [...columns('id', 'added', 'widened').map((column) => (column.name === 'widened' ? { ...column, columnType: 'bigint(20)', dataType: 'bigint' } : column)), uuid]);
    const binary = { name: 'u', typeCode: 254, meta: 254 | (16 << 8), nullable: true, ambiguous: true };
    const rest: MappedColumn[] = [{ name: 'id', typeCode: 3, meta: 0, nullable: false, ambiguous: false }, { name: 'widened', typeCode: 3, meta: 0, nullable: true, ambiguous: false }];
    expect(names(await catalogue.describe('shop', 'a', [binary, ...rest]))).toEqual(['u', 'id']);
    expect(await failure(() => catalogue.describe('shop', 'a', [{ ...binary, name: 'gone' }, ...rest]))).toBe('SCHEMA_MISMATCH');
    state.live.set('shop.b', [{ ...uuid, columnType: 'text', dataType: 'text' }]);
    await expect(Promise.resolve().then(() => catalogue.describe('shop', 'b', [binary]))).rejects.toThrow('u is text and has type STRING in the binlog');
  });
});
