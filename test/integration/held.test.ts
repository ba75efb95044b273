import { existsSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { RowsEvent, Transaction } from '../../src/core/change.ts';
import { startMariadb } from '../../scripts/servers/index.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { createMysqlSource } from '../../src/mysql/source.ts';
import { CapturedRecorder, optionsFor, reading, sourceOf } from './source-support.ts';

const servers = [['MySQL 9.7', inject('mysql')], ['MariaDB 11.4', inject('mariadb')], ['MySQL 5.6', inject('mysql56')]] as const;

/** Every shape of transaction that may take rows back; what must be told is what the tables hold at the end. With GTIDs, MySQL lets no table without transactions into one. */
const shapes = (mixed: boolean): string => (mixed ? SHAPES : SHAPES.replaceAll(/(?<=;) insert into my values \(\d+\);/gu, ''));
const SHAPES = `
  begin; insert into t values (1); rollback;
  begin; insert into t values (2); savepoint s; insert into t values (3); rollback to s; insert into t values (4); commit;
  begin; insert into t values (5); insert into my values (5); savepoint s; insert into t values (6); insert into my values (6); rollback to s; insert into t values (7); commit;
  begin; insert into t values (8); insert into my values (8); rollback;
  begin; create temporary table scratch (id int primary key); insert into t values (9); insert into scratch values (1); rollback;
  drop temporary table scratch;
  begin; create temporary table scratch (id int primary key); insert into t values (10); savepoint a; insert into t values (11); savepoint b; insert into t values (12); rollback to b; insert into t values (13); rollback to a; insert into t values (14); release savepoint a; commit;
  begin; insert into t values (15); drop temporary table scratch; insert into t values (16); rollback;
  begin; insert into t values (17); create temporary table scratch (id int primary key); drop temporary table scratch; insert into my values (17); rollback;
  insert into my values (18); insert into t values (19)`;

describe.each(servers)('transactions of %s that take rows back', (name, server) => {
  it('are told as they ended: what is in the tables, and nothing else', async () => {
    const database = await freshDatabase(server);
    await query(server, 'create table t (id int primary key) engine = innodb; create table my (id int primary key) engine = myisam', database);
    for (const all of [false, true]) {
      const options = optionsFor(server, { captures: (schema) => schema === database, reaches: (schema) => schema === database });
      await reading({ options: { ...options, holding: { ...options.holding, all, memory: 200 } }, from: 'latest', recorder: new CapturedRecorder() }, async (stream, recorder) => {
        await query(server, shapes(name !== 'MySQL 9.7'), database);
        const wanted = (await query(server, `select concat('t id=', id) as line from t union all select concat('my id=', id) from my`, database)) as { line: string }[];
        await recorder.rowsUntil(wanted.length);
        expect([...recorder.rowTexts].sort()).toEqual(wanted.map(({ line }) => line).sort());
        expect(recorder.rowTexts.at(-1)).toBe('t id=19');
        const before = recorder.events;
        await query(server, 'delete from t; delete from my', database);
        await recorder.until(before + 2);
        expect(existsSync(options.holding.path)).toBe(false);
        await stream.close();
      });
    }
  });

  it('tell their XID before their first row where they are held for it', async () => {
    const database = await freshDatabase(server);
    await query(server, 'create table t (id int primary key) engine = innodb', database);
    const options = optionsFor(server, { captures: (schema) => schema === database, reaches: (schema) => schema === database });
    const begun: Transaction[] = [];
    const recorder = new (class extends CapturedRecorder {
      #last: Transaction | null = null;
      override begin(transaction?: Transaction): void {
        this.#last = transaction ?? null;
      }
      override rows(event: RowsEvent): void {
        if (event.table.captured && this.#last !== null) begun.push(this.#last);
        super.rows(event);
      }
    })();
    const stream = await sourceOf({ ...options, holding: { ...options.holding, all: true } }).open('latest', recorder);
    try {
      await query(server, 'insert into t values (1); insert into t values (2); begin; insert into t values (3); commit', database);
      await recorder.rowsUntil(3);
      const numbers = begun.map(({ xid }) => xid);
      expect(numbers.length).toBe(3);
      for (const [i, xid] of numbers.entries()) expect(xid, String(i)).toBeGreaterThan(numbers[i - 1] ?? 0n);
    } finally {
      await stream.close();
    }
  });
});

describe('a transaction that MariaDB was writing to its binlog when it crashed', () => {
  const quiet = (): void => undefined;

  it('is rolled back by the server and left out by name; with rows of tables without transactions it stops the stream', async () => {
    const server = await startMariadb();
    try {
      await query(server, 'create database src; create table src.t (id int primary key, v varchar(100)) engine = innodb; create table src.my (id int primary key) engine = myisam; flush logs');
      const options = optionsFor(server);
      const begin = await reading({ options, from: 'latest' }, (stream) => Promise.resolve(stream.position()));
      // The file ends behind the first of the rows, as if the rest of it had never come to the disk.
      const crash = async (sql: string): Promise<void> => {
        const [status] = await query(server, 'show master status');
        await query(server, sql);
        const events = await query(server, `show binlog events in '${String(status?.['File'])}' from ${String(status?.['Position'])}`);
        const first = events.findIndex(({ Event_type: type }) => String(type).startsWith('Write_rows'));
        const cut = Number(events[first + 1]?.['Pos']);
        await server.kill();
        await truncate(join(server.folder, 'data', String(status?.['File'])), cut);
        await server.restart();
      };
      await query(server, "insert into src.t values (1, 'a')");
      await crash("begin; insert into src.t values (2, 'b'); insert into src.t values (3, 'c'); commit");
      await query(server, "insert into src.t values (4, 'd')");
      const untold: string[] = [];
      const recorder = new CapturedRecorder();
      const source = createMysqlSource(options, { observer: { alive: quiet, event: quiet, untold: (reason) => void untold.push(reason) }, logger: { debug: quiet, info: quiet, warn: quiet, error: quiet }, notes: null, saved: () => null });
      const stream = await source.open(begin, recorder);
      await recorder.rowsUntil(2);
      const position = stream.position();
      await stream.close();
      expect([recorder.rowTexts, untold]).toEqual([['t id=1 v=a', 't id=4 v=d'], ['crashed']]);
      // Its number was given away again.
      const [now] = await query(server, 'select @@gtid_binlog_pos as gtids');
      expect(position.state).toMatchObject({ gtid: now?.['gtids'] });

      await crash('insert into src.my values (5)');
      await query(server, "insert into src.t values (6, 'f')");
      await expect(reading({ options, from: position }, (_, told) => told.rowsUntil(1))).rejects.toMatchObject({ code: 'EVENT_CORRUPT' });
    } finally {
      await server.stop();
    }
  }, 60_000);
});
