import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RowcastError } from '../../src/core/errors.ts';
import type { Checkpoint } from '../../src/core/ports.ts';
import { Secret } from '../../src/core/secret.ts';
import { TableCheckpointStore } from '../../src/mysql/checkpoint-table.ts';
import { readerOf } from '../support/kafka.ts';
import { unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { killHolder, KINDS, prepareStores, removeStores, table, tableName, topic } from './support/stores.ts';

beforeAll(prepareStores);
afterAll(removeStores);

function checkpoint(number: number, text = ''): Checkpoint {
  return { position: { state: { file: `binlog.${String(number)}`, position: number, gtid: null, text }, label: `binlog.${String(number)}:${String(number)} ${text}` }, savedAt: 1_700_000_000_000 + number };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'done', (error: unknown) => (error as RowcastError).code);
}

describe.each(KINDS)('a checkpoint in %s', (_, make) => {
  it('is nothing at first, then what was saved last, whoever reads it, the lock held or not', async () => {
    const place = unique('kept');
    const store = make(place, 'shop', []);
    expect(await make(place, 'shop', []).load()).toBeNull();
    await store.open();
    expect(await store.load()).toBeNull();
    for (const number of [1, 2, 3]) await store.save(checkpoint(number));
    await store.save(checkpoint(4, 'ünï—😀\u0000"\\'));
    expect(await store.load()).toEqual(checkpoint(4, 'ünï—😀\u0000"\\'));
    expect(await make(place, 'shop', []).load()).toEqual(checkpoint(4, 'ünï—😀\u0000"\\'));
    await store.close();
    const again = make(place, 'shop', []);
    await again.open();
    expect(await again.load()).toEqual(checkpoint(4, 'ünï—😀\u0000"\\'));
    await again.save(checkpoint(5));
    await again.close();
    await again.close();
    expect((await make(place, 'shop', []).load())?.savedAt).toBe(checkpoint(5).savedAt);
  }, 60_000);

  it('keeps a position of a megabyte, as a GTID set of many servers is', async () => {
    const place = unique('large');
    const store = make(place, 'shop', []);
    await store.open();
    const large = checkpoint(1, 'x'.repeat(900_000));
    await store.save({ ...large, position: { ...large.position, label: 'short' } });
    expect((await store.load())?.position.state).toEqual(large.position.state);
    await store.close();
  }, 60_000);

  it('saves nothing without being held, before and after', async () => {
    const store = make(unique('unheld'), 'shop', []);
    expect(await codeOf(store.save(checkpoint(1)))).toBe('CHECKPOINT_LOCKED');
    await store.open();
    await store.close();
    expect(await codeOf(store.save(checkpoint(1)))).toBe('CHECKPOINT_LOCKED');
  }, 60_000);

  it('never has two who write: a second one is refused, or the first one is told and writes no more', async () => {
    const place = unique('two');
    const lost: RowcastError[] = [];
    const [first, second] = [make(place, 'shop', lost), make(place, 'shop', [])];
    await first.open();
    await first.save(checkpoint(1));
    const opened = await codeOf(second.open());
    if (opened === 'done') {
      expect(await codeOf(first.save(checkpoint(2)))).toBe('SINK_FENCED');
      expect(lost.map(({ code }) => code)).toEqual(['SINK_FENCED']);
      await second.save(checkpoint(3));
      expect(await codeOf(first.save(checkpoint(4)))).toBe('CHECKPOINT_LOCKED');
      expect(await second.load()).toEqual(checkpoint(3));
    } else {
      expect(opened).toBe('CHECKPOINT_LOCKED');
      await first.save(checkpoint(2));
      expect(await first.load()).toEqual(checkpoint(2));
    }
    await second.close();
    await first.close();
  }, 60_000);
});

describe('kinds that several daemons share', () => {
  it.each(KINDS.slice(1))('%s keeps them apart by name', async (_, make) => {
    const place = unique('shared');
    const [shop, other] = [make(place, 'shop', []), make(place, 'other', [])];
    await shop.open();
    await other.open();
    await shop.save(checkpoint(1));
    await other.save(checkpoint(2));
    await shop.save(checkpoint(3));
    expect([await shop.load(), await other.load()]).toEqual([checkpoint(3), checkpoint(2)]);
    await shop.close();
    await other.close();
  }, 60_000);

  it.each(KINDS.slice(1))('%s tells whether one is in use', async (_, make) => {
    const place = unique('held');
    const store = make(place, 'shop', []);
    const looker = make(place, 'shop', []);
    await store.open();
    await until('it is seen in use', () => looker.isHeld?.());
    await store.close();
    expect(await looker.isHeld?.()).toBe(false);
    await looker.close();
  }, 60_000);
});

describe('a checkpoint in a table', () => {
  it('is taken at once by one that was elected, though its predecessor keeps the lock; it has the lock when that ends', async () => {
    const place = unique('elected');
    const lost: RowcastError[] = [];
    const halted = table('mysql', place, 'shop', lost, true);
    await halted.open();
    await halted.save(checkpoint(1));
    const elected = table('mysql', place, 'shop', [], true);
    await elected.open();
    expect(await elected.load()).toEqual(checkpoint(1));
    await elected.save(checkpoint(2));
    expect(await codeOf(halted.save(checkpoint(3)))).toBe('SINK_FENCED');
    expect(lost.map(({ code }) => code)).toEqual(['SINK_FENCED']);
    await halted.close();
    // The server gives the lock back when it has seen the end of the connection, which nobody waits for.
    await until('the lock is free', async () => !(await halted.isHeld()));
    await elected.save(checkpoint(4));
    expect(await codeOf(table('mysql', place, 'shop', []).open())).toBe('CHECKPOINT_LOCKED');
    expect(await elected.load()).toEqual(checkpoint(4));
    await Promise.all([elected.close(), halted.close()]);
  }, 60_000);

  it('is not overwritten by a daemon that lost its lock while another took the row', async () => {
    const place = unique('fenced');
    const lost: RowcastError[] = [];
    const first = table('mysql', place, 'shop', lost);
    await first.open();
    await first.save(checkpoint(1));
    await killHolder('mysql', place);
    const second = table('mysql', place, 'shop', []);
    await second.open();
    expect(await codeOf(first.save(checkpoint(2)))).toMatch(/SINK_FENCED|CHECKPOINT_LOST/);
    await second.save(checkpoint(3));
    expect(await codeOf(first.save(checkpoint(4)))).toMatch(/SINK_FENCED|CHECKPOINT_LOCKED/);
    expect(lost.map(({ code }) => code)).toEqual(['SINK_FENCED']);
    expect(await second.load()).toEqual(checkpoint(3));
    await second.close();
  }, 60_000);

  it('goes on after its connection was lost, where nobody took the row', async () => {
    const place = unique('again');
    const store = table('mariadb', place, 'shop', []);
    await store.open();
    await store.save(checkpoint(1));
    await killHolder('mariadb', place);
    await until('it saves again', async () => (await codeOf(store.save(checkpoint(2)))) === 'done');
    expect(await store.load()).toEqual(checkpoint(2));
    await store.close();
  }, 60_000);

  it.each(['mysql', 'mariadb', 'mysql56'] as const)('replaces a connection whose packets vanish, though the server (%s) goes on holding its lock', async (kind) => {
    const place = unique('vanished');
    const lost: RowcastError[] = [];
    const proxy = await startTcpProxy(inject(kind));
    const server = { host: proxy.host, port: proxy.port, user: 'root', password: new Secret(''), connectTimeout: 1_000, tls: { mode: 'preferred', ca: null, cert: null, key: null } as const };
    const store = new TableCheckpointStore({ ...server, name: 'shop', lockSeconds: 1, table: tableName(kind, place) }, (error) => lost.push(error));
    await store.open();
    await store.save(checkpoint(1));
    proxy.strand();
    await store.save(checkpoint(2));
    expect(await store.load()).toEqual(checkpoint(2));
    expect(lost).toEqual([]);
    expect(await codeOf(table(kind, place, 'shop', []).open())).toBe('CHECKPOINT_LOCKED');
    await store.close();
    await proxy.close();
  }, 60_000);

  it('tells what is wrong: no such database, no grant', async () => {
    const { host, port } = inject('mysql');
    const server = { host, port, password: new Secret(''), connectTimeout: 5_000, tls: { mode: 'disabled', ca: null, cert: null, key: null } as const };
    expect(await codeOf(new TableCheckpointStore({ ...server, user: 'root', name: 'shop', table: 'no_such_database.t' }, () => undefined).open())).toBe('CHECKPOINT_UNWRITABLE');
    expect(await codeOf(new TableCheckpointStore({ ...server, user: 'nobody', name: 'shop', table: 'a.t' }, () => undefined).open())).toBe('CHECKPOINT_UNWRITABLE');
    expect(await codeOf(new TableCheckpointStore({ ...server, port: 1, user: 'root', name: 'shop', table: 'a.t' }, () => undefined).open())).toBe('CHECKPOINT_LOST');
  });
});

describe('a checkpoint in a topic', () => {
  it('is made compacted, with one partition; another topic is refused with the reason', async () => {
    const reader = await readerOf(inject('kafka'));
    const [deleting, wide] = [unique('deletes'), unique('wide')];
    await reader.createTopic(deleting, 1, { 'cleanup.policy': 'delete' });
    await reader.createTopic(wide, 3, { 'cleanup.policy': 'compact' });
    await reader.close();
    await expect(topic(deleting, 'shop', []).open()).rejects.toMatchObject({ code: 'SINK_REFUSED', message: expect.stringContaining('cleanup.policy=delete') as string });
    await expect(topic(wide, 'shop', []).open()).rejects.toMatchObject({ code: 'SINK_REFUSED', message: expect.stringContaining('3 partitions') as string });
  });

  it('is let go of though a transaction that was left open hides its end', async () => {
    const [place, { host, port }] = [unique('open'), inject('kafka')];
    const store = topic(place, 'shop', []);
    await store.open();
    const producer = new Kafka({ brokers: [`${host}:${String(port)}`], logLevel: logLevel.NOTHING }).producer({ transactionalId: place, idempotent: true, maxInFlightRequests: 1, transactionTimeout: 120_000 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: place, messages: [{ key: 'x', value: 'y' }] });
    await store.close();
    // It is over only now.
    await transaction.abort();
    await producer.disconnect();
  }, 20_000);

  it('is found far behind the end, where another daemon has written much since', async () => {
    const place = unique('far');
    const [idle, busy] = [topic(place, 'idle', []), topic(place, 'busy', [])];
    await idle.open();
    await idle.save(checkpoint(1));
    await idle.close();
    await busy.open();
    for (let number = 0; number < 600; number++) await busy.save(checkpoint(number));
    await busy.close();
    expect(await topic(place, 'idle', []).load()).toEqual(checkpoint(1));
  }, 60_000);
});
