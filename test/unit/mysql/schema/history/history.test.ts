import { describe, expect, it } from 'vitest';
import type { NoteStore } from '../../../../../src/core/notes.ts';
import type { Json } from '../../../../../src/core/position.ts';
import { SchemaHistory } from '../../../../../src/mysql/schema/history/history.ts';
import { reaches, type HistoryPlace } from '../../../../../src/mysql/schema/history/place.ts';
import { memoryNotes } from '../../../../../src/mysql/schema/memory-notes.ts';
import { at, trackedColumn, trackedInts, UUID } from './support.ts';

const NONE = { tables: [], databases: [], lost: [], recaptures: [], names: [] };

interface World {
  readonly notes: NoteStore;
  settled: HistoryPlace | null;
}

const world = (): World => ({ notes: memoryNotes(), settled: null });
const open = (of: World): SchemaHistory => new SchemaHistory({ notes: of.notes, flavor: 'mysql', settled: () => of.settled });

const columnsOf = (history: SchemaHistory, name: string): string[] | undefined => history.now.schema.table('shop', name)?.columns.map((column) => column.name);

/** Begun at offset 100 with `t (id, a)`, to which one column was added at each of 200, 300 and 400. */
async function grown(of: World): Promise<SchemaHistory> {
  const history = open(of);
  await history.begin({ ...NONE, place: at(100), tables: [trackedInts('t', 'id', 'a')] });
  for (const [index, position] of [200, 300, 400].entries()) {
    history.now.schema.put(trackedInts('t', 'id', 'a', ...['b', 'c', 'd'].slice(0, index + 1)));
    await history.commit(at(position));
  }
  return history;
}

describe('a schema history', () => {
  it('knows each table as of the place it is loaded for', async () => {
    const of = world();
    await grown(of);
    for (const [position, columns] of [[1000, 'id a b c d'], [400, 'id a b c d'], [399, 'id a b c'], [250, 'id a b'], [100, 'id a']] as const) {
      const history = open(of);
      expect([await history.load(at(position)), columnsOf(history, 't')?.join(' ')]).toEqual(['kept', columns]);
    }
  });

  it('drops what the place does not reach, and goes on from there', async () => {
    const of = world();
    await grown(of);
    const again = open(of);
    await again.load(at(250));
    again.now.schema.put(trackedInts('t', 'id', 'other'));
    await again.commit(at(300));
    const later = open(of);
    await later.load(at(1000));
    expect(columnsOf(later, 't')).toEqual(['id', 'other']);
  });

  it('keeps whether the question marks of labels are known', async () => {
    const of = world();
    const label = { ...trackedColumn('l'), dataType: 'enum', columnType: "enum('?')", labels: ['?'] };
    const tables = [{ ...trackedInts('t', 'id'), columns: [{ ...label, exactLabels: true as const }, { ...label, name: 'm' }] }];
    await open(of).begin({ ...NONE, place: at(100), tables });
    const again = open(of);
    await again.load(at(100));
    expect(again.now.schema.table('shop', 't')?.columns).toEqual(tables[0]?.columns);
    expect(again.now.schema.table('shop', 't')?.columns[1]).not.toHaveProperty('exactLabels');
  });

  it('is of no use for a place before its base, nor for another server', async () => {
    const of = world();
    expect(await open(of).load(at(1))).toBe('none');
    await grown(of);
    expect(await open(of).load(at(99))).toBe('newer');
    expect(await open(of).load({ ...at(500), server: 'b' })).toBe('elsewhere');
  });

  it('keeps removed and lost tables, databases and recaptures, and forgets that a table was lost when it is known', async () => {
    const of = world();
    const history = open(of);
    await history.begin({ ...NONE, place: at(100), tables: ['a', 'b', 'c'].map((name) => trackedInts(name, 'id')), databases: [{ name: 'old', charset: 'latin1', collation: 'latin1_bin' }] });
    history.now.schema.remove({ database: 'shop', name: 'a' });
    history.now.lose({ database: 'shop', name: 'b', why: 'odd' });
    history.now.schema.removeDatabase('old');
    history.now.schema.setDatabase('shop', { charset: 'utf8mb4', collation: 'utf8mb4_bin' });
    history.now.recapture({ database: 'shop', name: 'c', until: at(900) });
    await history.commit(at(200));
    const loaded = open(of);
    await loaded.load(at(200));
    expect(loaded.now.base(at(200))).toEqual({
      place: at(200),
      tables: [trackedInts('c', 'id')],
      databases: [{ name: 'shop', charset: 'utf8mb4', collation: 'utf8mb4_bin' }],
      lost: [{ database: 'shop', name: 'b', why: 'odd' }],
      recaptures: [{ database: 'shop', name: 'c', until: at(900) }],
      names: [],
    });
    loaded.now.schema.put(trackedInts('b', 'id', 'x'));
    await loaded.commit(at(300));
    expect([loaded.now.lost(), loaded.now.has({ database: 'shop', name: 'a' }), loaded.now.has({ database: 'shop', name: 'b' })]).toEqual([[], false, true]);
    const last = open(of);
    await last.load(at(300));
    expect(last.now.lost()).toEqual([]);
  });

  it('keeps the names that tables had, until they are gone', async () => {
    const of = world();
    const history = open(of);
    await history.begin({ ...NONE, place: at(100), tables: ['a', 'b', 'c', 'd'].map((name) => trackedInts(name, 'id')) });
    const shop = (name: string): { readonly database: string; readonly name: string } => ({ database: 'shop', name });
    const move = async (position: number, ...pairs: [string, string][]): Promise<void> => {
      history.now.names.rename(pairs.map(([from, to]) => ({ from: shop(from), to: shop(to) })), at(position));
      await history.commit(at(position));
    };
    const names = (one: SchemaHistory): string[] => one.now.names.all().map(({ name, formerly }) => `${name}: ${formerly.map((former) => `${former.name}@${String(former.until.position)}`).join(' ')}`).sort();
    await move(200, ['a', 'x']);
    await move(300, ['x', 'tmp'], ['b', 'x'], ['tmp', 'b']);
    await move(400, ['c', 'c2']);
    history.now.schema.remove(shop('c2'));
    history.now.lose({ ...shop('x'), why: 'odd' });
    await history.commit(at(500));
    for (const [place, told] of [[500, ['b: a@200 x@300', 'x: b@300']], [400, ['b: a@200 x@300', 'c2: c@400', 'x: b@300']], [200, ['x: a@200']]] as const) {
      const loaded = open(of);
      await loaded.load(at(place));
      expect(names(loaded)).toEqual(told);
    }
    history.now.schema.removeDatabase('shop');
    await history.commit(at(600));
    expect(names(history)).toEqual([]);
  });

  it('keeps a hundred names of a table, the newest', async () => {
    const history = open(world());
    await history.begin({ ...NONE, place: at(1) });
    for (let turn = 0; turn < 150; turn++) history.now.names.rename([{ from: { database: 'shop', name: `n${String(turn)}` }, to: { database: 'shop', name: `n${String(turn + 1)}` } }], at(turn));
    const formerly = history.now.names.of({ database: 'shop', name: 'n150' });
    expect([formerly.length, formerly[0]?.name, formerly.at(-1)?.name]).toEqual([100, 'n50', 'n149']);
  });

  it('reads what was kept before it had names, and writes it as it is now', async () => {
    const of = world();
    await grown(of);
    const { base, entries } = (await of.notes.load()) ?? { base: null, entries: [] };
    const without = (json: Json): Json => Object.fromEntries(Object.entries(json as Record<string, Json>).flatMap(([key, value]) => (key === 'names' ? [] : [[key, key === 'format' ? 1 : value]])));
    await of.notes.save(without(base));
    for (const entry of entries) await of.notes.append(without(entry));
    const loaded = open(of);
    expect([await loaded.load(at(1000)), columnsOf(loaded, 't')]).toEqual(['kept', ['id', 'a', 'b', 'c', 'd']]);
    expect((await of.notes.load())?.base).toMatchObject({ format: 2, names: [] });
  });

  it('keeps every fact of a column', async () => {
    const of = world();
    const table = {
      ...trackedInts('t', 'id'),
      comment: 'a "table"',
      versioned: true,
      columns: [
        trackedColumn('id', 'int unsigned', { nullable: false, unsigned: true, autoIncrement: true, default: null, comment: 'é' }),
        trackedColumn('e', "enum('a','b''c')", { labels: ['a', "b'c"], charset: 'latin1', collation: 'latin1_bin', default: { kind: 'literal', text: 'a' } }),
        trackedColumn('g', 'datetime(3)', { generated: true, invisible: true, default: { kind: 'expression', text: 'now(3)' } }),
        trackedColumn('j', 'longtext', { json: true, charset: 'utf8mb4' }),
      ],
      keys: [{ name: 'PRIMARY', unique: true, parts: [{ column: 'id', prefix: null }] }, { name: 'k', unique: false, parts: [{ column: 'e', prefix: 3 }, { column: null, prefix: null }] }],
    };
    await open(of).begin({ ...NONE, place: at(1), tables: [table] });
    const loaded = open(of);
    await loaded.load(at(1));
    expect(loaded.now.schema.table('shop', 't')).toEqual(table);
  });

  it('moves its base forward, never past the settled place, so that it does not grow without bound', async () => {
    const of = world();
    const history = open(of);
    await history.begin({ ...NONE, place: at(100), tables: [trackedInts('t', 'id')] });
    const wide = Array.from({ length: 500 }, (_, index) => `column_with_a_long_name_${String(index)}`);
    let largest = 0;
    for (let turn = 1; turn <= 200; turn++) {
      history.now.schema.put(trackedInts('t', 'id', ...wide, `turn${String(turn)}`));
      of.settled = at(100 + turn - 5);
      await history.commit(at(100 + turn));
      largest = Math.max(largest, (await of.notes.load())?.entries.length ?? 0);
    }
    expect(largest).toBeLessThan(60);
    const loaded = open(of);
    expect(await loaded.load(at(295))).toBe('kept');
    expect(columnsOf(loaded, 't')?.at(-1)).toBe('turn195');
  });

  it('holds ten thousand tables in little space, and one more statement costs nothing of it', async () => {
    const of = world();
    const tables = Array.from({ length: 10_000 }, (_, index) => trackedInts(`t${String(index)}`, 'id', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'));
    const history = open(of);
    await history.begin({ ...NONE, place: at(1), tables });
    history.now.schema.put(trackedInts('t5', 'id'));
    await history.commit(at(2));
    const kept = await of.notes.load();
    expect(JSON.stringify(kept?.base).length).toBeLessThan(2_500_000);
    expect(JSON.stringify(kept?.entries).length).toBeLessThan(1_000);
    const loaded = open(of);
    await loaded.load(at(2));
    expect([[...loaded.now.schema.tables()].length, columnsOf(loaded, 't5')]).toEqual([10_000, ['id']]);
  });

  it.each([[{ format: 7 }], [{ format: 1 }], [{ format: 1, place: at(1), schema: { columns: [], tables: [{}] }, databases: [], lost: [], recaptures: [] }]])('refuses a base it cannot read: %j', async (base) => {
    const of = world();
    await of.notes.save(base as never);
    await expect(open(of).load(at(5))).rejects.toMatchObject({ code: 'HISTORY_DAMAGED' });
  });
});

describe('a place', () => {
  const mysql = (one: HistoryPlace, other: HistoryPlace): boolean | null => reaches(one, other, 'mysql');

  it('is reached by GTIDs on another server, and where no file is known', () => {
    const place = { ...at(50, `${UUID}:7`), server: 'b', file: 'x.000009' };
    expect([mysql(at(1, `${UUID}:1-7`), place), mysql(at(999, `${UUID}:1-6:8-9`), place), mysql(at(1, `${UUID}:tag:1-7`), place), mysql({ ...at(4, `${UUID}:1-7`), file: '' }, at(50, `${UUID}:7`))]).toEqual([true, false, false, true]);
    const other = (gtids: string): HistoryPlace => ({ ...at(9, gtids), server: 'b' });
    expect([reaches(at(1, '0-1-8,1-1-3'), other('0-2-7'), 'mariadb'), reaches(at(1, '0-1-6,1-1-30'), other('0-2-7'), 'mariadb'), reaches(at(1, '0-1-6'), other(''), 'mariadb')]).toEqual([true, false, true]);
  });

  it('is reached by file and offset on the server they are of, whatever the GTIDs', () => {
    expect([mysql(at(50), at(50)), mysql(at(49, `${UUID}:1-9`), at(50, `${UUID}:7`)), mysql({ ...at(4), file: 'bin.000010' }, { ...at(900), file: 'bin.000009' })]).toEqual([true, false, true]);
    expect([mysql({ ...at(50), server: 'b' }, at(1)), mysql({ ...at(900), file: 'renamed.000001' }, at(1)), mysql({ ...at(4, `${UUID}:1-9`), file: 'renamed.000001' }, at(900, `${UUID}:7`))]).toEqual([null, null, true]);
  });
});
