import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import type { RowsEvent } from '../../src/core/change.ts';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import { createMysqlSource } from '../../src/mysql/source.ts';
import type { SourceOptions } from '../../src/mysql/options.ts';
import { freshDatabase, query, queryAndLeave, unique } from '../support/mysql.ts';
import type { Address } from '../support/mysql.ts';
import { CapturedRecorder, optionsFor, reading } from './source-support.ts';

const PATIENCE = 60_000;

/** A transaction that is prepared: `sql` in it. It locks no gaps, which others would wait for. */
function prepare(xid: string, sql: string): string {
  return `set session transaction isolation level read committed; xa start ${xid}; ${sql}; xa end ${xid}; xa prepare ${xid}`;
}

/** Takes one database; what is held in memory is little where `held` says so. */
function taking(server: Address, database: string, held = 1 << 20): SourceOptions {
  const options = optionsFor(server, { captures: (name, table) => name === database && table !== 'other', reaches: (name) => name === database });
  return { ...options, holding: { ...options.holding, memory: held } };
}

class Transactions extends CapturedRecorder {
  /** Row and GTID of its transaction. */
  readonly gtids: string[] = [];

  override rows(event: RowsEvent): void {
    super.rows(event);
    if (event.table.captured) this.gtids.push(event.transaction.gtid ?? 'none');
  }
}

/** Reads until `rows` rows were told; the rows, and the position then. */
async function read(options: SourceOptions, from: Position | StartAt, rows: number, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<{ readonly rows: string[]; readonly position: Position; readonly gtids: string[] }> {
  const recorder = new Transactions();
  return reading({ options, from, recorder }, async (stream) => {
    await meanwhile();
    await recorder.rowsUntil(rows);
    return { rows: recorder.rowTexts.map((line) => line.replace('t id=', '')), position: stream.position(), gtids: recorder.gtids };
  });
}

/** Database with tables `t` and `other`. */
async function fresh(server: Address): Promise<string> {
  const database = await freshDatabase(server);
  await query(server, 'create table t (id int primary key); create table other (id int primary key)', database);
  return database;
}

const servers = [['MySQL 9.7', inject('mysql')], ['MariaDB 11.4', inject('mariadb')]] as const;

describe.each(servers)('XA transactions of %s', (name, server) => {
  it('are told at XA COMMIT, in the order of the commits, and never after XA ROLLBACK', async () => {
    const database = await fresh(server);
    const [a, b, c, d] = [unique('a'), unique('b'), unique('c'), unique('d')].map((one) => `'${one}'`) as [string, string, string, string];
    const binary = `X'00ff270a${Buffer.from(unique('')).toString('hex')}',X'0080',7`;
    // Other ids each time: the place of a deleted row stays locked for a while.
    for (const [held, base] of [[1 << 20, 0], [200, 1000]] as const) {
      const insert = (id: number): string => `insert into t values (${base + id})`;
      const { rows, gtids } = await read(taking(server, database, held), 'latest', 9, async () => {
        await queryAndLeave(server, prepare(a, `${insert(1)}, (${base + 2}); ${insert(3)}`), database);
        await queryAndLeave(server, prepare(b, insert(4)), database);
        await queryAndLeave(server, prepare(c, `insert into other values (${base})`), database);
        await queryAndLeave(server, prepare(binary, `${insert(6)}; savepoint s; ${insert(60)}; rollback to s; ${insert(7)}`), database);
        await query(server, insert(100), database);
        for (const sql of [`xa commit ${binary}`, `xa rollback ${b}`, `xa commit ${c}`, `xa commit ${a}`]) await query(server, sql, database);
        await query(server, `xa start ${d}; ${insert(101)}; xa end ${d}; xa commit ${d} one phase; ${insert(102)}`, database);
        await queryAndLeave(server, prepare(b, insert(11)), database);
        await query(server, `xa rollback ${b}; ${insert(103)}`, database);
      });
      expect(rows.map((row) => Number(row) - base)).toEqual([100, 6, 7, 1, 2, 3, 101, 102, 103]);
      // One GTID for each commit, the latest one last.
      expect(new Set(gtids).size).toBe(6);
      expect([...new Set(gtids)].map((gtid) => Number(/\d+$/u.exec(gtid)?.[0]))).toEqual([...new Set(gtids)].map((gtid) => Number(/\d+$/u.exec(gtid)?.[0])).sort((one, other) => one - other));
    }
  }, PATIENCE);

  it('that are prepared outlive a restart of the reader, whatever was read meanwhile', async () => {
    const database = await fresh(server);
    const [a, b, c] = [unique('a'), unique('b'), unique('c')].map((one) => `'${one}'`) as [string, string, string];
    const first = await read(taking(server, database), 'latest', 1, async () => {
      await queryAndLeave(server, prepare(a, 'insert into t values (1)'), database);
      await queryAndLeave(server, prepare(b, 'insert into t values (2), (3)'), database);
      await queryAndLeave(server, prepare(c, 'insert into other values (4)'), database);
      await query(server, 'insert into t values (5)', database);
    });
    expect(first.rows).toEqual(['5']);
    const second = await read(taking(server, database), first.position, 1, () => query(server, `insert into t values (6); xa commit ${c}`, database));
    expect(second.rows).toEqual(['6']);
    await query(server, `xa commit ${b}; xa rollback ${a}; insert into t values (7)`, database);
    const third = await read(taking(server, database), second.position, 3);
    expect(third.rows).toEqual(['2', '3', '7']);
    expect(third.position.state).not.toHaveProperty('prepared');
    // The same position again: the same rows again, in the same order.
    expect((await read(taking(server, database), second.position, 3)).rows).toEqual(third.rows);
  }, PATIENCE);

  it('that were prepared before reading began are told when they are committed after it', async () => {
    const database = await fresh(server);
    const [a, b] = [unique('a'), unique('b')].map((one) => `'${one}'`) as [string, string];
    await queryAndLeave(server, prepare(a, 'insert into t values (1), (2)'), database);
    await queryAndLeave(server, prepare(b, 'insert into t values (3)'), database);
    const { rows } = await read(taking(server, database), 'latest', 4, () => query(server, `insert into t values (4); xa commit ${a}; xa rollback ${b}; insert into t values (5)`, database));
    expect(rows).toEqual(['4', '1', '2', '5']);
  }, PATIENCE);

  it.runIf(name.startsWith('MySQL'))('are read the same where they are compressed', async () => {
    const database = await fresh(server);
    const packed = 'set session binlog_transaction_compression = on';
    const [a, b, c] = [unique('a'), unique('b'), unique('c')].map((one) => `'${one}'`) as [string, string, string];
    await queryAndLeave(server, `${packed}; ${prepare(c, 'insert into t values (100), (101)')}`, database);
    for (const [held, base] of [[1 << 20, 0], [200, 1000]] as const) {
      const insert = (id: number): string => `insert into t values (${base + id})`;
      const { rows } = await read(taking(server, database, held), 'latest', held === 200 ? 4 : 6, async () => {
        await queryAndLeave(server, `${packed}; ${prepare(a, `${insert(1)}, (${base + 2}); insert into other values (${base}); ${insert(3)}`)}`, database);
        await queryAndLeave(server, `${packed}; ${prepare(b, insert(4))}`, database);
        if (held !== 200) await query(server, `xa commit ${c}`, database);
        await query(server, `${packed}; xa rollback ${b}; xa commit ${a}; ${insert(5)}`, database);
      });
      expect(rows.map((row) => Number(row) - base)).toEqual(held === 200 ? [1, 2, 3, 5] : [100, 101, 1, 2, 3, 5]);
    }
  }, PATIENCE);
});

describe('XA transactions of MySQL 5.6', () => {
  it('are told as the plain transactions that it logs', async () => {
    const server = inject('mysql56');
    const database = await fresh(server);
    const [a, b] = [unique('a'), unique('b')].map((one) => `'${one}'`) as [string, string];
    const { rows } = await read(taking(server, database), 'latest', 2, () => query(server, `${prepare(a, 'insert into t values (1)')}; xa commit ${a}; ${prepare(b, 'insert into t values (2)')}; xa rollback ${b}; insert into t values (3)`, database));
    expect(rows).toEqual(['1', '3']);
  }, PATIENCE);
});

describe.each([['MySQL', startMysql], ['MariaDB', startMariadb]] as const)('prepared transactions of a %s server', (_, start) => {
  let server: Server;
  const quiet = (): void => undefined;
  beforeAll(async () => {
    server = await start();
  }, PATIENCE);
  afterAll(() => server.stop());

  it('outlive its restart, and the files that they lie in name them when they are gone', async () => {
    const database = await fresh(server);
    const options = taking(server, database);
    const first = await read(options, 'latest', 1, async () => {
      await queryAndLeave(server, prepare("'kept'", 'insert into t values (1), (2)'), database);
      await queryAndLeave(server, prepare("'gone'", 'insert into t values (3)'), database);
      await query(server, 'insert into t values (4)', database);
    });
    // Rows that are read again are decoded by the columns as of the commit: no server lets a table change in between.
    const changes = ['alter table t rename column id to no', 'alter table t add v int', 'rename table t to u', 'drop table t', 'truncate table t'];
    const refused = async (): Promise<string[]> => Promise.all(changes.map((sql) => query(server, `set session lock_wait_timeout = 1, innodb_lock_wait_timeout = 1; ${sql}`, database).then(() => `${sql} was done`, (error: unknown) => (error as { code: string }).code)));
    const waiting = changes.map(() => 'ER_LOCK_WAIT_TIMEOUT');
    expect(await refused()).toEqual(waiting);
    await server.halt();
    await server.restart();
    expect(await refused()).toEqual(waiting);
    await query(server, "flush logs; xa commit 'kept'; insert into t values (5)", database);
    const second = await read(options, first.position, 3);
    expect(second.rows).toEqual(['1', '2', '5']);
    const [last] = (await query(server, 'show binary logs')).slice(-1) as { Log_name: string }[];
    await query(server, `purge binary logs to '${last?.Log_name ?? ''}'`);
    await query(server, "xa commit 'gone'; insert into t values (6)", database);
    const failed = await read(options, second.position, 1).then(() => null, (error: unknown) => error);
    expect(failed).toMatchObject({ code: 'XA_PREPARE_LOST', facts: { xid: "X'676f6e65',X'',1" } });
    expect(String(failed)).toContain("the XA transaction X'676f6e65',X'',1 is committed, and its rows cannot be read at");

    // Without a position that knows of it, it is left out by name: nobody has its rows.
    const untold: string[] = [];
    const warned: string[] = [];
    const recorder = new CapturedRecorder();
    const logger = { debug: quiet, info: quiet, warn: (message: string) => void warned.push(message), error: quiet };
    const source = createMysqlSource(options, { observer: { alive: quiet, event: quiet, untold: (reason) => void untold.push(reason) }, logger, notes: null, saved: () => null });
    const stream = await source.open('earliest', recorder);
    await recorder.rowsUntil(2);
    await stream.close();
    expect([recorder.rowTexts, untold]).toEqual([['t id=5', 't id=6'], ['xa_prepare_purged', 'xa_prepare_purged']]);
    expect(warned.filter((line) => line.startsWith('the rows of an XA transaction are not told')).length).toBe(2);
  }, 2 * PATIENCE);
});
