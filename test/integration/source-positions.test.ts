import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import type { Address } from '../support/mysql.ts';
import { connectMysql, query, queryOn } from '../support/mysql.ts';
import { optionsFor, reading, refusal, refused } from './source-support.ts';

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql()],
  ['MySQL 9 without GTIDs', () => startMysql({ flags: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] })],
  ['MariaDB', () => startMariadb()],
  ['MySQL 5.6', () => startMysql56()],
];

async function endOf(server: Address): Promise<{ file: string; position: number }> {
  const rows = await query(server, 'show master status').catch(() => query(server, 'show binary log status'));
  return { file: String(rows[0]?.File), position: Number(rows[0]?.Position) };
}

/** The rows after a place, a number of events of them, and the position behind them. */
function after(server: Address, from: Position | StartAt, events: number): Promise<{ rows: string[]; position: Position }> {
  return reading({ options: optionsFor(server), from }, async (stream, recorder) => {
    await recorder.until(events);
    return { rows: [...recorder.rowTexts], position: stream.position() };
  });
}

describe.each(SERVERS)('positions of %s', (name, start) => {
  let server: Server;
  const sql = (text: string) => query(server, text);

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key auto_increment, note varchar(20)); create table src.w (writer int, n int, primary key (writer, n))');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('begins in the middle of a file and goes on from what it has read', async () => {
    await sql("insert into src.t values (1, 'before')");
    const middle = await endOf(server);
    await sql("insert into src.t values (2, 'after')");
    const first = await after(server, middle, 1);
    expect(first.rows).toEqual(['t id=2 note=after']);
    await sql("insert into src.t values (3, 'later')");
    expect((await after(server, first.position, 1)).rows).toEqual(['t id=3 note=later']);
    expect((await after(server, middle, 2)).rows).toEqual(['t id=2 note=after', 't id=3 note=later']);
  });

  it('refuses offsets inside an event and inside a transaction', async () => {
    const end = await endOf(server);
    await sql("begin; insert into src.t values (4, 'a'); insert into src.t values (5, 'b'); commit");
    const lines = (await sql(`show binlog events in '${end.file}' from ${end.position}`)).map((row) => ({ type: String(row.Event_type), start: Number(row.Pos), end: Number(row.End_log_pos) }));
    const rows = lines.findIndex((line) => /write_rows/i.test(line.type));
    const inside = lines[rows + 1]?.start ?? 0;
    expect(await refusal(optionsFor(server), { ...end, position: inside })).toContain(`${end.file}:${inside} is inside a transaction`);
    expect(await refusal(optionsFor(server), { ...end, position: inside - 1 })).toMatch(/SOURCE_POSITION_FOREIGN|SOURCE_REFUSED/);
    const last = lines.at(-1)?.end ?? 0;
    expect(await refused(optionsFor(server), { ...end, position: last })).toBe('opened');
  });

  it('begins after a GTID set where there are GTIDs', async () => {
    const asked = name === 'MariaDB' ? 'select @@global.gtid_binlog_pos as gtids' : 'select @@global.gtid_executed as gtids';
    const gtid = String((await sql(asked))[0]?.gtids);
    await sql("insert into src.t values (50, 'after the set')");
    if (name === 'MySQL 9' || name === 'MariaDB') {
      const first = await after(server, { gtid }, 1);
      expect(first.rows).toEqual(['t id=50 note=after the set']);
      await sql("insert into src.t values (51, 'later')");
      expect((await after(server, first.position, 1)).rows).toEqual(['t id=51 note=later']);
      expect(await refused(optionsFor(server), { gtid: name === 'MariaDB' ? '0-1-99999999' : '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-9' })).toBe('SOURCE_POSITION_FOREIGN');
      expect(await refused(optionsFor(server), { gtid: 'nonsense' })).toMatch(/SOURCE_REFUSED|CONFIG_INVALID/);
    } else {
      expect(await refused(optionsFor(server), { gtid: '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-9' })).toBe('SOURCE_REFUSED');
    }
  });

  it('at latest, tells a transaction that was open then and commits later', async () => {
    const writer = await connectMysql(server);
    await queryOn(writer, "begin; insert into src.t values (6, 'open')");
    await reading({ options: optionsFor(server), from: 'latest' }, async (_, recorder) => {
      await queryOn(writer, 'commit');
      await recorder.until(1);
      expect(recorder.rowTexts).toEqual(['t id=6 note=open']);
    });
    await writer.end();
  });

  it('at latest, loses nothing of what sessions commit meanwhile', async () => {
    const committed = [0, 0, 0];
    let going = true;
    const writers = committed.map(async (_, writer) => {
      const session = await connectMysql(server);
      while (going) {
        await queryOn(session, `insert into src.w values (${writer}, ${(committed[writer] ?? 0) + 1})`);
        committed[writer] = (committed[writer] ?? 0) + 1;
      }
      await session.end();
    });
    const runs: { known: number[]; position: Position; rows: string[] }[] = [];
    for (let run = 0; run < 5; run++) {
      await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
        const known = [...committed];
        const position = stream.position();
        await recorder.until(60);
        runs.push({ known, position, rows: [...recorder.rowTexts] });
      });
    }
    going = false;
    await Promise.all(writers);
    for (const { known, position, rows } of runs) {
      for (const writer of [0, 1, 2]) {
        const numbers = rows.filter((row) => row.startsWith(`w writer=${writer} `)).map((row) => Number(row.split('n=')[1]));
        const first = numbers[0] ?? 0;
        expect(numbers).toEqual(numbers.map((_, i) => first + i));
        // One more may be before the position already, although its session has not been told so.
        expect(first).toBeLessThanOrEqual((known[writer] ?? 0) + 2);
      }
      // What was told as the position leads to the same rows.
      expect((await after(server, position, rows.length)).rows.slice(0, rows.length)).toEqual(rows);
    }
  });

  it('goes on over many files and a restart of the server', async () => {
    const { position } = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      await sql("insert into src.t values (10, 'first file')");
      for (let i = 11; i < 17; i++) await sql(`flush binary logs; insert into src.t values (${i}, 'x')`);
      await recorder.until(7);
      expect(recorder.rowTexts.map((row) => /id=(\d+)/.exec(row)?.[1])).toEqual(['10', '11', '12', '13', '14', '15', '16']);
      const told = stream.position();
      // Not stopped in good order: the last file has no end.
      await server.kill();
      await server.restart();
      expect((await stream.ended)?.code).toBe('SOURCE_LOST');
      return { position: told };
    });
    await sql("insert into src.t values (20, 'after restart'); flush binary logs; flush binary logs; insert into src.t values (21, 'y')");
    expect((await after(server, position, 2)).rows).toEqual(['t id=20 note=after restart', 't id=21 note=y']);
  });

  if (name === 'MariaDB') it('follows several domains', async () => {
    const position = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      await sql("set session gtid_domain_id = 1; insert into src.t values (30, 'one'); set session gtid_domain_id = 2; insert into src.t values (31, 'two'); set session gtid_domain_id = 0; insert into src.t values (32, 'zero')");
      await recorder.until(3);
      return stream.position();
    });
    expect(position.label).toMatch(/0-1-\d+,1-1-1,2-1-1/);
    await sql("set session gtid_domain_id = 1; insert into src.t values (33, 'one')");
    expect((await after(server, position, 1)).rows).toEqual(['t id=33 note=one']);
  });

  it('refuses a position of another server, and of another history of this one', async () => {
    const position = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      await sql("insert into src.t values (40, 'mine')");
      await recorder.until(1);
      return stream.position();
    });
    const other = name === 'MariaDB' ? await startMariadb({ flags: ['--server-id=7'] }) : name === 'MySQL 5.6' ? await startMysql56() : await startMysql({ flags: name === 'MySQL 9' ? [] : ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] });
    try {
      expect(await refused(optionsFor(other), position)).toBe('SOURCE_POSITION_FOREIGN');
      // The other one may have come further than the position.
      await query(other, `create database src; create table src.t (id int primary key); ${name === 'MariaDB' ? 'set session gtid_seq_no = 10000000; ' : ''}insert into src.t values (1)`);
      await query(other, 'insert into src.t values (2); flush binary logs; insert into src.t values (3)');
      expect(await refusal(optionsFor(other), position)).toContain('SOURCE_POSITION_FOREIGN');
    } finally {
      await other.stop();
    }
    await sql(name.startsWith('MySQL 9') ? 'reset binary logs and gtids' : 'reset master');
    expect(await refused(optionsFor(server), position)).toBe('SOURCE_RESET');
    // Written past the saved place again: the file has its old name and more bytes.
    await sql(`create database if not exists again; ${'create table again.t (id int); drop table again.t; '.repeat(400)}`);
    expect(await refused(optionsFor(server), position)).toBe('SOURCE_RESET');
  });
});
