import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMysql } from '../../scripts/servers/index.ts';
import { place, readyDaemon } from '../support/daemon.ts';
import type { Place } from '../support/daemon.ts';
import { readerOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';

const kafka = inject('kafka');
const ROWS = 400_000;

let mysql: Server;
let home: Place;

beforeAll(async () => {
  mysql = await startMysql();
});
afterAll(() => mysql.stop());
beforeEach(async () => {
  home = await place('compressed');
});
afterEach(() => home.remove());

describe('a daemon that is killed in the middle of a compressed transaction', () => {
  it('tells it again from its beginning: no row is lost, and each is told the same', async () => {
    const database = await freshDatabase(mysql, 'compressed');
    const topic = unique('compressed');
    const config = home.config(mysql, {
      sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`], topics: { partitions: 1 } },
      format: 'plain',
      routes: [{ tables: [`${database}.t`], topic }],
      limits: { memory: '16MiB' },
    });
    const reader = await readerOf(kafka);
    await reader.createTopic(topic, 1);
    const told = async (): Promise<number> => (await reader.endOffsets(topic))[0] ?? 0;
    await query(mysql, 'create table t (id int primary key, v varchar(100))', database);
    const first = await readyDaemon(home, config);
    await first.while(query(mysql, `set cte_max_recursion_depth = ${ROWS}, binlog_transaction_compression = on; insert into t with recursive s (n) as (select 1 union all select n + 1 from s where n < ${ROWS}) select n, sha2(n, 256) from s`, database));
    await first.while(until('some of the rows', async () => (await told()) > 0));
    await first.kill();
    const before = await told();
    expect(before).toBeLessThan(ROWS);
    const second = await readyDaemon(home, config);
    await second.while(until('all of the rows', async () => (await told()) >= before + ROWS, 120_000));
    expect(await second.stop()).toBe(0);
    await reader.close();
    const rows = (await readTopic(kafka, topic)).map(({ value }) => JSON.parse(String(value)) as { source: { position: number; row: number }; after: { id: number } });
    expect(rows.length).toBe(before + ROWS);
    const ids = rows.map(({ after }) => after.id);
    expect(ids.slice(0, before)).toEqual(Array.from({ length: before }, (_, i) => i + 1));
    expect(ids.slice(before)).toEqual(Array.from({ length: ROWS }, (_, i) => i + 1));
    // The same row has the same place both times, and no other row has it.
    const places = rows.map(({ source }) => `${source.position}:${source.row}`);
    expect(places.slice(0, before)).toEqual(places.slice(before, 2 * before));
    expect(new Set(places).size).toBe(ROWS);
  }, 240_000);
});
