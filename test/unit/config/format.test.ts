import { describe, expect, it } from 'vitest';
import { allFormats, formatsOf, sideTopics } from '../../../src/app/formats.ts';
import { configOf, problems, VALID } from './support.ts';

const clock = { nowMicros: () => 0, monotonicMs: () => 0 };

describe('the format debezium', () => {
  it('takes its options in words of Debezium', () => {
    const { format } = configOf(`${VALID}format: { type: debezium, schemas: true, decimal: string, bigintUnsigned: precise, binary: base64-url-safe, timePrecision: isostring, transactions: "true", heartbeat: 10s }`);
    expect(format).toMatchObject({ schemas: true, decimal: 'string', bigintUnsigned: 'precise', binary: 'base64-url-safe', timePrecision: 'isostring', transactions: true, heartbeat: 10_000, flat: null });
  });

  it.each([
    ['true', { deletes: 'tombstone', addFields: [], addFieldsPrefix: '__', addHeaders: [], addHeadersPrefix: '__' }],
    ['"true"', { deletes: 'tombstone', addFields: [], addFieldsPrefix: '__', addHeaders: [], addHeadersPrefix: '__' }],
    ['false', null],
    ['{ deletes: rewrite, addFields: [op, "source.ts_ms:at", transaction.id], addFieldsPrefix: "" }', { deletes: 'rewrite', addFields: ['op', 'source.ts_ms:at', 'transaction.id'], addFieldsPrefix: '', addHeaders: [], addHeadersPrefix: '__' }],
  ])('takes flat: %s', (written, flat) => {
    expect(configOf(`${VALID}format: { type: debezium, flat: ${written} }`).format).toMatchObject({ flat });
  });

  it.each([
    ['{ type: debezium, timePrecision: adaptive }', 'format.timePrecision must be adaptive_time_microseconds, connect, isostring, microseconds or nanoseconds, not adaptive'],
    ['{ type: debezium, flat: maybe }', 'format.flat'],
    ['{ type: debezium, flat: { addFields: [lsn] } }', 'format.flat.addFields[0] must be op, ts_ms, ts_us, ts_ns, source.FIELD or transaction.FIELD, perhaps with :new_name, not lsn'],
    ['{ type: debezium, flat: { delete: drop } }', 'format.flat.delete is not a known key'],
    ['{ type: plain, schemas: true }', 'format.schemas is not a known key'],
  ])('refuses %s', (written, message) => {
    expect(problems(`${VALID}format: ${written}`).join()).toContain(message);
  });

  it('has topics of its own, each of them once, which a route may name otherwise', () => {
    const config = configOf(`name: shop
source: { user: rowcast }
format: { type: debezium, transactions: true, heartbeat: 1s }
routes:
  - { tables: [a.*] }
  - { tables: [b.*], format: { type: debezium, transactions: true, transactionTopic: mine } }
  - { tables: [c.*], format: plain }
`);
    expect(sideTopics(allFormats(config, formatsOf(config, () => 'mysql', clock)))).toEqual(['shop.transaction', '__debezium-heartbeat.shop', 'mine']);
  });
});
