import { describe, expect, it } from 'vitest';
import { initProducerRequest } from '../../../../src/sink/kafka/protocol/admin.ts';
import { fetchRequest, listOffsetsRequest, LOG_END, readFetch, readListOffsets } from '../../../../src/sink/kafka/protocol/fetch.ts';
import { MAY_READ, MAY_WRITE, permissionsRequest, readPermissions } from '../../../../src/sink/kafka/protocol/metadata.ts';
import { produceRequest } from '../../../../src/sink/kafka/protocol/produce.ts';
import type { Request } from '../../../../src/sink/kafka/protocol/requests.ts';
import { addPartitionsRequest, endTransactionRequest, findCoordinatorRequest, readAddPartitions, readCoordinator, readEndTransaction } from '../../../../src/sink/kafka/protocol/transactions.ts';
import { WireReader } from '../../../../src/sink/kafka/protocol/wire.ts';
import { batchOf, mostBytes } from '../../../../src/sink/kafka/small-batch.ts';
import { BATCH_HEADER, readRecords } from '../../../../src/sink/kafka/record-batch.ts';

const producer = { transactionalId: 'rowcast-a', id: 0x0102030405060708n, epoch: 9 };
const hex = (request: Request): string => Buffer.concat(request.parts).toString('hex');
const text = (value: string): string => `${value.length.toString(16).padStart(4, '0')}${Buffer.from(value).toString('hex')}`;
const reader = (answer: string): WireReader => new WireReader(Buffer.from(answer.replaceAll(' ', ''), 'hex'));

describe('requests of transactions, byte for byte as the protocol guide has them', () => {
  it('FindCoordinator v2', () => {
    expect(findCoordinatorRequest('rowcast-a', 'transactions')).toMatchObject({ key: 10, version: 2, flexible: false });
    expect(hex(findCoordinatorRequest('rowcast-a', 'transactions'))).toBe(`${text('rowcast-a')}01`);
    expect(readCoordinator(reader(`00000000 0000 ffff 00000003 ${text('host')} 00002384`))).toEqual({ error: 0, message: null, node: 3, host: 'host', port: 9092 });
  });

  it('InitProducerId v4', () => {
    expect(hex(initProducerRequest({ id: 5n, epoch: 2 }, { id: 'ab', timeoutMs: 60_000 }))).toBe('036162' + '0000ea60' + '0000000000000005' + '0002' + '00');
    expect(hex(initProducerRequest({ id: -1n, epoch: -1 }, null))).toBe('00' + '7fffffff' + 'ffffffffffffffff' + 'ffff' + '00');
  });

  it('AddPartitionsToTxn v2, grouped by topic', () => {
    const request = addPartitionsRequest(producer, [{ topic: 'a', partition: 0 }, { topic: 'b', partition: 1 }, { topic: 'a', partition: 2 }]);
    expect(request).toMatchObject({ key: 24, version: 2 });
    expect(hex(request)).toBe(`${text('rowcast-a')}0102030405060708000900000002${text('a')}000000020000000000000002${text('b')}0000000100000001`);
  });

  it.each([
    ['00000000 0000', 0],
    ['00000000 0037', 55],
    ['00000000 0037 00000001 0033', 51],
    ['00000000 002f 00000001 0037', 47],
  ])('tells why partitions were not added: %s', (partitions, error) => {
    const bytes = partitions.replaceAll(' ', '');
    expect(readAddPartitions(reader(`00000000 00000001 ${text('t')} ${(bytes.length / 12).toString(16).padStart(8, '0')} ${bytes}`))).toBe(error);
  });

  it('EndTxn v2', () => {
    expect(hex(endTransactionRequest(producer, true))).toBe(`${text('rowcast-a')}0102030405060708000901`);
    expect(hex(endTransactionRequest(producer, false)).endsWith('00')).toBe(true);
    expect(readEndTransaction(reader('00000000 005a'))).toBe(90);
  });

  it('Produce names the transaction', () => {
    const parts = [{ topic: 't', partition: 0, records: Buffer.from('ff', 'hex') }];
    expect(hex(produceRequest(parts, 100, 'ab')).startsWith('00026162ffff00000064')).toBe(true);
    expect(hex(produceRequest(parts, 100)).startsWith('ffffffff00000064')).toBe(true);
  });

  it('Produce has each batch behind the fields of its partition, topic by topic, however long their names are', () => {
    const [long, id] = ['t'.repeat(249), 'x'.repeat(300)];
    const parts = [
      { topic: long, partition: 3, records: Buffer.from('aa', 'hex') },
      { topic: 'u', partition: 0, records: Buffer.from('bbbb', 'hex') },
      { topic: long, partition: 1, records: Buffer.from('cccccc', 'hex') },
    ];
    expect(hex(produceRequest(parts, 100, id))).toBe(
      `${text(id)}ffff0000006400000002${text(long)}000000020000000300000001aa0000000100000003cccccc${text('u')}000000010000000000000002bbbb`,
    );
  });

  it('Metadata v8, with what the asker may do', () => {
    expect(hex(permissionsRequest('t'))).toBe(`00000001${text('t')}000001`);
    const broker = `00000001 00000001 ${text('h')} 00002384 ffff`;
    const partition = '0000 00000000 00000001 00000005 00000001 00000001 00000001 00000001 00000000';
    const answer = readPermissions(reader(`00000000 ${broker} ffff 00000001 00000001 0000 ${text('t')} 00 00000002 ${partition} ${partition} 00000118 80000000`));
    expect(answer).toEqual({ error: 0, partitions: 2, operations: 0x118 });
    expect([answer.operations & MAY_READ, answer.operations & MAY_WRITE]).toEqual([8, 16]);
    expect(readPermissions(reader(`00000000 ${broker} ${text('c')} 00000001 00000001 001d ${text('t')} 00 00000000 80000000 80000000`))).toMatchObject({ error: 29, partitions: 0 });
  });

  it('ListOffsets v2 and Fetch v4', () => {
    expect(hex(listOffsetsRequest({ topic: 't', partition: 0 }, LOG_END))).toBe(`ffffffff0000000001${text('t')}0000000100000000ffffffffffffffff`);
    expect(readListOffsets(reader(`00000000 00000001 ${text('t')} 00000001 00000000 0000 ffffffffffffffff 0000000000000007`))).toEqual({ error: 0, offset: 7n });
    expect(hex(fetchRequest({ topic: 't', partition: 0 }, 7n, 256))).toBe(`ffffffff0000006400000001000001000100000001${text('t')}0000000100000000000000000000000700000100`);
    const answer = readFetch(reader(`00000000 00000001 ${text('t')} 00000001 00000000 0000 0000000000000009 0000000000000008 00000001 0000000000000005 0000000000000002 00000002 abcd`));
    expect(answer).toEqual({ error: 0, aborted: [{ producer: 5n, first: 2n }], records: Buffer.from('abcd', 'hex') });
    expect(readFetch(reader(`00000000 00000001 ${text('t')} 00000001 00000000 0000 0000000000000009 0000000000000008 ffffffff ffffffff`))).toEqual({ error: 0, aborted: [], records: Buffer.alloc(0) });
  });
});

describe('a small batch', () => {
  it('carries who sends it, and that it is part of a transaction', () => {
    const batch = batchOf([{ key: 'k', value: Buffer.from('value') }], { transactionalId: 'x', producer: { id: 7n, epoch: 3, transactional: true }, sequence: 5 });
    expect([batch.readInt16BE(21), batch.readBigInt64BE(43), batch.readInt16BE(51), batch.readInt32BE(53)]).toEqual([0x10, 7n, 3, 5]);
    expect(readRecords(batch).map(({ key, value }) => [String(key), String(value)])).toEqual([['k', 'value']]);
  });

  it('is nobody\'s without a writer, and may take a key away', () => {
    const batch = batchOf([{ key: 'k', value: null }], null);
    expect([batch.readInt16BE(21), batch.readBigInt64BE(43), batch.readInt32BE(53)]).toEqual([0, -1n, -1]);
    expect(readRecords(batch)[0]?.value).toBeNull();
  });

  it('has several records in their order, which count in the sequence', () => {
    const given = [{ key: 'a', value: Buffer.alloc(70_000, 1) }, { key: 'b', value: null }, { key: 'c', value: Buffer.from('x') }];
    const batch = batchOf(given, { transactionalId: 'x', producer: { id: 7n, epoch: 3, transactional: true }, sequence: 5 });
    expect([batch.readInt32BE(23), batch.readInt32BE(53), batch.readInt32BE(57)]).toEqual([2, 5, 3]);
    expect(readRecords(batch).map(({ key, value }) => ({ key: String(key), value }))).toEqual(given);
    expect(batch.length).toBeLessThanOrEqual(given.reduce((sum, record) => sum + mostBytes(record), BATCH_HEADER));
  });
});
