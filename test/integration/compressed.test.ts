import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import type { RowsEvent } from '../../src/core/change.ts';
import { RowImage } from '../../src/core/row-image.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { query, unique } from '../support/mysql.ts';
import type { Address } from '../support/mysql.ts';
import { optionsFor, reading, Recorder, refusal, sourceOf } from './source-support.ts';

const PATIENCE = 120_000;

/** Random text that no level makes small, as hexadecimal digits, and text that shrinks to nearly nothing. */
const HARD = "sha2(concat(n, 'a'), 512)";
const EASY = "repeat('abc ', 64)";

async function database(server: Address): Promise<string> {
  const name = unique('packed');
  await query(server, `create database ${name}; use ${name}; create table t (id int primary key, hard varchar(200), easy varchar(300), body longtext, doc json)`);
  return name;
}

/** One transaction of `rows` rows. */
function insert(name: string, from: number, rows: number): string {
  return `set session cte_max_recursion_depth = 1000000; insert into ${name}.t with recursive s (n) as (select ${String(from)} union all select n + 1 from s where n < ${String(from + rows - 1)}) select n, ${HARD}, ${EASY}, null, json_object('n', n) from s`;
}

/** Everything of a table, as the recorder writes it down. */
async function selected(server: Address, name: string): Promise<string[]> {
  const rows = await query(server, `select concat_ws(' ', 't', concat('id=', id), concat('hard=', if(length(hard) > 60, concat(length(hard), ' characters'), hard)), concat('easy=', length(easy), ' characters'), concat('body=', if(body is null, 'null', concat(length(body), ' characters'))), concat('doc=', doc)) as line from ${name}.t order by id`);
  return (rows as { line: string }[]).map(({ line }) => line);
}

describe('compressed transactions of MySQL', () => {
  let mysql: Server;
  beforeAll(async () => {
    mysql = await startMysql();
  }, PATIENCE);
  afterAll(() => mysql.stop());

  it.each([1, 3, 10, 19, 22])('hold the rows that the server shows, at level %i', async (level) => {
    const name = await database(mysql);
    await reading({ options: optionsFor(mysql, { captures: (db) => db === name }), from: 'latest' }, async (_, recorder) => {
      await query(mysql, `set session binlog_transaction_compression = on, session binlog_transaction_compression_level_zstd = ${String(level)}; ${insert(name, 1, 1)}; ${insert(name, 2, 3000)}; insert into ${name}.t values (5000, 'x', ${EASY}, repeat('long ', 300000), '{}')`);
      const wanted = await selected(mysql, name);
      expect(wanted.length).toBe(3002);
      await recorder.rowsUntil(wanted.length);
      expect(recorder.rowTexts).toEqual(wanted);
    });
  }, PATIENCE);

  it('take their turn among others, and end where the next one begins', async () => {
    const name = await database(mysql);
    await reading({ options: optionsFor(mysql, { captures: (db) => db === name }), from: 'latest' }, async (stream, recorder) => {
      await query(mysql, `${insert(name, 1, 2)}; set session binlog_transaction_compression = on; begin; ${insert(name, 3, 2)}; ${insert(name, 5, 2)}; commit; set session binlog_transaction_compression = off; ${insert(name, 7, 1)}`);
      await recorder.rowsUntil(7);
      expect(recorder.rowTexts).toEqual(await selected(mysql, name));
      const end = stream.position();
      await stream.close();
      await reading({ options: optionsFor(mysql, { captures: (db) => db === name }), from: end }, async (_, after) => {
        await query(mysql, insert(name, 8, 1));
        await after.rowsUntil(1);
        expect(after.rowTexts.map((line) => line.split(' ')[1])).toEqual(['id=8']);
      });
    });
  }, PATIENCE);

  it('give each row a number of its own, though all of one payload have one position', async () => {
    const name = await database(mysql);
    const seen = new Set<string>();
    let rows = 0;
    const numbers = new (class extends Recorder {
      override rows(event: RowsEvent): void {
        super.rows(event);
        const image = new RowImage(event.table);
        let row = event.firstRow;
        for (let at = event.start; at < event.end; at = image.end(), row++, rows++) {
          image.set(event.bytes, at, event.end);
          seen.add(`${String(event.position)} ${String(row)}`);
        }
      }
    })();
    const stream = await sourceOf(optionsFor(mysql, { captures: (db) => db === name })).open('latest', numbers);
    try {
      await query(mysql, `set session binlog_transaction_compression = on; begin; ${insert(name, 1, 500)}; ${insert(name, 1001, 500)}; commit`);
      await numbers.rowsUntil(1000);
      expect(rows).toBe(1000);
      expect(seen.size).toBe(1000);
    } finally {
      await stream.close();
    }
  }, PATIENCE);

  it('of hundreds of megabytes are read with pauses in the middle, and every row comes once', async () => {
    const name = await database(mysql);
    await reading({ options: optionsFor(mysql, { captures: (db) => db === name, rowLimit: 4 << 20 }), from: 'latest' }, async (stream, recorder) => {
      let paused = 0;
      recorder.onRows = () => {
        if (recorder.events % 500 !== 0) return;
        paused++;
        stream.pause();
        const held = recorder.events;
        setTimeout(() => {
          // What was handed over before the pause is all there is.
          expect(recorder.events).toBe(held);
          stream.resume();
        }, 20);
      };
      const rows = 60_000;
      await query(mysql, `set session cte_max_recursion_depth = 1000000, session binlog_transaction_compression = on; insert into ${name}.t with recursive s (n) as (select 1 union all select n + 1 from s where n < ${String(rows)}) select n, 'h', ${EASY}, repeat('x', 4000), '{}' from s`);
      await recorder.rowsUntil(rows);
      expect(recorder.rowTexts.map((line) => line.split(' ')[1])).toEqual(Array.from({ length: rows }, (_, i) => `id=${String(i + 1)}`));
      expect(paused).toBeGreaterThan(10);
    });
  }, PATIENCE);

  it('obey limits.row: a larger row of a table that nobody takes is passed over, one of a captured table refused', async () => {
    const name = await database(mysql);
    const big = `set session binlog_transaction_compression = on; insert into ${name}.t values (1, 'x', ${EASY}, repeat('long ', 300000), '{}')`;
    const limited = { rowLimit: 100_000 };
    await reading({ options: optionsFor(mysql, { ...limited, captures: (db, table) => db === name && table === 'small' }), from: 'latest' }, async (_, recorder) => {
      await query(mysql, `create table ${name}.small (id int primary key); ${big}; insert into ${name}.small values (1)`);
      await recorder.rowsUntil(1);
      expect(recorder.rowTexts).toEqual(['small id=1']);
      expect(recorder.seen).toEqual(['insert t', 'insert small']);
    });
    const start = sourceOf(optionsFor(mysql, { ...limited, captures: (db) => db === name }));
    const recorder = new Recorder();
    const stream = await start.open('latest', recorder);
    await query(mysql, `delete from ${name}.small; delete from ${name}.t where id < 0; set session binlog_transaction_compression = on; replace into ${name}.t values (2, 'x', ${EASY}, repeat('long ', 300000), '{}')`);
    expect(await stream.ended).toMatchObject({ code: 'ROW_TOO_LARGE' });
    await stream.close();
  }, PATIENCE);
});

describe('compressed events of MariaDB', () => {
  it('hold the rows and statements that the server shows', async () => {
    const server = await startMariadb({ flags: ['--log-bin-compress=1', '--log-bin-compress-min-len=10', '--binlog-row-metadata=FULL'] });
    try {
      expect(await refusal(optionsFor(server))).toBe('opened');
      const name = await database(server);
      await reading({ options: optionsFor(server, { captures: (db) => db === name }), from: 'latest' }, async (_, recorder) => {
        const rows = `select seq, sha2(seq, 512), ${EASY}, null, json_object('n', seq) from`;
        await query(server, `use ${name}; insert into ${name}.t ${rows} seq_1_to_2000; begin; insert into ${name}.t ${rows} seq_3001_to_3003; update ${name}.t set body = repeat('y', 1000) where id = 3001; delete from ${name}.t where id = 3002; commit; alter table ${name}.t comment 'a statement long enough to be compressed as well'; insert into ${name}.t values (9000, 'x', ${EASY}, repeat('long ', 300000), '{}')`);
        await recorder.rowsUntil(2006);
        const wanted = await selected(server, name);
        const told = recorder.rowTexts.filter((line) => !line.startsWith('t id=300'));
        expect(told).toEqual(wanted.filter((line) => !line.startsWith('t id=300')));
        expect(recorder.seen.slice(-4)).toEqual(['insert t', 'update t', 'delete t', 'insert t']);
      });
    } finally {
      await server.stop();
    }
  }, PATIENCE);
});
