import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { lookAgain } from './by-words.ts';
import type { ApplyDdl } from '../../../../src/mysql/schema/ddl/index.ts';
import { readEntry } from '../../../../src/mysql/schema/history/entry.ts';
import { follow, later, mapped, outcomes, told, World } from './follower-support.ts';
import { at, trackedColumn, trackedInts } from './history/support.ts';

const rows = (count: number): ReturnType<typeof mapped> => mapped(...new Array<null>(count).fill(null));

/** Gives `shop.name` these columns. */
const becomes = (name: string, ...columns: string[]): ApplyDdl => (schema) => {
  const before = schema.table('shop', name) ?? null;
  const after = trackedInts(name, ...columns);
  schema.put(after);
  return { kind: 'applied', changes: [{ kind: before === null ? 'create' : 'alter', before, after, table: { database: 'shop', name }, renamedFrom: null }] };
};

describe('following, at its start', () => {
  it('keeps the tables that nothing changes between the place and the end of the binlog, and uses them again after a restart', async () => {
    const world = new World();
    world.live.push(trackedInts('b', 'id'));
    world.changes = [later('b')];
    const first = await world.follower();
    expect([await told(first, 'a', rows(2)), await told(first, 'b', rows(1))]).toEqual(['id x', 'SCHEMA_CHANGED']);
    world.live = [trackedInts('a', 'id', 'y')];
    expect(await told(await world.follower(), 'a', rows(2))).toBe('id x');
    expect(await told(await world.follower({ fresh: true }), 'a', rows(2))).toBe('id y');
  });

  it('knows nothing where nobody can tell what has changed, and lets what may pass come again', async () => {
    const world = new World();
    world.fails = new RowcastError('SOURCE_REFUSED', 'no such file');
    expect(await told(await world.follower(), 'a', rows(2))).toBe('SCHEMA_CHANGED');
    world.fails = new RowcastError('SOURCE_LOST', 'gone');
    await expect(world.follower({ fresh: true })).rejects.toMatchObject({ code: 'SOURCE_LOST' });
  });

  it('captures anew, and says so, where what is kept is newer than the place', async () => {
    const world = new World();
    await world.follower();
    world.live = [trackedInts('a', 'id', 'y')];
    world.changes = [later('a')];
    world.read = 50;
    const older = await world.follower();
    expect(world.said).toEqual(['the kept schema history is not of the saved position; the tables that nothing has changed since are captured anew']);
    expect(await told(older, 'a', rows(2))).toBe('SCHEMA_CHANGED');
  });

  it('asks for a table that it lacks though the binlog describes it, and says what is missing where nobody can know it (Invariant 8)', async () => {
    const world = new World();
    world.live.push(trackedInts('b', 'id'));
    world.changes = [later('a')];
    const follower = await world.follower();
    expect([await told(follower, 'b', mapped('id')), world.said]).toEqual(['id', []]);
    expect(await told(follower, 'a', mapped('id', 'x'))).toBe('');
    expect(world.said).toEqual([expect.stringContaining('without what only the schema history knows: whether TINYINT is TINYINT(1)')]);
    world.live.push(trackedInts('granted', 'id'));
    expect(await told(follower, 'granted', mapped('id'))).toBe('id');
  });
});

describe('following statements', () => {
  it('applies them, durably before it answers', async () => {
    const world = new World();
    const apply = outcomes({ 'ALTER TABLE a': becomes('a', 'id', 'x', 'z') });
    const follower = await world.follower({ apply });
    const { changed, news } = await follow(follower, 'ALTER TABLE a', 200);
    expect([changed.map(({ name }) => name).includes('a'), news]).toMatchObject([true, { kind: 'schema', sql: 'ALTER TABLE a', verb: 'ALTER', database: 'shop', changes: [{ kind: 'alter', before: { columns: [{ name: 'id' }, { name: 'x' }] } }] }]);
    expect((await world.notes.load())?.entries).toHaveLength(1);
    expect(await told(follower, 'a', rows(3))).toBe('id x z');
    world.read = 210;
    expect(await told(await world.follower({ apply }), 'a', rows(3))).toBe('id x z');
    world.read = 209;
    expect(await told(await world.follower({ apply }), 'a', rows(2))).toBe('id x');
  });

  it('passes what is irrelevant without noting anything', async () => {
    const world = new World();
    const follower = await world.follower();
    expect(await follow(follower, 'CREATE VIEW v AS SELECT 1')).toEqual({ changed: [], news: null });
    expect(await follow(follower, 'ALTER TABLE elsewhere.t ADD x int')).toEqual({ changed: [], news: null });
    expect((await world.notes.load())?.entries).toEqual([]);
  });

  it('looks at a table again when its statement is not understood, and keeps what it finds', async () => {
    const world = new World();
    const follower = await world.follower();
    const effect = await follow(follower, 'ALTER TABLE a TO SOMETHING NEW', 200);
    expect(effect.news).toMatchObject({ changes: [{ kind: 'alter', table: { name: 'a' }, before: { columns: [{ name: 'id' }, { name: 'x' }] }, after: null }] });
    world.live = [trackedInts('a', 'id', 'new')];
    world.read = 210;
    expect(await told(await world.follower(), 'a', rows(2))).toBe('id new');
    world.live = [];
    expect(await told(await world.follower(), 'a', rows(2))).toBe('id new');
  });

  it('never takes the live columns where a later statement may have changed them', async () => {
    const world = new World();
    const follower = await world.follower();
    await follow(follower, 'ALTER TABLE a ODDLY', 200);
    for (const changes of [[later('a')], [later(null, { verb: 'DROP' })]]) {
      world.changes = changes;
      expect(await told(follower, 'a', rows(2))).toBe('SCHEMA_CHANGED');
    }
    world.changes = [later('other'), later('a', { database: 'elsewhere' }), later('a', { onlyIfMissing: true })];
    expect(await told(follower, 'a', rows(2))).toBe('id x');
  });

  it('loses the tables of a database that a statement drops', async () => {
    const world = new World();
    const follower = await world.follower();
    const { news } = await follow(follower, 'DROP DATABASE shop');
    expect(news).toMatchObject({ verb: 'DROP', database: 'shop', changes: [{ kind: 'drop', table: { name: 'a' } }] });
    world.live = [];
    expect(await told(follower, 'a', rows(2))).toBe('SCHEMA_MISMATCH');
  });

  it('forgets a table that nobody knew when it is dropped', async () => {
    const world = new World();
    world.changes = [later('a')];
    const follower = await world.follower();
    expect(follower.shadowOf('shop', '_a_gho')).toBe('a');
    await follow(follower, 'DROP TABLE IF EXISTS `a`');
    expect(follower.shadowOf('shop', '_a_gho')).toBeNull();
    world.read = 210;
    expect((await world.follower()).shadowOf('shop', '_a_gho')).toBeNull();
  });

  it('keeps the names of a table that nobody knows, and knows that it left the old one', async () => {
    const world = new World();
    world.changes = [later('a')];
    const sql = 'RENAME TABLE a TO b';
    const [from, to] = ['a', 'b'].map((name) => ({ database: 'shop', name }));
    if (from === undefined || to === undefined) throw new Error('no names');
    const apply: ApplyDdl = () => ({ kind: 'unknown', tables: [to], databases: [], renames: [{ from, to }], why: 'a is not known' });
    await follow(await world.follower({ apply: outcomes({ [sql]: apply }) }), sql);
    const kept = (await world.notes.load())?.entries.map(readEntry) ?? [];
    expect(kept).toMatchObject([{ removed: [from, to], lost: [to], names: [{ name: 'b', formerly: [{ name: 'a', until: at(210) }] }] }]);
  });

  it('does not believe CREATE TABLE IF NOT EXISTS about a table that may have been there', async () => {
    const world = new World();
    world.changes = [later('a')];
    const sql = 'CREATE TABLE IF NOT EXISTS a (id int, wrong int)';
    const follower = await world.follower({ apply: outcomes({ [sql]: becomes('a', 'id', 'wrong') }) });
    await follow(follower, sql);
    world.changes = [];
    expect(await told(follower, 'a', rows(2))).toBe('id x');
  });

  it('recaptured, passes over the statements that are in the columns already', async () => {
    const world = new World();
    world.live = [trackedInts('a', 'id', 'x', 'z')];
    const apply = outcomes({ 'ALTER TABLE a': becomes('a', 'id', 'twice') });
    for (const follower of [await world.follower({ apply, recapture: true }), await world.follower({ apply })]) {
      expect((await follow(follower, 'ALTER TABLE a', 890)).news).toBeNull();
      expect(await told(follower, 'a', rows(3))).toBe('id x z');
    }
    const follower = await world.follower({ apply });
    await follow(follower, 'ALTER TABLE a', 891);
    expect(await told(follower, 'a', rows(2))).toBe('id twice');
  });

  it('tells of TRUNCATE of captured tables, and of databases that may hold some', async () => {
    const follower = await new World().follower({ apply: (schema, statement, context) => statement.sql.startsWith('TRUNCATE') ? lookAgain(schema, statement, context) : (schema.setDatabase('shop', { charset: 'latin1', collation: 'latin1_bin' }), { kind: 'applied', changes: [] }) });
    expect((await follow(follower, 'TRUNCATE TABLE `a`')).news).toEqual({ kind: 'truncate', sql: 'TRUNCATE TABLE `a`', table: { database: 'shop', name: 'a' } });
    for (const sql of ['TRUNCATE private', 'TRUNCATE TABLE elsewhere.a', 'TRUNCATE TABLE _a_gho']) expect((await follow(follower, sql)).news).toBeNull();
    expect((await follow(follower, 'ALTER DATABASE shop CHARACTER SET latin1')).news).toEqual({ kind: 'schema', sql: 'ALTER DATABASE shop CHARACTER SET latin1', verb: 'ALTER', database: 'shop', changes: [] });
    expect((await follow(follower, 'CREATE DATABASE elsewhere')).news).toBeNull();
  });
});

describe('a TABLE_MAP', () => {
  it('that does not fit the history is never read by it', async () => {
    const world = new World();
    const follower = await world.follower();
    world.live = [trackedInts('a', 'id')];
    expect(await told(follower, 'a', rows(1))).toBe('id');
    const other = rows(1).map((column) => ({ ...column, typeCode: 8 }));
    expect(await told(follower, 'a', other)).toBe('SCHEMA_MISMATCH');
    expect(world.said).toHaveLength(2);
  });

  it('with other names than the history has goes without it, and the history is taken from the server again', async () => {
    const world = new World();
    const follower = await world.follower();
    expect(await told(follower, 'a', mapped('id', 'x'))).toBe('id x');
    expect(await told(follower, 'a', mapped('id', 'renamed'))).toBe('');
    world.live = [trackedInts('a', 'id', 'renamed')];
    expect(await told(follower, 'a', mapped('id', 'renamed'))).toBe('id renamed');
  });

  it('that alone does not tell a type needs the catalogue, names or none', async () => {
    const world = new World();
    world.live = [{ ...trackedInts('a', 'id'), columns: [trackedColumn('id', 'int', { nullable: false }), trackedColumn('u', 'uuid')] }];
    const follower = await world.follower();
    const uuid = { name: 'u', typeCode: 254, meta: 254 | (16 << 8), nullable: true, ambiguous: true };
    expect(await told(follower, 'a', [...mapped('id'), uuid])).toBe('id u');
    await follow(follower, 'ALTER TABLE a ODDLY', 200);
    world.changes = [later('a')];
    expect(await told(follower, 'a', [...mapped('id'), uuid])).toBe('SCHEMA_CHANGED');
  });

  it('of a table that nobody knows is handed over as such where that is asked for, until something tells it', async () => {
    const world = new World();
    const follower = await world.follower({ onUnknown: 'quarantine' });
    await follow(follower, 'ALTER TABLE a ODDLY', 200);
    world.changes = [later('a')];
    expect(await told(follower, 'a', rows(2))).toBe('unknown SCHEMA_CHANGED');
    expect(follower.unreadable()).toMatchObject([{ database: 'shop', name: 'a', why: expect.stringContaining('ALTER at bin.000001:800 has changed the table') as string }]);
    world.changes = [];
    expect([await told(follower, 'a', rows(2)), follower.unreadable()]).toEqual(['id x', []]);
    world.fails = new RowcastError('SOURCE_LOST', 'gone');
    await follow(follower, 'ALTER TABLE a ODDLY', 300);
    expect(await told(follower, 'a', rows(2))).toBe('SOURCE_LOST');
  });

  it('that is looked up while the stream is closed is noted no more: the next stream goes on in the same notes', async () => {
    const world = new World();
    const follower = await world.follower();
    world.live.push(trackedInts('b', 'k'));
    const pending = told(follower, 'b', rows(1));
    follower.close();
    expect([await pending, (await world.notes.load())?.entries]).toEqual(['SOURCE_LOST', []]);
  });

  it('of a table that appears later is noted at the last whole transaction', async () => {
    const world = new World();
    const follower = await world.follower();
    world.live.push(trackedInts('b', 'k'));
    expect(await told(follower, 'b', rows(1))).toBe('k');
    expect((await world.notes.load())?.entries).toMatchObject([{ place: { ...at(100) } }]);
  });
});
