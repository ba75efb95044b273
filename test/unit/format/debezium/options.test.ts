import { describe, expect, it } from 'vitest';
import type { RowMessage } from '../../../../src/core/change.ts';
import type { RowEncoder } from '../../../../src/core/ports.ts';
import type { DebeziumOptions, FlatOptions } from '../../../../src/format/debezium/options.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { EVENT, FULL, image, MASKED, message, OPTIONS, PROJECTION, TABLE, written } from '../support.ts';

function encoderOf(options: Partial<DebeziumOptions>, projection = PROJECTION): RowEncoder {
  return createFormat({ type: 'debezium', options }, OPTIONS).encoder(projection);
}

function valueOf(encoder: RowEncoder, row: RowMessage): string {
  return written((out) => encoder.value(row, out));
}

const FIELDS = '{"type":"int16","optional":true,"field":"a\\""},{"type":"int16","optional":false,"field":"id"}';
const SOURCE_SCHEMA =
  '{"type":"struct","fields":[{"type":"string","optional":false,"field":"version"},{"type":"string","optional":false,"field":"connector"},{"type":"string","optional":false,"field":"name"},{"type":"int64","optional":false,"field":"ts_ms"},{"type":"string","optional":true,"name":"io.debezium.data.Enum","version":1,"parameters":{"allowed":"true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"},"default":"false","field":"snapshot"},{"type":"string","optional":false,"field":"db"},{"type":"string","optional":true,"field":"sequence"},{"type":"int64","optional":true,"field":"ts_us"},{"type":"int64","optional":true,"field":"ts_ns"},{"type":"string","optional":true,"field":"table"},{"type":"int64","optional":false,"field":"server_id"},{"type":"string","optional":true,"field":"gtid"},{"type":"string","optional":false,"field":"file"},{"type":"int64","optional":false,"field":"pos"},{"type":"int32","optional":false,"field":"row"},{"type":"int64","optional":true,"field":"thread"},{"type":"string","optional":true,"field":"query"}],"optional":false,"name":"io.debezium.connector.mysql.Source","version":1,"field":"source"}';
const TRANSACTION_SCHEMA =
  '{"type":"struct","fields":[{"type":"string","optional":false,"field":"id"},{"type":"int64","optional":false,"field":"total_order"},{"type":"int64","optional":false,"field":"data_collection_order"}],"optional":true,"name":"event.block","version":1,"field":"transaction"}';

describe('schemas', () => {
  const encoder = encoderOf({ schemas: true });

  it('stand before the envelope, as Debezium writes them', () => {
    const schema = `{"type":"struct","fields":[{"type":"struct","fields":[${FIELDS}],"optional":true,"name":"crm.shop.t.Value","field":"before"},{"type":"struct","fields":[${FIELDS}],"optional":true,"name":"crm.shop.t.Value","field":"after"},${SOURCE_SCHEMA},${TRANSACTION_SCHEMA},{"type":"string","optional":false,"field":"op"},{"type":"int64","optional":true,"field":"ts_ms"},{"type":"int64","optional":true,"field":"ts_us"},{"type":"int64","optional":true,"field":"ts_ns"}],"optional":false,"name":"crm.shop.t.Envelope","version":2}`;
    const row = message('update', { before: image(null, 1), after: image(5, 1) });
    expect(valueOf(encoder, row)).toBe(`{"schema":${schema},"payload":${valueOf(encoderOf({}), row)}}`);
    expect(valueOf(encoder, message('insert', { after: image(5, 1) })).slice(0, schema.length + 40)).toBe(`{"schema":${schema},"payload":{"before":null,"aft`);
  });

  it('stand before the key', () => {
    expect(written((out) => encoder.key(image(5, 7), out))).toBe(
      '{"schema":{"type":"struct","fields":[{"type":"int16","optional":false,"field":"id"}],"optional":false,"name":"crm.shop.t.Key"},"payload":{"id":7}}',
    );
  });

  it('name a masked column a string, and tables with other characters as Debezium names topics', () => {
    const odd = { ...MASKED, table: { ...TABLE, name: 'ü 𝄞.x' } };
    const text = valueOf(encoderOf({ schemas: true }, odd), message('insert', { after: image(5, 1) }));
    expect(text).toContain('{"type":"string","optional":true,"field":"hidden"}');
    expect(text).toContain('"name":"crm.shop.____.x.Envelope"');
  });

  it('refuse what no schema can say, naming the column', () => {
    const types = { zeroDates: null, tinyint1: null, bigint: 'safe', decimal: null, binary: null, json: null, enum: null, set: null, geometry: null, vector: null } as const;
    const columns = FULL.columns.map((each) => ({ ...each, column: { ...each.column, type: { family: 'integer', bytes: 8, unsigned: false } as const } }));
    const wide = { ...FULL, columns, types };
    expect(() => encoderOf({ schemas: true }, wide)).toThrow('types.bigint is safe, which the format debezium with schemas: true cannot say of column a"');
    expect(() => encoderOf({}, wide)).not.toThrow();
  });
});

describe('the transaction block', () => {
  it('holds the id and both numbers', () => {
    const encoder = encoderOf({ transactionTopic: 'crm.transaction' });
    const text = valueOf(encoder, message('insert', { after: image(5, 1), order: 12, tableOrder: 3 }));
    expect(text).toContain('"query":null},"transaction":{"id":"u:7","total_order":12,"data_collection_order":3},"op":"c","ts_ms":');
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

const FLAT: FlatOptions = { deletes: 'tombstone', addFields: [], addFieldsPrefix: '__', addHeaders: [], addHeadersPrefix: '__' };

describe('flat', () => {
  const insert = message('insert', { after: image(5, 1), order: 4, tableOrder: 2 });
  const gone = message('delete', { before: image(5, 1) });

  it.each([
    ['tombstone', 'tombstone'],
    ['delete-to-tombstone', 'tombstone'],
    ['drop', 'none'],
    ['rewrite', 'message'],
    ['rewrite-with-tombstone', 'both'],
  ] as const)('%s makes of a delete: %s', (deletes, form) => {
    expect(encoderOf({ flat: { ...FLAT, deletes } }).deletes).toBe(form);
  });

  it('is the after image alone', () => {
    expect(valueOf(encoderOf({ flat: FLAT }), insert)).toBe('{"a\\"":5,"id":1}');
  });

  it('says of rewritten rows whether they are gone, before the added fields', () => {
    const encoder = encoderOf({ flat: { ...FLAT, deletes: 'rewrite', addFields: ['op', 'table', 'source.ts_ms', 'transaction.id', 'source.snapshot:s'] } });
    expect(valueOf(encoder, gone)).toBe('{"a\\"":5,"id":1,"__deleted":"true","__op":"d","__table":"t","__source_ts_ms":1795447511487,"__transaction_id":null,"__s":null}');
    expect(valueOf(encoder, insert)).toContain('"__deleted":"false","__op":"c",');
  });

  it('has no comma before the first field of a row without columns', () => {
    const encoder = encoderOf({ flat: { ...FLAT, addFields: ['op'] } }, { ...PROJECTION, columns: [] });
    expect(valueOf(encoder, insert)).toBe('{"__op":"c"}');
  });

  it('knows every field of the envelope', () => {
    const names = ['ts_ms', 'ts_us', 'ts_ns', 'version', 'connector', 'name', 'source.ts_us', 'source.ts_ns', 'db', 'sequence', 'server_id', 'gtid', 'file', 'pos', 'row', 'thread', 'query', 'transaction.total_order', 'transaction.data_collection_order'];
    const encoder = encoderOf({ transactionTopic: 'tx', flat: { ...FLAT, addFields: names, addFieldsPrefix: '' } });
    expect(JSON.parse(valueOf(encoder, insert).replace(/("(?:source_)?ts_ns":)(\d+)/g, '$1"$2"'))).toEqual({
      'a"': 5,
      id: 1,
      ts_ms: 1_795_447_511_581,
      ts_us: 1_795_447_511_581_331,
      ts_ns: '1795447511581331000',
      version: '0.1.0',
      connector: 'mysql',
      name: 'crm',
      source_ts_us: 1_795_447_511_487_592,
      source_ts_ns: '1795447511487592000',
      db: 'shop',
      sequence: null,
      server_id: 3,
      gtid: 'u:7',
      file: 'binlog.000007',
      pos: 120,
      row: 2,
      thread: 115,
      query: null,
      transaction_total_order: 4,
      transaction_data_collection_order: 2,
    });
  });

  it('shows the query only where every column is shown', () => {
    const event = { ...EVENT, query: 'insert', transaction: { ...EVENT.transaction, gtid: null, gtidParts: null, threadId: null } };
    const flat = { ...FLAT, addFields: ['query', 'gtid', 'thread'] };
    expect(valueOf(encoderOf({ flat }, FULL), { ...insert, event })).toContain('"__query":"insert","__gtid":null,"__thread":null}');
    expect(valueOf(encoderOf({ flat }, MASKED), { ...insert, event })).toContain('"__query":null');
  });

  it('puts fields into headers with their schema, behind the header of a changed key', () => {
    const encoder = encoderOf({ flat: { ...FLAT, addHeaders: ['op', 'source.thread:t', 'snapshot'], addHeadersPrefix: 'h.' } });
    const headers = encoder.headers({ ...insert, keyChange: 'new', otherKey: image(5, 2) });
    expect(headers.map(({ name, value }) => `${name} ${Buffer.from(value).toString()}`).slice(1)).toEqual([
      'h.op {"schema":{"type":"string","optional":true},"payload":"c"}',
      'h.t {"schema":{"type":"int64","optional":true},"payload":115}',
      'h.snapshot {"schema":{"type":"string","optional":true,"name":"io.debezium.data.Enum","version":1,"parameters":{"allowed":"true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"}},"payload":null}',
    ]);
    expect(headers[0]?.name).toBe('__debezium.oldkey');
  });

  it('has a schema of the row with what was added', () => {
    const encoder = encoderOf({ schemas: true, flat: { ...FLAT, deletes: 'rewrite', addFields: ['ts_ms:when', 'table'] } });
    const schema = `{"type":"struct","fields":[${FIELDS},{"type":"string","optional":true,"field":"__deleted"},{"type":"int64","optional":true,"field":"__when"},{"type":"string","optional":true,"field":"__table"}],"optional":false,"name":"crm.shop.t.Value"}`;
    expect(valueOf(encoder, insert)).toBe(`{"schema":${schema},"payload":{"a\\"":5,"id":1,"__deleted":"false","__when":1795447511581,"__table":"t"}}`);
  });

  it('refuses a field that there is not', () => {
    expect(() => encoderOf({ flat: { ...FLAT, addFields: ['lsn'] } })).toThrow('the envelope has no field lsn');
    expect(() => encoderOf({ flat: { ...FLAT, addHeaders: ['transaction.size'] } })).toThrow('the envelope has no field transaction.size');
  });
});

describe('side messages', () => {
  const texts = (side: { readonly key: Uint8Array | null; readonly value: Uint8Array | null }): string[] => [side.key, side.value].map((part) => Buffer.from(part ?? []).toString());

  it('tell the ends of a transaction', () => {
    const { transactions } = createFormat({ type: 'debezium', options: { transactionTopic: 'crm.transaction' } }, OPTIONS);
    expect(transactions?.topic).toBe('crm.transaction');
    const told = [{ table: { database: 'shop', name: 't' }, messages: 2 }, { table: { database: 'shop', name: 'u' }, messages: 1 }];
    expect(transactions === undefined ? [] : texts(transactions.begin(EVENT.transaction))).toEqual(['{"id":"u:7"}', '{"status":"BEGIN","id":"u:7","event_count":null,"data_collections":null,"ts_ms":1795447511487}']);
    expect(transactions === undefined ? [] : texts(transactions.end(EVENT.transaction, told))[1]).toBe(
      '{"status":"END","id":"u:7","event_count":3,"data_collections":[{"data_collection":"shop.t","event_count":2},{"data_collection":"shop.u","event_count":1}],"ts_ms":1795447511487}',
    );
  });

  it('say that the daemon lives', () => {
    const { heartbeat } = createFormat({ type: 'debezium', options: { schemas: true, heartbeat: { topic: '__debezium-heartbeat.crm', intervalMs: 500 } } }, OPTIONS);
    expect([heartbeat?.topic, heartbeat?.intervalMs]).toEqual(['__debezium-heartbeat.crm', 500]);
    expect(heartbeat === undefined ? [] : texts(heartbeat.message())).toEqual([
      '{"schema":{"type":"struct","fields":[{"type":"string","optional":false,"field":"serverName"}],"optional":false,"name":"io.debezium.connector.common.ServerNameKey","version":1},"payload":{"serverName":"crm"}}',
      '{"schema":{"type":"struct","fields":[{"type":"int64","optional":false,"field":"ts_ms"}],"optional":false,"name":"io.debezium.connector.common.Heartbeat","version":1},"payload":{"ts_ms":1795447511581}}',
    ]);
  });

  it('are none by default', () => {
    const format = createFormat({ type: 'debezium' }, OPTIONS);
    expect([format.transactions, format.heartbeat]).toEqual([undefined, undefined]);
  });
});
