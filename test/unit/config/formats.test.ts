import { describe, expect, it } from 'vitest';
import { CANAL_DEFAULTS } from '../../../src/format/canal/options.ts';
import { CLOUDEVENTS_DEFAULTS } from '../../../src/format/cloudevents/options.ts';
import { MAXWELL_DEFAULTS } from '../../../src/format/maxwell/options.ts';
import { configOf, problems, VALID } from './support.ts';

describe('a format', () => {
  it.each([
    ['maxwell', MAXWELL_DEFAULTS],
    ['canal', CANAL_DEFAULTS],
    ['cloudevents', CLOUDEVENTS_DEFAULTS],
  ])('%s by its name has its defaults', (type, defaults) => {
    expect(configOf(`${VALID}format: ${type}\n`).format).toEqual({ type, ...defaults });
  });

  it('takes options at the top and in a route', () => {
    const { format, routes } = configOf(`name: s
source: { host: db, user: u }
sink: { type: stdout }
format: { type: canal, rowsPerMessage: event, partitionHash: "shop.orders:id^customer,.*\\\\..*:$pk$", databaseHash: false }
routes:
  - { tables: [shop.a], format: { type: maxwell, partitionBy: column, partitionColumns: [x, y], naming: underscore_to_camelcase } }
  - { tables: [shop.b], format: { type: cloudevents, mode: binary, source: /shop, typePrefix: com.example } }
`);
    expect(format).toEqual({ type: 'canal', ...CANAL_DEFAULTS, rowsPerMessage: 'event', partitionHash: 'shop.orders:id^customer,.*\\..*:$pk$', databaseHash: false });
    expect(routes[0]?.format).toEqual({ type: 'maxwell', ...MAXWELL_DEFAULTS, partitionBy: 'column', partitionColumns: ['x', 'y'], naming: 'underscore_to_camelcase' });
    expect(routes[1]?.format).toEqual({ type: 'cloudevents', mode: 'binary', source: '/shop', typePrefix: 'com.example' });
  });

  it.each([
    ['{ type: maxwell, partitionBy: column }', 'format.partitionBy is column, which needs partitionColumns → Add partitionColumns: [customer_id] beside it.'],
    ['{ type: maxwell, partitionColumns: [a] }', 'format.partitionColumns does nothing, since partitionBy is database → Write partitionBy: column, or remove partitionColumns.'],
    ['{ type: maxwell, xoffset: true, commitInfo: false }', 'format.xoffset needs commitInfo → Remove commitInfo: false, or xoffset.'],
    ['{ type: maxwell, rowQuery: true }', 'format.rowQuery does nothing, since source.query is false → Write source: { query: true }, or remove rowQuery.'],
    ['{ type: maxwell, rowQueryMaxLength: 9 }', 'format.rowQueryMaxLength does nothing, since rowQuery is false → Write rowQuery: true beside it, or remove rowQueryMaxLength.'],
    ['{ type: debezium, transactionTopic: x }', 'format.transactionTopic does nothing, since transactions is false → Write transactions: true beside it, or remove transactionTopic.'],
    ['{ type: debezium, heartbeatTopic: x }', 'format.heartbeatTopic does nothing without heartbeat → Write heartbeat: 10s beside it, or remove heartbeatTopic.'],
    ['{ type: canal, partitionHash: "*.*:$pk$" }', 'format.partitionHash has *.*, which is no regular expression → Write it as in canal.mq.partitionHash: .*\\\\..*:$pk$ or shop.orders:id^customer.'],
    ['{ type: maxwell, partitionBy: colum }', 'format.partitionBy must be database, table, primary_key, transaction_id, column or random, not colum → Did you mean column?'],
  ])('%s is told what is wrong', (format, expected) => {
    expect(problems(`${VALID}format: ${format}\n`)[0]?.replace(/^\S+ /, '')).toBe(expected);
  });
});

describe('what a route asks for and its format cannot say', () => {
  const route = (keys: string): string => `name: s\nsource: { host: h, user: u }\nsink: { type: stdout }\nroutes: [{ tables: [a.b], ${keys} }]\n`;

  it.each([
    ['format: maxwell, operations: [insert, truncate]', 'names truncate, which maxwell messages cannot tell → Remove truncate, or give the route a format that can.'],
    ['format: canal, tombstones: true', 'does nothing, since messages of canal have no key → Remove tombstones, or give the route another format.'],
  ])('%s is told', (keys, expected) => {
    expect(problems(route(keys))[0]).toContain(expected);
  });

  it('is nothing else', () => {
    expect(problems(route('format: canal, operations: [truncate]'))).toEqual([]);
    expect(problems(route('format: maxwell, tombstones: true'))).toEqual([]);
  });
});

describe('a topic of transactions that formats share', () => {
  const shared = (first: string, second: string): string[] => problems(`name: s\nsource: { host: h, user: u }\nsink: { type: stdout }\nroutes: [{ tables: [a.b], format: { type: debezium, transactions: true, ${first} } }, { tables: [a.c], format: { type: debezium, transactions: true, ${second} } }]\n`);

  it('has one form', () => {
    expect(shared('schemas: true', 'schemas: false')[0]).toContain('routes[1].format.schemas is false, and another format with the transaction topic s.transaction has it otherwise');
    expect(shared('schemas: true', 'schemas: false, transactionTopic: other')).toEqual([]);
    expect(shared('decimal: string', 'decimal: double')).toEqual([]);
  });
});

describe('a place for rows in quarantine', () => {
  it('is refused where none go there', () => {
    expect(problems(`${VALID}schema: { onUnknown: fail, quarantine: { topic: q } }\n`)[0]).toContain('schema.quarantine.topic does nothing, since schema.onUnknown is fail → Write onUnknown: quarantine, or remove it.');
  });
});

describe('tombstones', () => {
  it('are sent by default, but not in the formats whose peers send none', () => {
    const routes = ['debezium', 'plain', 'maxwell', 'canal', 'cloudevents'].map((format) => configOf(`${VALID}format: ${format}\n`).routes[0]?.tombstones);
    expect(routes).toEqual([true, true, false, false, true]);
    expect(configOf('name: s\nsource: { host: h, user: u }\nsink: { type: stdout }\nroutes: [{ tables: [a.b], format: maxwell, tombstones: true }]\n').routes[0]?.tombstones).toBe(true);
  });
});
