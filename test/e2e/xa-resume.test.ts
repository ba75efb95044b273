import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import { place, readyDaemon } from '../support/daemon.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';
import { readerOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, queryAndLeave, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';

const kafka = inject('kafka');
const ROWS = 100_000;
/** X'…' of `never`, the last one that is prepared before the first kill. */
const NEVER = Buffer.from('never').toString('hex');

function prepare(xid: string, sql: string): string {
  return `xa start '${xid}'; ${sql}; xa end '${xid}'; xa prepare '${xid}'`;
}

/** Inserts ids from 1000 on. */
function many(compressed: boolean): string {
  const numbers = `with recursive s (n) as (select 1000 union all select n + 1 from s where n < ${999 + ROWS}) select n, sha2(n, 256) from s`;
  return compressed ? `insert into t ${numbers}` : `insert into t select seq, sha2(seq, 256) from seq_1000_to_${999 + ROWS}`;
}

describe.each([['MySQL', startMysql, 'set cte_max_recursion_depth = 1000000, binlog_transaction_compression = on; '], ['MariaDB', startMariadb, '']] as const)('a daemon that is killed with prepared XA transactions of %s open', (_, start, session) => {
  let server: Server;
  let home: Place;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    home = await place('xa');
  });
  afterEach(() => home.remove());

  it('tells each that is committed, whole, and none that is rolled back', async () => {
    const database = await freshDatabase(server, 'xa');
    const topic = unique('xa');
    const config: DaemonConfig = home.config(server, {
      sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`], topics: { partitions: 1 } },
      format: 'plain',
      routes: [{ tables: [`${database}.t`], topic }],
      limits: { memory: '1MiB', held: '1MiB' },
    });
    const reader = await readerOf(kafka);
    await reader.createTopic(topic, 1);
    const told = async (): Promise<number> => (await reader.endOffsets(topic))[0] ?? 0;
    await query(server, 'create table t (id int primary key, v varchar(100))', database);

    const first = await readyDaemon(home, config);
    await queryAndLeave(server, prepare('small', "insert into t values (1, 'a'), (2, 'b')"), database);
    await queryAndLeave(server, `${session}${prepare('large', many(session !== ''))}`, database);
    await queryAndLeave(server, prepare('never', "insert into t values (3, 'c')"), database);
    await query(server, "insert into t values (4, 'd')", database);
    await first.while(until('the plain row', async () => (await told()) >= 1));
    await first.while(until('a position behind all that is prepared', () => Promise.resolve(readFileSync(home.checkpoint, 'utf8').includes(NEVER))));
    await first.kill();

    await query(server, "flush logs; xa commit 'small'; xa rollback 'never'; insert into t values (5, 'e')", database);
    const second = await readyDaemon(home, config);
    await second.while(until('the rows of the first one', async () => (await told()) >= 4));
    await second.while(query(server, "xa commit 'large'"));
    await second.while(until('some rows of the second one', async () => (await told()) > 1000));
    await second.kill();

    const before = await told();
    expect(before).toBeLessThan(ROWS);
    const third = await readyDaemon(home, config);
    await third.while(query(server, "insert into t values (6, 'f')", database));
    await third.while(until('the last row', async () => (await told()) >= before + ROWS, 120_000));
    expect(await third.stop()).toBe(0);
    await reader.close();
    const ids = (await readTopic(kafka, topic)).map(({ value }) => (JSON.parse(String(value)) as { after: { id: number } }).after.id);
    const large = Array.from({ length: ROWS }, (__, i) => 1000 + i);
    expect(ids).not.toContain(3);
    // In the order of the commits; after a kill from the last saved position on again, the large one from its beginning.
    const last = ids.lastIndexOf(1000);
    expect(ids.slice(last)).toEqual([...large, 6]);
    expect([...new Set(ids)]).toEqual([4, 1, 2, 5, ...large, 6]);
  }, 240_000);
});
