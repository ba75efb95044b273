import { describe, expect, it } from 'vitest';
import type { RowMessage } from '../../../../src/core/change.ts';
import type { NoticePlace } from '../../../../src/core/notice.ts';
import type { Header, RowEncoder } from '../../../../src/core/ports.ts';
import type { Projection } from '../../../../src/core/projection.ts';
import { CLOUDEVENTS_DEFAULTS } from '../../../../src/format/cloudevents/options.ts';
import type { CloudEventsOptions } from '../../../../src/format/cloudevents/options.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { EVENT, image, message, OPTIONS, PROJECTION, written } from '../support.ts';

const KEYLESS: Projection = { ...PROJECTION, key: [] };
const INSERT = message('insert', { after: image(5, 1) });

function encoder(options: Partial<CloudEventsOptions>, projection: Projection = PROJECTION): RowEncoder {
  return createFormat({ type: 'cloudevents', ...CLOUDEVENTS_DEFAULTS, ...options }, OPTIONS).encoder(projection);
}

const plainOf = (given: RowMessage, projection: Projection = PROJECTION): string => written((out) => createFormat({ type: 'plain' }, OPTIONS).encoder(projection).value(given, out));
const valueOf = (made: RowEncoder, given: RowMessage): string => written((out) => made.value(given, out));
const shown = (headers: readonly Header[]): Record<string, string> => Object.fromEntries(headers.map(({ name, value }) => [name, Buffer.from(value).toString()]));

describe('structured mode', () => {
  it('has the attributes around the message of the plain format', () => {
    const made = encoder({});
    expect(valueOf(made, INSERT)).toBe(
      `{"specversion":"1.0","id":"u:7:120:2","source":"/rowcast/crm","type":"rowcast.insert","subject":"shop.t","time":"2026-11-23T15:25:11.487592Z","datacontenttype":"application/json","partitionkey":"{\\"id\\":1}","data":${plainOf(INSERT)}}`,
    );
    expect(shown(made.headers(INSERT))).toEqual({ 'content-type': 'application/cloudevents+json; charset=UTF-8' });
    expect(written((out) => made.key(image(5, 1), out))).toBe('{"id":1}');
  });

  it('has a source and types of its own where they are given', () => {
    expect(valueOf(encoder({ source: '/shop', typePrefix: 'com.example.row' }), message('delete', { before: image(5, 1) }))).toContain('"source":"/shop","type":"com.example.row.delete","subject":"shop.t"');
  });

  it('has no partition key without a key, and no time where none is known', () => {
    const event = { ...EVENT, transaction: { ...EVENT.transaction, sequence: 5, committedMicros: 0 } };
    expect(valueOf(encoder({}, KEYLESS), message('insert', { after: image(5, 1), event }))).toContain('"subject":"shop.t","datacontenttype":"application/json","data":{');
  });
});

describe('ids', () => {
  const id = (over: Partial<RowMessage>): unknown => (JSON.parse(valueOf(encoder({}), message('delete', { before: image(5, 1), ...over }))) as { id: unknown }).id;

  it('are the place of the row, so that one that is told again has it again', () => {
    expect(id({})).toBe(id({}));
    expect(new Set([id({}), id({ row: 3 }), id({ event: { ...EVENT, position: 300 } }), id({ event: { ...EVENT, transaction: { ...EVENT.transaction, sequence: 2, id: 'u:8' } } })]).size).toBe(4);
  });

  it('tell the halves of a changed key apart', () => {
    expect([id({ keyChange: 'old', otherKey: image(5, 2) }), id({ keyChange: 'new', otherKey: image(5, 2) })]).toEqual(['u:7:120:2:old', 'u:7:120:2:new']);
  });
});

describe('binary mode', () => {
  const HEADERS = {
    ce_specversion: '1.0',
    ce_id: 'u:7:120:2',
    ce_source: '/rowcast/crm',
    ce_type: 'rowcast.insert',
    ce_subject: 'shop.t',
    'content-type': 'application/json',
    ce_partitionkey: '{"id":1}',
    ce_time: '2026-11-23T15:25:11.487592Z',
  };

  it('has the attributes in headers beside the message of the plain format', () => {
    const made = encoder({ mode: 'binary' });
    expect(valueOf(made, INSERT)).toBe(plainOf(INSERT));
    expect(shown(made.headers(INSERT))).toEqual(HEADERS);
  });

  it('has those of each message, whatever came before', () => {
    const made = encoder({ mode: 'binary' });
    made.headers(message('update', { before: image(1, 100), after: image(2, 100), row: 100_000 }));
    expect(shown(made.headers(INSERT))).toEqual(HEADERS);
  });

  it('has no partition key without a key, and no time where none is known', () => {
    const event = { ...EVENT, transaction: { ...EVENT.transaction, sequence: 5, committedMicros: 0 } };
    const headers = shown(encoder({ mode: 'binary' }, KEYLESS).headers(message('insert', { after: image(5, 1), event })));
    expect(Object.keys(headers)).toEqual(['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_subject', 'content-type']);
  });
});

describe.each(['structured', 'binary'] as const)('a tombstone in %s mode', (mode) => {
  it('is no event', () => {
    expect(encoder({ mode }).headers(message('delete', { before: image(5, 1) }), true)).toEqual([]);
  });
});

describe.each(['structured', 'binary'] as const)('what is about no row, in %s mode', (mode) => {
  const { announcer } = createFormat({ type: 'cloudevents', ...CLOUDEVENTS_DEFAULTS, mode }, OPTIONS);
  const { announcer: plain } = createFormat({ type: 'plain' }, OPTIONS);
  const place: NoticePlace = { transaction: EVENT.transaction, position: 120, timestamp: EVENT.timestamp };

  it.each([
    ['schema', announcer?.schemaChange({ kind: 'schema', place, sql: 'x', verb: 'ALTER', database: 'shop', changes: [] }), plain?.schemaChange({ kind: 'schema', place, sql: 'x', verb: 'ALTER', database: 'shop', changes: [] }), 'shop', 'u:7:120'],
    ['truncate', announcer?.truncate({ kind: 'truncate', place, sql: 'x', table: { database: 'shop', name: 't' } }), plain?.truncate({ kind: 'truncate', place, sql: 'x', table: { database: 'shop', name: 't' } }), 'shop.t', 'u:7:120'],
    ['gap', announcer?.gap({ kind: 'gap', resumedAt: 'latest', after: null, before: 'b', transactions: null, gtids: null, bytes: null, noticedAt: 7 }), plain?.gap({ kind: 'gap', resumedAt: 'latest', after: null, before: 'b', transactions: null, gtids: null, bytes: null, noticedAt: 7 }), 'crm', 'gap:7'],
  ])('%s is an event too', (type, ours, theirs, subject, id) => {
    const [event] = ours ?? [];
    const data: unknown = JSON.parse(String(theirs?.[0]?.value));
    expect(String(event?.key)).toBe(String(theirs?.[0]?.key));
    const attributes = { specversion: '1.0', id, source: '/rowcast/crm', type: `rowcast.${type}`, subject, partitionkey: String(event?.key) };
    if (mode === 'structured') {
      expect(JSON.parse(String(event?.value))).toMatchObject({ ...attributes, datacontenttype: 'application/json', data });
    } else {
      expect(JSON.parse(String(event?.value))).toEqual(data);
      expect(shown(event?.headers ?? [])).toMatchObject(Object.fromEntries([...Object.entries(attributes).map(([name, text]) => [`ce_${name}`, text]), ['content-type', 'application/json']]));
    }
  });
});
