import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RowcastError } from '../../src/core/errors.ts';
import type { NoteStore } from '../../src/core/notes.ts';
import type { CheckpointStore } from '../../src/core/ports.ts';
import { readerOf } from '../support/kafka.ts';
import { query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { killHolder, KINDS, notesOf, prepareStores, removeStores, table, tableName, topic } from './support/stores.ts';

beforeAll(prepareStores);
afterAll(removeStores);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'done', (error: unknown) => (error as RowcastError).code);
}

/** Text of so many bytes that no cut into pieces may damage. */
function long(bytes: number): string {
  return 'é—😀\u0000"\\x'.repeat(Math.ceil(bytes / 14));
}

/** A store that is open, and the notes beside it. */
async function opened(make: (typeof KINDS)[number][1], place: string, name = 'shop'): Promise<{ readonly store: CheckpointStore; readonly notes: NoteStore }> {
  const store = make(place, name, []);
  await store.open();
  return { store, notes: notesOf(store, place, name) };
}

describe.each(KINDS)('notes beside a checkpoint in %s', (_, make) => {
  it('are none at first, then the base and what was appended to it, whoever reads them', async () => {
    const place = unique('notes');
    const looking = make(place, 'shop', []);
    expect(await notesOf(looking, place, 'shop').load()).toBeNull();
    const first = await opened(make, place);
    expect(await first.notes.load()).toBeNull();
    await first.notes.save({ tables: ['x'] });
    await Promise.all([1, 2, 3].map((turn) => first.notes.append({ turn })));
    await first.notes.append(long(100));
    const kept = { base: { tables: ['x'] }, entries: [{ turn: 1 }, { turn: 2 }, { turn: 3 }, long(100)] };
    expect(await first.notes.load()).toEqual(kept);
    expect(await notesOf(looking, place, 'shop').load()).toEqual(kept);
    await first.store.close();
    await looking.close();
    const second = await opened(make, place);
    await second.notes.append('later');
    expect((await second.notes.load())?.entries.at(-1)).toBe('later');
    await second.store.close();
  }, 60_000);

  it('of any size replace what was there, with what comes after them, and can be forgotten', async () => {
    const place = unique('notes');
    const { store, notes } = await opened(make, place);
    await notes.save({ large: long(5_000_000) }, [1, long(1_500_000), 3]);
    await notes.append(long(1_500_000));
    expect(await notesOf(store, place, 'shop').load()).toEqual({ base: { large: long(5_000_000) }, entries: [1, long(1_500_000), 3, long(1_500_000)] });
    await notes.save('small', ['a']);
    await notes.append('b');
    expect(await notesOf(store, place, 'shop').load()).toEqual({ base: 'small', entries: ['a', 'b'] });
    await notes.clear();
    expect(await notesOf(store, place, 'shop').load()).toBeNull();
    expect(await codeOf(notes.append('c'))).toBe('INTERNAL');
    await notes.save('again');
    expect(await notesOf(store, place, 'shop').load()).toEqual({ base: 'again', entries: [] });
    await store.close();
  }, 60_000);
});

describe.each(KINDS.slice(1))('notes beside a checkpoint in %s', (_, make) => {
  it('are written by nobody who does not hold it, before and after', async () => {
    const place = unique('unheld');
    const store = make(place, 'shop', []);
    const notes = notesOf(store, place, 'shop');
    expect(await codeOf(notes.save(1))).toBe('CHECKPOINT_LOCKED');
    await store.open();
    await notes.save(2);
    await store.close();
    expect([await codeOf(notes.append(3)), await codeOf(notes.save(4)), await codeOf(notes.clear())]).toEqual(['CHECKPOINT_LOCKED', 'CHECKPOINT_LOCKED', 'CHECKPOINT_LOCKED']);
    const looking = make(place, 'shop', []);
    expect(await notesOf(looking, place, 'shop').load()).toEqual({ base: 2, entries: [] });
    await looking.close();
  }, 60_000);

  it('are those of each daemon that shares the place', async () => {
    const place = unique('shared');
    const [shop, shopper] = [await opened(make, place), await opened(make, place, 'shop-2')];
    await shop.notes.save('one');
    await shopper.notes.save('two', ['x']);
    await shop.notes.append('y');
    await shopper.notes.clear();
    expect([await shop.notes.load(), await shopper.notes.load()]).toEqual([{ base: 'one', entries: ['y'] }, null]);
    await shop.store.close();
    await shopper.store.close();
  }, 60_000);
});

async function takeAway(name: string, key: string): Promise<void> {
  const { host, port } = inject('kafka');
  const producer = new kafkajs.Kafka({ brokers: [`${host}:${String(port)}`], logLevel: kafkajs.logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic: name, messages: [{ key, value: null }] });
  await producer.disconnect();
}

describe('notes beside a checkpoint in a topic', () => {
  it('are written no more by a daemon that another one has fenced, in its notes alone', async () => {
    const place = unique('fenced');
    const lost: RowcastError[] = [];
    const first = topic(place, 'shop', lost);
    await first.open();
    const notes = notesOf(first, place, 'shop');
    await notes.save('first');
    const second = await opened((...given) => topic(...given), place);
    await second.notes.append('second');
    expect(await codeOf(notes.append('late'))).toBe('SINK_FENCED');
    expect(lost.map(({ code }) => code)).toEqual(['SINK_FENCED']);
    expect(await codeOf(notes.save('late'))).toBe('CHECKPOINT_LOCKED');
    expect(await second.notes.load()).toEqual({ base: 'first', entries: ['second'] });
    await first.close();
    await second.store.close();
  }, 60_000);

  it('show a transaction of theirs whole or not at all, and leave in a compacted topic what they hold', async () => {
    const place = unique('topic');
    const { store, notes } = await opened((...given) => topic(...given), place);
    await notes.save(long(2_000_000), ['a']);
    const seen = new Set<string>();
    const looking = topic(place, 'shop', []);
    const look = async (): Promise<void> => { seen.add(JSON.stringify(await notesOf(looking, place, 'shop').load()).slice(0, 10)); };
    await Promise.all([notes.save({ next: long(1_000_000) }), look(), look(), look()]);
    await look();
    await looking.close();
    expect([...seen].filter((start) => start !== '{"base":"é' && start !== '{"base":{"')).toEqual([]);
    const reader = await readerOf(inject('kafka'));
    const records = await reader.read(`${place}.schema`);
    await reader.close();
    const newest = new Map(records.map(({ key, value }) => [key?.toString(), value?.length ?? 0]));
    expect([...newest.keys()].every((key) => key?.startsWith('shop:'))).toBe(true);
    // The pieces that the shorter text does not need are taken away.
    expect([...newest.values()].filter((bytes) => bytes > 0).length).toBe(3);
    expect(newest.size).toBeGreaterThan(3);
    await store.close();
  }, 60_000);

  it('are refused where a piece is missing, and replaced all the same', async () => {
    const place = unique('hole');
    const { store, notes } = await opened((...given) => topic(...given), place);
    await notes.save('base', ['a']);
    await notes.append('b');
    await notes.append('c');
    await takeAway(`${place}.schema`, 'shop:1');
    const fresh = topic(place, 'shop', []);
    await expect(notesOf(fresh, place, 'shop').load()).rejects.toMatchObject({ code: 'HISTORY_DAMAGED', message: `topic ${place}.schema cannot be used: piece 1 of shop is missing` });
    await fresh.open();
    const again = notesOf(fresh, place, 'shop');
    await again.save('anew');
    expect(await again.load()).toEqual({ base: 'anew', entries: [] });
    await fresh.close();
    await store.close();
  }, 60_000);
});

describe('notes beside a checkpoint in a table', () => {
  it('are not written by a daemon that lost its lock while another took the row', async () => {
    const place = unique('fenced');
    const lost: RowcastError[] = [];
    const first = table('mysql', place, 'shop', lost);
    await first.open();
    const notes = notesOf(first, place, 'shop');
    await notes.save('first');
    await killHolder('mysql', place);
    const second = await opened((...given) => table('mysql', ...given), place);
    expect(await codeOf(notes.append('late'))).toBe('SINK_FENCED');
    expect(lost.map(({ code }) => code)).toEqual(['SINK_FENCED']);
    await second.store.close();
    expect(await codeOf(notes.append('late'))).toBe('CHECKPOINT_LOCKED');
    expect(await notes.load()).toEqual({ base: 'first', entries: [] });
    await first.close();
  }, 60_000);

  it('go on after the connection was lost, and are refused to an owner that was changed behind it', async () => {
    const place = unique('again');
    const { store, notes } = await opened((...given) => table('mariadb', ...given), place);
    await notes.save('base');
    await killHolder('mariadb', place);
    await until('an entry is kept again', async () => (await codeOf(notes.append('a'))) === 'done');
    expect(await notes.load()).toEqual({ base: 'base', entries: ['a'] });
    await query(inject('mariadb'), `update ${tableName('mariadb', place)} set owner = 'somebody'`);
    expect(await codeOf(notes.append('b'))).toBe('SINK_FENCED');
    expect(await notes.load()).toEqual({ base: 'base', entries: ['a'] });
    await store.close();
  }, 60_000);

  it('are refused where a row is missing', async () => {
    const place = unique('hole');
    const { store, notes } = await opened((...given) => table('mysql56', ...given), place);
    await notes.save('base');
    await notes.append('a');
    await notes.append('b');
    await query(inject('mysql56'), `delete from ${tableName('mysql56', `${place}_schema`)} where piece = 1`);
    await expect(notes.load()).rejects.toMatchObject({ code: 'HISTORY_DAMAGED', message: expect.stringMatching(/^table \S+_schema of 127\.0\.0\.1:\d+ cannot be used: piece 1 of shop is missing$/) as string });
    await notes.clear();
    expect(await notes.load()).toBeNull();
    await store.close();
  }, 60_000);
});
