import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TableDeclaration } from '../../src/core/declaration.ts';
import type { SourceNotice } from '../../src/core/notice.ts';
import type { LogFields, StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import type { TableVersion } from '../../src/core/table.ts';
import { keptSchema } from '../../src/mysql/kept-schema.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { keptNotes, optionsFor, reading, Recorder, refused } from './source-support.ts';

/** Writes down what came in which order: kinds of notices, tables of rows. */
class OrderRecorder extends Recorder {
  readonly order: string[] = [];

  override notice(notice: SourceNotice): void {
    this.order.push(notice.kind);
  }

  override rows(event: Parameters<Recorder['rows']>[0]): void {
    this.order.push(event.table.name);
    super.rows(event);
  }
}

/** Writes down the types of the columns that rows are told by. */
class TypesRecorder extends Recorder {
  readonly #tables = new Set<TableVersion>();

  /** `table: type …` of each version, in the order of their rows. */
  get types(): string[] {
    return Array.from(this.#tables, ({ name, columns }) => `${name}: ${columns.map(({ sqlType, type }) => ('json' in type && type.json ? 'json' : sqlType.replace(/^int\b.*/u, 'int'))).join(' ')}`);
  }

  override rows(event: Parameters<Recorder['rows']>[0]): void {
    this.#tables.add(event.table);
    super.rows(event);
  }
}

/** Servers whose binlog names no columns. */
const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9 with MINIMAL', () => startMysql({ flags: ['--binlog-row-metadata=MINIMAL'] })],
  ['MariaDB with NO_LOG', () => startMariadb({ flags: ['--binlog-row-metadata=NO_LOG'] })],
  ['MySQL 5.6', () => startMysql56()],
];

const WIDE = `id bigint unsigned primary key, a tinyint(1), b tinyint unsigned zerofill, c smallint, d mediumint, e int not null, f float(7,3), g double, h decimal(20,5) not null,
  i bit(1), j bit(33), k year, l date, m time, n time(3), o datetime, p datetime(6) not null, q timestamp null, r timestamp(2) null,
  s char(3), t char(200) character set utf8mb4, u varchar(20) character set latin1, v varchar(300) character set utf8, w binary(16), x varbinary(300),
  y tinytext, z text character set utf8mb4, aa mediumtext, ab longtext, ac tinyblob, ad blob, ae mediumblob, af longblob, ag enum('x','y''z') not null,
  ah set('a','b','c','d','e','f','g','h','i'), ai point, aj geometry, ak varchar(10) character set sjis, al char(10) character set ucs2, am numeric(5), an dec(65,30), ao real, ap bool not null`;
const WIDE_ROW = `(1, 1, 2, 3, 4, 5, 1.5, 2.5, 3.25, 1, 5, 2020, '2020-01-02', '01:02:03', '01:02:03.456', '2020-01-02 03:04:05', '2020-01-02 03:04:05.678901', null, null,
  'ab', 'cd', 'ef', 'gh', 'ij', 'kl', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'y''z', 'a,i', null, null, 'm', 'n', 12345, 1.5, 2.5, true)`;

describe.each(SERVERS)('without column names, on %s', (name, start) => {
  let server: Server;
  const sql = (text: string) => query(server, text);
  const here = async (): Promise<StartAt> => {
    const [row] = await query(server, name.includes('9') ? 'show binary log status' : 'show master status');
    return { file: String(row?.File), position: Number(row?.Position) };
  };

  beforeAll(async () => {
    server = await start();
    await sql('create database src');
  });
  afterEach(async () => {
    if (name !== 'MySQL 5.6') await sql('set global binlog_row_metadata = default');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('finds every type to be what the server says it is', async () => {
    await sql(`set sql_mode = ''; create table src.wide (${WIDE}, index (c))`);
    await reading({ options: optionsFor(server), from: 'latest' }, async (_, recorder) => {
      await sql(`set sql_mode = ''; insert into src.wide values ${WIDE_ROW}`);
      await recorder.until(1);
      expect(recorder.rowTexts[0]).toContain('wide id=1 a=1 b=2 c=3 d=4 e=5 f=1.5 g=2.5');
      expect(recorder.rowTexts[0]).toContain(' s=ab t=cd u=ef v=gh w=16 bytes x=2 bytes y=a z=b aa=c ab=d ');
      expect(recorder.rowTexts[0]).toContain(" ag=y'z ");
    });
  });

  it('refuses rows whose columns had other types than now', async () => {
    const from = await before('create table src.swapped (id int primary key, a int, b varchar(10)); insert into src.swapped values (1, 2, "3"); alter table src.swapped modify column b varchar(10) after id');
    await reading({ options: optionsFor(server), from }, async (stream, recorder) => {
      const error = await stream.ended;
      expect([error?.code, error?.facts.table, error?.facts.column, recorder.events]).toEqual(['SCHEMA_MISMATCH', 'src.swapped', 'b', 0]);
      expect(error?.message).toContain('b is varchar(10) and has type LONG in the binlog');
    });
  });

  it('refuses rows whose strings had another length than now', async () => {
    const from = await before('create table src.lengths (id int primary key, a varchar(10), b varchar(20)); insert into src.lengths values (1, 2, 3); alter table src.lengths modify column b varchar(20) after id');
    await reading({ options: optionsFor(server), from }, async (stream, recorder) => {
      expect([(await stream.ended)?.code, recorder.events]).toEqual(['SCHEMA_MISMATCH', 0]);
    });
  });

  it('stops before rows whose columns of one type were swapped since, where it begins in between, and follows the swap from a place before the table', async () => {
    const create = 'create table src.alike (id int primary key, a int, b int)';
    const swap = 'insert into src.alike values (1, 2, 3); flush binary logs; insert into src.alike values (2, 3, 4); alter table src.alike modify column b int after id';
    const options = optionsFor(server, { captures: (_, table) => table === 'alike' });
    const notes = keptNotes();
    const saved = await reading({ options, from: 'latest', notes }, (stream) => Promise.resolve(stream.position()));
    const from = await before(`${create}; ${swap}`);
    await reading({ options, from }, async (stream, recorder) => {
      const error = await stream.ended;
      expect([error?.code, error?.facts.table, recorder.events]).toEqual(['SCHEMA_CHANGED', 'src.alike', 0]);
      expect(error?.message).toMatch(/^the columns of rows of src\.alike are not known, and ALTER at \S+:\d+ has changed the table since they were written/);
    });
    await sql('insert into src.alike (id, a, b) values (3, 4, 5)');
    for (const one of [{ options, from: saved }, { options, from: saved, notes }]) {
      await reading(one, async (_, recorder) => {
        await recorder.until(3);
        expect(recorder.rowTexts).toEqual(['alike id=1 a=2 b=3', 'alike id=2 a=3 b=4', 'alike id=3 b=5 a=4']);
      });
    }
  });

  it('tells labels with a question mark and those beyond U+FFFF where it saw the statement that declares them', async () => {
    const options = optionsFor(server, { captures: (_, table) => table === 'marks' || table === 'copied' });
    const notes = keptNotes();
    const saved = await reading({ options, from: 'latest', notes }, async (stream, recorder) => {
      await sql("create table src.marks (id int primary key, a enum('?','😀','y?') character set utf8mb4, b set('?','😀') character set utf8mb4); insert into src.marks values (1, 1, 3), (2, 2, 1), (3, 3, 2)");
      await recorder.rowsUntil(3);
      expect(recorder.rowTexts).toEqual(['marks id=1 a=? b=["?","😀"]', 'marks id=2 a=😀 b=["?"]', 'marks id=3 a=y? b=["😀"]']);
      return stream.position();
    });
    await sql('insert into src.marks values (4, 1, 2)');
    await reading({ options, from: saved, notes }, async (_, recorder) => {
      await recorder.rowsUntil(1);
      expect(recorder.rowTexts).toEqual(['marks id=4 a=? b=["😀"]']);
    });
    const copied = reading({ options, from: 'latest', notes: keptNotes() }, async (_, recorder) => {
      await sql('create table src.copied select * from src.marks where id = 2');
      await recorder.rowsUntil(1);
    });
    await expect(copied).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH', message: expect.stringContaining('exact text of the labels of column a') as string });
  });

  it('reads a table that was created while it was away and stayed as it is', async () => {
    const options = optionsFor(server, { captures: (_, table) => table.startsWith('later') });
    const notes = keptNotes();
    const saved = await reading({ options, from: 'latest', notes }, (stream) => Promise.resolve(stream.position()));
    await sql('create table src.later (id int primary key, a int, b int); insert into src.later values (1, 2, 3); flush binary logs; insert into src.later values (2, 3, 4); create table src.later2 (id int primary key); insert into src.later2 values (1)');
    await reading({ options, from: saved, notes }, async (_, recorder) => {
      await recorder.until(3);
      expect(recorder.rowTexts).toEqual(['later id=1 a=2 b=3', 'later id=2 a=3 b=4', 'later2 id=1']);
    });
  });

  it('finds the change behind thousands of events', async () => {
    const options = optionsFor(server, { captures: (_, table) => table === 'far' });
    await sql('create table src.far (id int primary key, a int, b int)');
    const from = await here();
    const inserts = Array.from({ length: 3000 }, (_, id) => `insert into src.far values (${id}, 2, 3)`).join('; ');
    await sql(`begin; ${inserts}; commit; alter table src.far modify column b int after id`);
    await reading({ options, from }, async (stream, recorder) => {
      expect([(await stream.ended)?.code, recorder.events]).toEqual(['SCHEMA_CHANGED', 0]);
    });
  });

  it('tells rows from before a change by the old columns after a restart, and those after it by the new ones', async () => {
    const captures = (_: string, table: string): boolean => table === 'kept';
    const options = optionsFor(server, { captures });
    const notes = keptNotes();
    await sql('create table src.kept (id int primary key, a int, b int)');
    const position = await reading({ options, from: 'latest', notes }, async (stream, recorder) => {
      await sql('insert into src.kept values (1, 10, 100)');
      await recorder.until(1);
      return stream.position();
    });
    await sql('insert into src.kept values (2, 20, 200); alter table src.kept modify column b int after id; insert into src.kept (id, a, b) values (3, 30, 300)');
    const further = await reading({ options, from: position, notes }, async (stream, recorder) => {
      await recorder.until(2);
      expect(recorder.rowTexts).toEqual(['kept id=2 a=20 b=200', 'kept id=3 b=300 a=30']);
      expect(recorder.notices.map((notice) => notice.kind === 'schema' && [notice.verb, notice.changes.map(({ table, before }) => [table.name, before?.columns.map((column) => column.name)])])).toEqual([['ALTER', [['kept', ['id', 'a', 'b']]]]]);
      return stream.position();
    });
    // Again from the first position: what was noted after it is read again, not used.
    await reading({ options, from: position, notes }, async (_, recorder) => {
      await recorder.until(2);
      expect(recorder.rowTexts).toEqual(['kept id=2 a=20 b=200', 'kept id=3 b=300 a=30']);
    });
    await reading({ options, from: further, notes }, async (_, recorder) => {
      await sql('delete from src.kept where id = 3');
      await recorder.until(1);
      expect(recorder.rowTexts).toEqual(['kept id=3 b=300 a=30']);
    });
  });

  it('takes the tables as they are now for rows from before a change, when it is told to', async () => {
    const options = optionsFor(server, { captures: (_, table) => table === 'believed' });
    const from = await before('create table src.believed (id int primary key, a int, b int); insert into src.believed values (1, 2, 3); alter table src.believed modify column b int after id; insert into src.believed (id, a, b) values (4, 5, 6)');
    await reading({ options: { ...options, recaptureSchema: true }, from }, async (_, recorder) => {
      await recorder.until(2);
      expect(recorder.rowTexts).toEqual(['believed id=1 b=2 a=3', 'believed id=4 b=6 a=5']);
    });
  });

  if (name !== 'MySQL 5.6') it('reads what was written before the metadata were switched on with the kept columns', async () => {
    const options = optionsFor(server, { captures: (_, table) => table === 'switched' });
    const notes = keptNotes();
    await sql('create table src.switched (id int primary key, a int)');
    const position = await reading({ options, from: 'latest', notes }, (stream) => Promise.resolve(stream.position()));
    await sql("insert into src.switched values (1, 10); set global binlog_row_metadata = 'FULL'");
    await sql('insert into src.switched values (2, 20); alter table src.switched add b int first; insert into src.switched (id, a, b) values (3, 30, 300)');
    await reading({ options, from: position, notes }, async (_, recorder) => {
      await recorder.until(3);
      expect(recorder.rowTexts).toEqual(['switched id=1 a=10', 'switched id=2 a=20', 'switched b=300 id=3 a=30']);
    });
  });

  it('may follow captured tables alone: one that is renamed to be captured is taken from the server', async () => {
    const captures = (_: string, table: string): boolean => table.startsWith('chosen');
    const options = optionsFor(server, { captures, follows: captures });
    const notes = keptNotes();
    await sql('create table src.chosen (id int primary key, a int); create table src.aside (id int primary key, b int)');
    await reading({ options, from: 'latest', notes }, async (stream, recorder) => {
      expect((await keptSchema(notes, stream.position()))?.tables.map((table) => table.name)).toEqual(['chosen']);
      await sql('alter table src.aside add c int; alter table src.chosen add d int first; insert into src.chosen values (1, 2, 3); rename table src.aside to src.chosen2; insert into src.chosen2 values (4, 5, 6)');
      await recorder.rowsUntil(2);
      expect(recorder.rowTexts).toEqual(['chosen d=1 id=2 a=3', 'chosen2 id=4 b=5 c=6']);
    });
  });

  it('needs the table of rows that it has no columns of', async () => {
    const from = await before('create table src.dropped (id int primary key); insert into src.dropped values (1); drop table src.dropped');
    await reading({ options: optionsFor(server), from }, async (stream) => {
      expect((await stream.ended)?.message).toContain('rows of src.dropped need its columns, and the server shows no such table');
    });
    expect(await refused(optionsFor(server), 'latest')).toBe('opened');
  });

  describe.each(name === 'MySQL 5.6' ? ['none'] : ['FULL', 'none'])('with metadata %s', (metadata) => {
    beforeEach(async () => {
      if (metadata === 'FULL') await sql("set global binlog_row_metadata = 'FULL'");
      await sql('drop database src; create database src');
    });

    /** The rows of what is done after a start, read only when all of it is done, and again from the middle. */
    async function told(setup: string, work: string, rows: number): Promise<{ readonly texts: readonly string[]; readonly notices: readonly SourceNotice[] }> {
      const options = optionsFor(server, { captures: (database, table) => database === 'src' && table !== 'aside' });
      const notes = keptNotes();
      await sql(setup);
      const position = await reading({ options, from: 'latest', notes }, (stream) => Promise.resolve(stream.position()));
      await sql(work);
      return reading({ options, from: position, notes }, async (_, recorder) => {
        await recorder.rowsUntil(rows);
        return { texts: recorder.rowTexts, notices: recorder.notices };
      });
    }

    const changes = (notices: readonly SourceNotice[]): string[] =>
      notices.flatMap((notice) => (notice.kind !== 'schema' ? [notice.kind] : notice.changes.map(({ kind, table, renamedFrom, before, after }) => `${kind} ${renamedFrom === null ? '' : `${renamedFrom.name} to `}${table.name}: ${names(before)} > ${names(after)}`)));
    const names = (table: TableDeclaration | null): string => table?.columns.map((column) => column.name).join(' ') ?? '-';

    it('tells rows by the columns of their time through every kind of change', async () => {
      const { texts, notices } = await told(
        'create table src.t (id int primary key, a int, b int); create table src.u (id int primary key, x int); create table src.aside (id int primary key, z int)',
        `insert into src.t values (1, 10, 20);
         alter table src.t change a c int, change b a int; insert into src.t values (2, 10, 20);
         alter table src.t modify column a int after id; insert into src.t values (3, 20, 10);
         alter table src.t add column d tinyint(1) first, drop column c; insert into src.t values (1, 4, 20);
         rename table src.t to src.tmp, src.u to src.t, src.tmp to src.u; insert into src.t values (5, 50); insert into src.u values (0, 6, 60);
         rename table src.aside to src.shown; insert into src.shown values (7, 70);
         create table src.copy like src.u; insert into src.copy values (1, 8, 80);
         truncate table src.copy; drop table src.shown; create table src.shown (only_this int); insert into src.shown values (9)`,
        9,
      );
      expect(texts).toEqual(['t id=1 a=10 b=20', 't id=2 c=10 a=20', 't id=3 a=20 c=10', 't d=1 id=4 a=20', 't id=5 x=50', 'u d=0 id=6 a=60', 'shown id=7 z=70', 'copy d=1 id=8 a=80', 'shown only_this=9']);
      expect(changes(notices)).toEqual([
        'alter t: id a b > id c a', 'alter t: id c a > id a c', 'alter t: id a c > d id a',
        'rename t to tmp: d id a > d id a', 'rename u to t: id x > id x', 'rename tmp to u: d id a > d id a',
        'rename aside to shown: id z > id z', 'create copy: - > d id a', 'truncate', 'drop shown: id z > -', 'create shown: - > only_this',
      ]);
      const places = notices.map((notice) => (notice.kind === 'gap' ? 0 : notice.place.position));
      expect(new Set(places).size).toBe(9);
    });

    if (name.startsWith('MariaDB')) it('follows an ALTER that is logged in two phases where it is done, and not where it begins', async () => {
      const { texts, notices } = await told('create table src.t (id int primary key, a int, b int)', 'set binlog_alter_two_phase = 1; insert into src.t values (1, 2, 3); alter table src.t change a b int, change b a int; insert into src.t values (4, 5, 6)', 2);
      expect([texts, changes(notices)]).toEqual([['t id=1 a=2 b=3', 't id=4 b=5 a=6'], ['alter t: id a b > id b a']]);
    });

    if (name.startsWith('MariaDB')) it('tells what only the history knows: types that look like others, and columns that nobody declares', async () => {
      const { texts } = await told(
        "create table src.t (id int primary key, u uuid, i inet6, b binary(16)); create table src.v (id int primary key, a int) with system versioning",
        "insert into src.t values (1, '00000000-0000-0000-0000-000000000001', '::1', 'x'); alter table src.t modify b uuid null; insert into src.v (id, a) values (1, 2); set system_versioning_alter_history = keep; alter table src.v add column z int; insert into src.v (id, a, z) values (3, 4, 5)",
        3,
      );
      expect(texts.map((text) => text.replaceAll(/ row_(start|end)=\S+ \S+/gu, ' row_$1'))).toEqual(['t id=1 u=00000000-0000-0000-0000-000000000001 i=::1 b=16 bytes', 'v id=1 a=2 row_start row_end', 'v id=3 a=4 z=5 row_start row_end']);
    });

    if (metadata === 'FULL') it('begun files behind, tells what only the history knows, and says what is missing of a table that has changed since', async () => {
      await sql('create table src.t (id int primary key, f tinyint(1), j json); create table src.changed (id int primary key, f tinyint(1))');
      const from = await here();
      await sql("insert into src.t values (1, 1, '{}'); insert into src.changed values (1, 1); flush binary logs; insert into src.t values (2, 1, '[]'); flush binary logs; alter table src.changed add x int; insert into src.changed values (2, 1, 1)");
      const [recorder, warnings] = [new TypesRecorder(), new Array<unknown>()];
      const warn = (_: string, fields?: LogFields): void => void warnings.push(...(fields?.table === undefined ? [] : [fields.table]));
      await reading({ options: optionsFor(server), from, recorder, logger: { debug: () => undefined, info: () => undefined, warn, error: warn } }, async () => recorder.rowsUntil(4));
      expect(recorder.types).toEqual(['t: int tinyint(1) json', 'changed: int tinyint', 'changed: int tinyint(1) int']);
      expect(warnings).toEqual(['src.changed']);
    });

    it('keeps the names that tables had, through swaps, cut-overs and other databases, over a restart', async () => {
      await sql('drop database if exists src_other; create database src_other; create table src.a (id int primary key); create table src.b (id int primary key); create table src.real (id int primary key); create table src._real_gho like src.real; create table src.end (id int primary key)');
      const options = optionsFor(server, { captures: (database) => database.startsWith('src'), reaches: (database) => database.startsWith('src') });
      const notes = keptNotes();
      let position: Position | StartAt = 'latest';
      const after = async (work: string): Promise<string[]> => {
        position = await reading({ options, from: position, notes }, async (stream, recorder) => {
          await sql(`${work}; insert into src.end select count(*) from src.end`);
          await recorder.rowsUntil(1);
          return stream.position();
        });
        const kept = await keptSchema(notes, position);
        return (kept?.tables ?? []).map((table) => `${table.name}: ${(kept?.formerly(table) ?? []).map(({ database, name }) => `${database}.${name}`).join(' ')}`).sort();
      };
      expect(await after('rename table src.a to src.a2; alter table src.a2 rename to src.a3; rename table src.a3 to src.x, src.b to src.a3, src.x to src.b')).toEqual(['_real_gho: ', 'a3: src.b', 'b: src.a src.a2 src.a3', 'end: ', 'real: ']);
      expect(await after('rename table src.real to src._real_del, src._real_gho to src.real; drop table src._real_del; rename table src.b to src_other.b, src.real to src.r; create table src.real like src.r')).toEqual(['a3: src.b', 'b: src.a src.a2 src.a3 src.b', 'end: ', 'r: src.real', 'real: ']);
      expect(await after('alter table src_other.b add column c int, rename to src.c; drop table src.a3; create table src.a3 like src.c')).toEqual(['a3: ', 'c: src.a src.a2 src.a3 src.b src_other.b', 'end: ', 'r: src.real', 'real: ']);
    });

    it('tells what CREATE TABLE … SELECT makes, its notice before its rows', async () => {
      const { texts, notices } = await told("create table src.aside (id int primary key, v varchar(10)); insert into src.aside values (1, 'x')", "create table src.made as select * from src.aside; insert into src.made values (2, 'y')", 2);
      expect(texts).toEqual(['made id=1 v=x', 'made id=2 v=y']);
      expect(changes(notices)).toEqual(['create made: - > id v']);
      const recorder = new OrderRecorder();
      await reading({ options: optionsFor(server, { captures: (_, table) => table !== 'aside' }), from: 'latest', recorder }, async () => {
        await sql("create table src.made2 (primary key (id)) as select * from src.aside");
        await recorder.rowsUntil(1);
      });
      expect(recorder.order).toEqual(['schema', 'made2']);
    });

    it('looks at a table again behind a statement that the grammar does not know, and sets rows aside where the server shows what a later one made of it', async () => {
      const options = optionsFor(server, { onUnknown: 'quarantine' });
      const notes = keptNotes();
      await sql('create table src.t (id int primary key, a int, b int); create table src.u like src.t; create table src.calm (id int primary key)');
      const from = await reading({ options, from: 'latest', notes }, (stream) => Promise.resolve(stream.position()));
      await sql('insert into src.t values (1, 2, 3); alter table src.t add c int first, union = (); insert into src.t values (9, 4, 5, 6); insert into src.calm values (1)');
      await sql('alter table src.u add c int first, union = (); insert into src.u values (9, 7, 8, 9); alter table src.u drop column b; insert into src.u values (9, 10, 11)');
      const why = new Array<unknown>();
      const logger = { debug: () => undefined, info: () => undefined, error: () => undefined, warn: (_: string, fields?: LogFields): void => void why.push(...(fields?.tables === undefined ? [] : [[fields.tables, fields.why]])) };
      await reading({ options, from, notes, logger }, async (_, recorder) => {
        await recorder.rowsUntil(5);
        const between = metadata === 'FULL' ? 'u c=9 id=7 a=8 b=9' : 'u unknown: SCHEMA_MISMATCH';
        expect(recorder.rowTexts).toEqual(['t id=1 a=2 b=3', 't c=9 id=4 a=5 b=6', 'calm id=1', between, 'u c=9 id=10 a=11']);
        expect(recorder.notices.map((notice) => notice.kind === 'schema' && notice.changes.map(({ table, before, after }) => [table.name, before?.columns.length, after?.columns.length]))).toEqual([[['t', 3, undefined]], [['u', 3, undefined]], [['u', undefined, undefined]]]);
      });
      expect(why).toEqual([[['src.t'], 'the grammar does not know this statement'], [['src.u'], 'the grammar does not know this statement'], [['src.u'], 'src.u is not known']]);
    });

    it('goes on behind what it cannot follow: the table is looked at again, and others are left alone', async () => {
      const options = optionsFor(server, { captures: (_, table) => table !== 'aside', onUnknown: 'quarantine' });
      await sql('create table src.t (id int primary key, a int, b int); create table src.aside (id int)');
      const from = await here();
      // Nobody knows the table as of here: what it was before the first change is gone.
      await sql('insert into src.t values (1, 10, 20); alter table src.t change a c int, change b a int; insert into src.t values (2, 10, 20); create table src.v (id int primary key); insert into src.v values (1)');
      await reading({ options, from }, async (_, recorder) => {
        await recorder.rowsUntil(3);
        const first = metadata === 'FULL' ? 't id=1 a=10 b=20' : 't unknown: SCHEMA_CHANGED';
        expect(recorder.rowTexts).toEqual([first, 't id=2 c=10 a=20', 'v id=1']);
      });
    });
  });

  /** Runs the statements, and tells the place after the first of them, as it was before the others. */
  async function before(statements: string): Promise<Position | StartAt> {
    const [create = '', ...others] = statements.split('; ');
    await sql(create);
    const from = await here();
    for (const other of others) await sql(other.replaceAll('"', "'"));
    return from;
  }
});
