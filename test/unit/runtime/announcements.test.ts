import { describe, expect, it } from 'vitest';
import type { GapNotice, NoticePlace, SchemaNotice, TableChange, TableName, TruncateNotice } from '../../../src/core/notice.ts';
import type { NoticeRouter } from '../../../src/core/plan.ts';
import type { Announcer, Format, Sink, TopicWriter } from '../../../src/core/ports.ts';
import { Announcements } from '../../../src/runtime/announcements.ts';
import { writeSideMessage } from '../../../src/runtime/side-messages.ts';
import { TextTopic } from './rows-fixture.ts';

const PLACE: NoticePlace = {
  transaction: { sequence: 1, gtid: 'u:1', gtidParts: { source: 'u', separator: ':', number: 1 }, xid: null, file: 'binlog.000001', serverId: 1, threadId: 2, committedMicros: 0, id: 'u:1' },
  position: 100,
  timestamp: 0,
};
const A: TableName = { database: 'shop', name: 'a' };
const B: TableName = { database: 'shop', name: 'b' };
const change = (table: TableName, more: Partial<TableChange> = {}): TableChange => ({ kind: 'alter', before: null, after: null, table, renamedFrom: null, ...more });
const schema = (...changes: TableChange[]): SchemaNotice => ({ kind: 'schema', place: PLACE, sql: 'x', verb: 'ALTER', database: 'shop', changes });
const TRUNCATE: TruncateNotice = { kind: 'truncate', place: PLACE, sql: 'truncate a', table: A };
const GAP: GapNotice = { kind: 'gap', resumedAt: 'earliest', after: null, before: 'x:4', transactions: null, gtids: null, bytes: null, noticedAt: 0 };

/** Says what it is asked to say. */
class Saying implements Announcer {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  schemaChange = (notice: SchemaNotice | TruncateNotice) => [this.#message(notice.kind === 'schema' ? `schema ${notice.changes.map(({ table }) => table.name).join('+')}` : `schema truncate`)];
  truncate = (notice: TruncateNotice) => [this.#message(`truncate ${notice.table.name}`)];
  gap = (notice: GapNotice) => [this.#message(`gap ${notice.resumedAt}`)];

  #message(text: string) {
    return { key: Buffer.from('k'), value: Buffer.from(`${this.name}: ${text}`), headers: [] };
  }
}

class Topics implements Sink {
  readonly made = new Map<string, TextTopic>();
  open = () => Promise.resolve();
  flush = () => Promise.resolve();
  close = () => Promise.resolve();

  topic(name: string): Promise<TopicWriter> {
    const topic = this.made.get(name) ?? new TextTopic();
    this.made.set(name, topic);
    return Promise.resolve(topic);
  }

  get told(): Record<string, string[]> {
    return Object.fromEntries(Array.from(this.made, ([name, { messages }]) => [name, messages]));
  }
}

/** Routes 0 and 1 share a format, route 2 has another, route 3 one that says nothing. */
function announcing(router: Partial<NoticeRouter>): { announcements: Announcements; topics: Topics } {
  const topics = new Topics();
  const formats = ['one', 'one', 'two', null].map((name) => (name === null ? null : new Saying(name)));
  formats[1] = formats[0] ?? null;
  const format = (route: number): Format => {
    const announcer = formats[Math.max(0, route)] ?? null;
    return { encoder: () => { throw new Error('no rows here'); }, ...(announcer === null ? {} : { announcer }) };
  };
  const none: NoticeRouter = { schemaChanges: () => [], truncate: () => null };
  return { announcements: new Announcements({ router: { ...none, ...router }, sink: topics, format, gapTopic: 'gaps' }), topics };
}

describe('a schema change', () => {
  it('is told once to a topic by a format, with the changes that concern it', async () => {
    const { announcements, topics } = announcing({ schemaChanges: (_, table) => [{ route: table === 'a' ? 0 : 1, topic: 'ddl' }] });
    await announcements.notice(schema(change(A), change(B)));
    expect(topics.told).toEqual({ ddl: ['k one: schema a+b'] });
  });

  it('is told by every format, and to every topic, that wants it', async () => {
    const { announcements, topics } = announcing({ schemaChanges: (_, table) => [{ route: table === 'a' ? 0 : 2, topic: `ddl.${table ?? ''}` }] });
    await announcements.notice(schema(change(A), change(B)));
    expect(topics.told).toEqual({ 'ddl.a': ['k one: schema a'], 'ddl.b': ['k two: schema b'] });
  });

  it('of a rename concerns the routes of both names', async () => {
    const { announcements, topics } = announcing({ schemaChanges: (_, table) => (table === 'a' ? [{ route: 0, topic: 'ddl' }] : []) });
    await announcements.notice(schema(change(B, { kind: 'rename', renamedFrom: A }), change({ database: 'shop', name: 'c' })));
    expect(topics.told).toEqual({ ddl: ['k one: schema b'] });
  });

  it('of a database is told though it names no table', async () => {
    const { announcements, topics } = announcing({ schemaChanges: (database, table) => (table === null ? [{ route: 2, topic: database }, { route: 3, topic: database }] : []) });
    await announcements.notice(schema());
    expect(topics.told).toEqual({ shop: ['k two: schema '] });
  });
});

describe('a truncate', () => {
  it('is told in the topic of the table, and among schema changes', async () => {
    const { announcements, topics } = announcing({ truncate: () => ({ route: 0, topic: 'shop.a' }), schemaChanges: () => [{ route: 2, topic: 'ddl' }] });
    await announcements.notice(TRUNCATE);
    expect(topics.told).toEqual({ 'shop.a': ['k one: truncate a'], ddl: ['k two: schema truncate'] });
  });

  it('that nobody wants makes no topic', async () => {
    const { announcements, topics } = announcing({});
    await announcements.notice(TRUNCATE);
    await announcements.notice(schema(change(A)));
    expect(topics.told).toEqual({});
  });
});

it('a gap is told in its topic, in the format of the file', async () => {
  const { announcements, topics } = announcing({});
  await announcements.notice(GAP);
  expect(topics.told).toEqual({ gaps: ['k one: gap earliest'] });
});

describe('a message that is about no row', () => {
  it('may be a tombstone', () => {
    const topic = new TextTopic();
    writeSideMessage(topic, { key: Buffer.from('k'), value: null, headers: [{ name: 'h', value: Buffer.from('x') }] });
    expect(topic.messages).toEqual(['k null h']);
  });

  it('may be without key and value', () => {
    const topic = new TextTopic();
    writeSideMessage(topic, { key: null, value: null, headers: [] });
    expect(topic.messages).toEqual(['- null']);
  });
});
