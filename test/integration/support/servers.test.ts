import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Kafka, CompressionTypes, logLevel } from 'kafkajs';
import type { KafkaReader } from '../../support/kafka.ts';
import { readerOf } from '../../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn, unique } from '../../support/mysql.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

describe('the shared databases', () => {
  it.each([
    ['mysql', /^9\.7\./, 'FULL'],
    ['mariadb', /^11\.4\./, 'FULL'],
    ['mysql56', /^5\.6\./, undefined],
  ] as const)('%s has its version, the row format and its metadata', async (name, version, metadata) => {
    const server = inject(name);
    const [row] = await query(server, "select version() as version, @@global.binlog_format as format, @@global.log_bin as log_bin");
    expect(row?.['version']).toMatch(version);
    expect(row).toMatchObject({ format: 'ROW', log_bin: '1' });
    const [variable] = await query(server, "show global variables like 'binlog_row_metadata'");
    expect(variable?.['Value']).toBe(metadata);
  });

  it('keeps big numbers and decimals as the server writes them', async () => {
    const server = inject('mysql');
    const database = await freshDatabase(server);
    const rows = await query(server, 'create table t (a bigint unsigned, b decimal(30,10)); insert into t values (18446744073709551615, 1.5); select * from t', database);
    expect(rows).toEqual([{ a: '18446744073709551615', b: '1.5000000000' }]);
  });
});

describe('the Kafka reader', () => {
  let reader: KafkaReader;
  beforeAll(async () => {
    reader = await readerOf(inject('kafka'));
  });
  afterAll(() => reader.close());

  it('reads keys, values, tombstones, headers and partitions up to the end offsets', async () => {
    const topic = unique('reader');
    await reader.createTopic(topic, 2);
    const { host, port } = inject('kafka');
    const producer = new Kafka({ brokers: [`${host}:${port}`], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ partition: 1, key: 'a', value: 'one', headers: { h: 'x' } }, { partition: 1, key: 'b', value: null }] });
    await producer.send({ topic, compression: CompressionTypes.None, messages: [{ partition: 0, key: null, value: 'two' }] });
    await producer.disconnect();

    expect(await reader.endOffsets(topic)).toEqual([1, 2]);
    const messages = await reader.read(topic);
    expect(messages.map(({ partition, offset, key, value, headers }) => [partition, offset, key?.toString() ?? null, value?.toString() ?? null, headers])).toEqual([
      [0, 0, null, 'two', {}],
      [1, 0, 'a', 'one', { h: 'x' }],
      [1, 1, 'b', null, {}],
    ]);
  });

  it('waits for the brokers to lead the partitions of a topic that is just created', async () => {
    const { host, port } = inject('kafka');
    const admin = new Kafka({ brokers: [`${host}:${port}`], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topics: string[] = [];
    let refused = 0;
    while (refused < 2 && topics.length < 20) {
      const topic = unique('new');
      topics.push(topic);
      await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 100 }] });
      await admin.fetchTopicOffsets(topic).catch(() => refused++);
      expect(await reader.endOffsets(topic)).toEqual(new Array<number>(100).fill(0));
    }
    expect(refused).toBe(2);
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  });
});

describe('the proxy', () => {
  let proxy: TcpProxy;
  beforeAll(async () => {
    proxy = await startTcpProxy(inject('mysql'));
  });
  afterAll(() => proxy.close());

  it('carries a session, holds it while stalled, and breaks it when cut', async () => {
    expect(await query(proxy, 'select 1 as one')).toEqual([{ one: '1' }]);
    proxy.stall();
    const held = query(proxy, 'select 2 as two');
    proxy.resume();
    expect(await held).toEqual([{ two: '2' }]);
    const session = await connectMysql(proxy);
    const sleeping = queryOn(session, 'select sleep(60)');
    proxy.cut();
    await expect(sleeping).rejects.toMatchObject({ fatal: true });
    proxy.refuse();
    await expect(query(proxy, 'select 1')).rejects.toThrow();
    proxy.accept();
    expect(await query(proxy, 'select 3 as three')).toEqual([{ three: '3' }]);
  });
});
