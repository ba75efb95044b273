import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from 'mysql2/promise';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import type { RowsEvent } from '../../src/core/change.ts';
import { heldBuffers } from '../support/held-buffers.ts';
import { connectMysql, query, queryOn } from '../support/mysql.ts';
import { optionsFor, reading, Recorder, sourceOf } from './source-support.ts';

const MEGABYTE = 1 << 20;

describe('transactions that MySQL compresses', () => {
  let server: Server;
  let session: Connection;

  beforeAll(async () => {
    server = await startMysql({ flags: ['--max-allowed-packet=1073741824'] });
    await query(server, "create database src; create table src.t (id int primary key, n int); create table src.u (id int primary key, doc json); create table src.big (id int primary key auto_increment, b longblob); create table src.myisam (id int) engine = myisam");
    session = await connectMysql(server, 'src');
    await session.query('set binlog_transaction_compression = on, binlog_rows_query_log_events = on');
  });
  afterAll(async () => {
    await session.end();
    await server.stop();
  });

  /** Types of the last events, as the server lists them: those inside a payload come after it. */
  async function listed(): Promise<string[]> {
    const [end] = await queryOn(session, 'show binary log status');
    const rows = await queryOn(session, `show binlog events in '${String(end?.File)}'`);
    const types = rows.map((row) => String(row.Event_type));
    return types.slice(types.lastIndexOf('Gtid'));
  }

  it.each<[kind: string, sql: string, events: string[], told: string[]]>([
    ['several statements and tables', "begin; insert into t values (1, 1), (2, 2); update t set n = 3 where id = 1; insert into u values (1, '{}'); delete from t where id = 2; commit",
      ['Gtid', 'Transaction_payload', 'Query', 'Rows_query', 'Table_map', 'Write_rows', 'Rows_query', 'Table_map', 'Update_rows', 'Rows_query', 'Table_map', 'Write_rows', 'Rows_query', 'Table_map', 'Delete_rows', 'Xid'],
      ['t id=1 n=1', 't id=2 n=2', 't id=1 n=3', 'u id=1 doc={}', 't id=2 n=2']],
    ['a savepoint', 'begin; insert into t values (10, 1); savepoint s; insert into t values (11, 1); rollback to s; insert into t values (12, 1); commit',
      ['Gtid', 'Transaction_payload', 'Query', 'Rows_query', 'Table_map', 'Write_rows', 'Query', 'Rows_query', 'Table_map', 'Write_rows', 'Xid'],
      ['t id=10 n=1', 't id=12 n=1']],
    ['partial JSON', "set binlog_row_value_options = 'PARTIAL_JSON'; insert into u values (2, '{\"a\": \"long enough\", \"b\": [1]}'); update u set doc = json_set(doc, '$.a', 'x', '$.b[1]', 2) where id = 2; set binlog_row_value_options = ''",
      ['Gtid', 'Transaction_payload', 'Query', 'Rows_query', 'Table_map', 'Update_rows_partial', 'Xid'],
      ['u id=2 doc={"a": "long enough", "b": [1]}', 'u id=2 doc={"a": "x", "b": [1, 2]}']],
    ['a CREATE TABLE … SELECT, which it does not', 'create table made as select id, n from t where id = 12', ['Gtid', 'Query', 'Query', 'Rows_query', 'Table_map', 'Write_rows', 'Xid'], ['made id=12 n=1']],
    ['a table without transactions, which it does not', 'insert into myisam values (7)', ['Gtid', 'Query', 'Rows_query', 'Table_map', 'Write_rows', 'Query'], ['myisam id=7']],
  ])('%s', async (_, sql, events, told) => {
    await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      await session.query(sql);
      await recorder.rowsUntil(told.length);
      expect([recorder.rowTexts, await listed()]).toEqual([told, events]);
      const [end] = await queryOn(session, 'show binary log status');
      expect(stream.position().label).toContain(`${String(end?.File)}:${String(end?.Position)}`);
    });
  });

  it('with the text of each statement', async () => {
    const texts: (string | null)[] = [];
    const recorder = new (class extends Recorder {
      override rows(event: RowsEvent): void {
        texts.push(event.query);
        super.rows(event);
      }
    })();
    const stream = await sourceOf(optionsFor(server, { includeQuery: true })).open('latest', recorder);
    await session.query('begin; insert into t values (20, 1); insert into t values (21, 1), (22, 2); commit');
    await recorder.rowsUntil(3);
    await stream.close();
    expect(texts).toEqual(['insert into t values (20, 1)', 'insert into t values (21, 1), (22, 2)']);
  });

  it('are read again from their beginning where reading ended in their middle', async () => {
    const options = optionsFor(server);
    await session.query('insert into t values (100, 0)');
    await reading({ options, from: 'latest' }, async (stream, recorder) => {
      const start = stream.position();
      const ended = new Promise<void>((resolve) => {
        recorder.onRows = () => { if (recorder.events === 3) void stream.close().then(resolve); };
      });
      await session.query(`begin; ${Array.from({ length: 9 }, (_, i) => `insert into t values (${101 + i}, 1);`).join(' ')} commit`);
      await ended;
      expect([recorder.events, recorder.commits, stream.position().label]).toEqual([3, expect.any(Number), start.label]);
      await reading({ options, from: stream.position() }, async (_, again) => {
        await again.rowsUntil(9);
        expect(again.rowTexts).toEqual(Array.from({ length: 9 }, (_, i) => `t id=${101 + i} n=1`));
      });
    });
  });

  it('of 500 MB, with memory bounded by limits.row', async () => {
    const rowLimit = 4 * MEGABYTE;
    const rows = 500;
    const most = 100 * MEGABYTE;
    let peak = 0;
    const held = heldBuffers(most);
    let largest = 0;
    const recorder = new (class extends Recorder {
      override rows(event: RowsEvent): void {
        largest = Math.max(largest, event.bytes.buffer.byteLength);
        peak = Math.max(peak, held());
        this.seen.push(`${event.operation} ${event.table.name}`);
        this.rowTexts.push(String(event.end - event.start));
      }
    })();
    const stream = await sourceOf(optionsFor(server, { rowLimit })).open('latest', recorder);
    void stream.ended.then((error) => error !== null && recorder.fail(error));
    await session.query(`set cte_max_recursion_depth = 100000; insert into big (b) with recursive s (n) as (select 1 union all select n + 1 from s where n < ${rows}) select repeat(sha2(n, 512), 8192) from s`);
    await recorder.rowsUntil(rows);
    await stream.close();
    expect(await listed()).toContain('Transaction_payload');
    expect(new Set(recorder.rowTexts)).toEqual(new Set([String(MEGABYTE + 9)]));
    expect(largest).toBeLessThan(2 * rowLimit);
    expect(peak).toBeLessThan(most);
  });
});

describe('events that MariaDB compresses', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startMariadb({ flags: ['--log-bin-compress=1', '--log-bin-compress-min-len=10'] });
    await query(server, 'create database src; create table src.t (id int primary key, b longblob); create table src.`left` (id int primary key, b longblob)');
  });
  afterAll(async () => {
    await server.stop();
  });

  const options = () => optionsFor(server, { rowLimit: MEGABYTE, captures: (database, table) => database === 'src' && table !== 'left' });
  const megabytes = (count: number): string => `repeat('x', ${Math.round(count * MEGABYTE)})`;

  it('are compressed, and told by what they hold', async () => {
    await reading({ options: options(), from: 'latest' }, async (_, recorder) => {
      await query(server, `insert into src.t values (1, ${megabytes(0.9)}), (2, 'short and short and short and short'); update src.t set b = concat(b, 'y') where id = 1; delete from src.t where id = 2`);
      await recorder.rowsUntil(4);
      expect(recorder.rowTexts).toEqual(['t id=1 b=943718 bytes', 't id=2 b=35 bytes', 't id=1 b=943719 bytes', 't id=2 b=35 bytes']);
    });
    const [file] = await query(server, 'show binary logs');
    const listed = (await query(server, `show binlog events in '${String(file?.Log_name)}'`)).map((row) => String(row.Event_type));
    for (const type of ['Query_compressed', 'Write_rows_compressed_v1', 'Update_rows_compressed_v1', 'Delete_rows_compressed_v1']) expect(listed).toContain(type);
  });

  it('that hold more than limits.row allows are passed over in a table that no route takes, and refused in others', async () => {
    await reading({ options: options(), from: 'latest' }, async (stream, recorder) => {
      await query(server, `insert into src.\`left\` values (1, ${megabytes(5)}); insert into src.t values (10, 'enough to be compressed')`);
      await recorder.until(2);
      expect([recorder.seen, recorder.rowTexts]).toEqual([['insert left', 'insert t'], ['t id=10 b=23 bytes']]);
      await query(server, `insert into src.t values (11, ${megabytes(1.5)})`);
      const error = await stream.ended;
      expect([error?.code, error?.facts.table, error?.facts.limit, recorder.events]).toEqual(['ROW_TOO_LARGE', 'src.t', MEGABYTE + 65_536, 2]);
      expect(Number(error?.facts.bytes)).toBeGreaterThan(1.5 * MEGABYTE);
    });
  });
});
