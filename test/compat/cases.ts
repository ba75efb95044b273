import type { Properties } from './debezium.ts';

/** One way to tell the same rows, in the words of both. */
export interface Case {
  /** The server's name in messages, too. */
  readonly name: string;
  /** What the case is about, for people. */
  readonly title: string;
  /** Options of Rowcast's format. */
  readonly format: Readonly<Record<string, unknown>>;
  /** Further keys of Rowcast's configuration file. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly properties: Properties;
  /** Tables that are left out because they stop Debezium. */
  readonly without?: readonly string[];
}

const SCHEMAS: Properties = { 'key.converter.schemas.enable': 'true', 'value.converter.schemas.enable': 'true' };

function flat(options: Properties): Properties {
  const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [`transforms.unwrap.${key}`, value]));
  return { transforms: 'unwrap', 'transforms.unwrap.type': 'io.debezium.transforms.ExtractNewRecordState', ...named };
}

export const CASES: readonly Case[] = [
  { name: 'defaults', title: 'defaults, schemas off', format: {}, properties: {}, config: { schemaChanges: 'defaults' } },
  { name: 'schemas', title: 'schemas on', format: { schemas: true }, properties: SCHEMAS, config: { schemaChanges: 'schemas' } },
  {
    name: 'strings',
    title: '`decimal: string`, `bigintUnsigned: precise`, `binary: base64`, `timePrecision: isostring`, schemas on',
    format: { schemas: true, decimal: 'string', bigintUnsigned: 'precise', binary: 'base64', timePrecision: 'isostring' },
    properties: { ...SCHEMAS, 'decimal.handling.mode': 'string', 'bigint.unsigned.handling.mode': 'precise', 'binary.handling.mode': 'base64', 'time.precision.mode': 'isostring' },
  },
  {
    name: 'doubles',
    title: '`decimal: double`, `binary: hex`, `timePrecision: microseconds`, schemas on',
    format: { schemas: true, decimal: 'double', binary: 'hex', timePrecision: 'microseconds' },
    properties: { ...SCHEMAS, 'decimal.handling.mode': 'double', 'binary.handling.mode': 'hex', 'time.precision.mode': 'microseconds' },
  },
  {
    name: 'nanos',
    title: '`binary: base64-url-safe`, `timePrecision: nanoseconds`, schemas on',
    format: { schemas: true, binary: 'base64-url-safe', timePrecision: 'nanoseconds' },
    properties: { ...SCHEMAS, 'binary.handling.mode': 'base64-url-safe', 'time.precision.mode': 'nanoseconds' },
    without: ['times'],
  },
  { name: 'connect', title: '`timePrecision: connect`, schemas on', format: { schemas: true, timePrecision: 'connect' }, properties: { ...SCHEMAS, 'time.precision.mode': 'connect' }, without: ['longtimes'] },
  {
    name: 'transactions',
    title: 'transactions, heartbeats, TRUNCATE',
    format: { transactions: true, heartbeat: '300ms' },
    properties: { 'provide.transaction.metadata': 'true', 'heartbeat.interval.ms': '300', 'skipped.operations': 'none' },
  },
  {
    name: 'transactionschemas',
    title: 'transactions, heartbeats, TRUNCATE, schemas on',
    format: { schemas: true, transactions: true, heartbeat: '300ms' },
    properties: { ...SCHEMAS, 'provide.transaction.metadata': 'true', 'heartbeat.interval.ms': '300', 'skipped.operations': 'none' },
  },
  { name: 'flat', title: 'flat', format: { flat: true }, properties: flat({}) },
  {
    name: 'flatheaders',
    title: 'flat with headers and fields',
    format: { flat: { addFields: ['op', 'source.file', 'table'], addHeaders: ['op', 'source.db'] } },
    properties: flat({ 'add.fields': 'op,source.file,table', 'add.headers': 'op,source.db' }),
  },
  {
    name: 'flatrewrite',
    title: 'flat, `deletes: rewrite`, fields and headers of every struct, schemas on',
    format: {
      schemas: true,
      flat: { deletes: 'rewrite', addFields: ['op', 'table', 'source.ts_ms', 'transaction.id', 'source.query', 'ts_ms:when'], addHeaders: ['op', 'db', 'source.file:f', 'source.thread', 'ts_ms', 'source.snapshot'] },
    },
    properties: {
      ...SCHEMAS,
      ...flat({ 'delete.tombstone.handling.mode': 'rewrite', 'add.fields': 'op,table,source.ts_ms,transaction.id,source.query,ts_ms:when', 'add.headers': 'op,db,source.file:f,source.thread,ts_ms,source.snapshot' }),
    },
  },
  {
    name: 'flatboth',
    title: 'flat, `deletes: rewrite-with-tombstone`, transactions, prefixes',
    format: {
      transactions: true,
      flat: { deletes: 'rewrite-with-tombstone', addFields: ['op', 'transaction.total_order', 'transaction.id', 'source.pos'], addFieldsPrefix: 'x_', addHeaders: ['op', 'transaction.id'], addHeadersPrefix: 'h.' },
    },
    properties: {
      'provide.transaction.metadata': 'true',
      ...flat({
        'delete.tombstone.handling.mode': 'rewrite-with-tombstone',
        'add.fields': 'op,transaction.total_order,transaction.id,source.pos',
        'add.fields.prefix': 'x_',
        'add.headers': 'op,transaction.id',
        'add.headers.prefix': 'h.',
      }),
    },
  },
  { name: 'flatdrop', title: 'flat, `deletes: drop`', format: { flat: { deletes: 'drop' } }, properties: flat({ 'delete.tombstone.handling.mode': 'drop' }) },
  { name: 'flattombstone', title: 'flat, `deletes: delete-to-tombstone`', format: { flat: { deletes: 'delete-to-tombstone', addHeaders: ['op'] } }, properties: flat({ 'delete.tombstone.handling.mode': 'delete-to-tombstone', 'add.headers': 'op' }) },
];
