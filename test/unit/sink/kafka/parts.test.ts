import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Batch } from '../../../../src/sink/kafka/batch.ts';
import { BufferPool } from '../../../../src/sink/kafka/buffer-pool.ts';
import { connectionError } from '../../../../src/sink/kafka/failures.ts';
import { Producer } from '../../../../src/sink/kafka/producer.ts';
import { readProduce } from '../../../../src/sink/kafka/protocol/produce.ts';
import { WireReader } from '../../../../src/sink/kafka/protocol/wire.ts';
import { readRecords, RecordWriter } from '../../../../src/sink/kafka/record-batch.ts';
import { splitBatch } from '../../../../src/sink/kafka/split.ts';
import { StallWatch } from '../../../../src/sink/kafka/stall-watch.ts';
import { keyOf } from './support/sink.ts';

describe('Producer', () => {
  it('keeps one id and raises the epoch', async () => {
    let asked = 0n;
    const producer = new Producer(() => Promise.resolve({ id: ++asked, epoch: 0 }));
    await producer.begin();
    await producer.begin();
    const first = producer.current;
    expect([first, await producer.after(first)]).toEqual([{ id: 1n, epoch: 0 }, { id: 1n, epoch: 1 }]);
  });

  it('gives two partitions that leave the same identity the same next one', async () => {
    const producer = new Producer(() => Promise.resolve({ id: 1n, epoch: 0 }));
    await producer.begin();
    const first = producer.current;
    await producer.after(first);
    expect([await producer.after(first), producer.current]).toEqual([{ id: 1n, epoch: 1 }, { id: 1n, epoch: 1 }]);
  });

  it('asks for another id after the last epoch', async () => {
    const ids = [{ id: 1n, epoch: 32_766 }, { id: 2n, epoch: 0 }];
    const producer = new Producer(() => Promise.resolve(ids.shift() ?? { id: 3n, epoch: 0 }));
    await producer.begin();
    const last = await producer.after(producer.current);
    expect([last, await producer.after(last)]).toEqual([{ id: 1n, epoch: 32_767 }, { id: 2n, epoch: 0 }]);
  });
});

describe('splitBatch', () => {
  function pool(): { pool: BufferPool; held: () => number } {
    let held = 0;
    return { pool: new BufferPool({ take: (bytes) => { held += bytes; }, give: (bytes) => { held -= bytes; } }, 0), held: () => held };
  }

  function batch(values: readonly (string | null)[]): Batch {
    const writer = new RecordWriter();
    writer.reset(Buffer.alloc(10_000));
    for (const [index, value] of values.entries()) {
      const out = writer.begin(index % 2 === 0 ? keyOf(`k${String(index)}`) : null);
      if (value === null) writer.endNull([]);
      else {
        out.utf8(value);
        writer.end([{ name: 'h', value: Buffer.from([index]) }]);
      }
      writer.keep();
    }
    return new Batch(writer.out.bytes, writer.start, { ticket: { before: null }, transaction: 0, count: values.length, timestamp: 7 });
  }

  it('keeps keys, values, nulls, headers and their order', async () => {
    const whole = batch(['a'.repeat(100), null, 'c', 'd'.repeat(300), 'e']);
    const pieces = await splitBatch(whole, 200, pool().pool);
    const records = pieces.flatMap((piece) => readRecords(piece.records));
    const plain = ({ key, value, headers }: (typeof records)[number]): unknown[] => [key?.toString(), value?.toString(), headers.map((one) => one.value[0])];
    expect(records.map(plain)).toEqual(readRecords(whole.records).map(plain));
    expect(pieces.map((piece) => piece.count)).toEqual([3, 1, 1]);
  });

  it('continues the sequences, past their end too, and leaves the ticket to the last piece', async () => {
    const whole = batch(['a'.repeat(100), 'b'.repeat(100), 'c'.repeat(100)]);
    whole.sequence = 0x7fffffff;
    const pieces = await splitBatch(whole, 200, pool().pool);
    expect(pieces.map((piece) => piece.sequence)).toEqual([0x7fffffff, 0, 1]);
    expect(pieces.map((piece) => piece.ticket)).toEqual([null, null, { before: null }]);
  });

  it('holds memory for its pieces alone', async () => {
    const { pool: from, held } = pool();
    const pieces = await splitBatch(batch(['a', 'b']), 80, from);
    expect(held()).toBe(2 * 16 * 1024);
    for (const piece of pieces) piece.release(from);
    expect(held()).toBe(0);
  });
});

describe('StallWatch', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  function watch(): { state: { waiting: boolean; moved: number; stalls: number }; watch: StallWatch } {
    const state = { waiting: true, moved: 0, stalls: 0 };
    return { state, watch: new StallWatch(1000, { waiting: () => state.waiting, moved: () => state.moved, stalled: () => { state.stalls++; } }) };
  }

  it('tells once when nothing moves for the limit', () => {
    const { state, watch: one } = watch();
    one.begin();
    vi.advanceTimersByTime(999);
    expect(state.stalls).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(state.stalls).toBe(1);
  });

  it('waits as long as something moves, however slowly', () => {
    const { state, watch: one } = watch();
    one.begin();
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(700);
      state.moved++;
    }
    expect(state.stalls).toBe(0);
  });

  it('has no timer when nothing waits', () => {
    const { state, watch: one } = watch();
    one.begin();
    state.waiting = false;
    vi.advanceTimersByTime(250);
    expect([vi.getTimerCount(), state.stalls]).toEqual([0, 0]);
  });
});

describe('connectionError', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'SINK_AUTH'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SINK_AUTH'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SINK_AUTH'],
    ['CERT_HAS_EXPIRED', 'SINK_AUTH'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'SINK_AUTH'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'SINK_AUTH'],
    ['ECONNREFUSED', 'SINK_LOST'],
    ['ECONNRESET', 'SINK_LOST'],
    ['ENOTFOUND', 'SINK_LOST'],
  ])('%s is %s', (code, expected) => {
    expect(connectionError('Broker', Object.assign(new Error('x'), { code }))).toMatchObject({ code: expected, message: expect.stringContaining('Broker') as string });
  });
});

describe('readProduce', () => {
  it('tells of every partition, with the reason the broker gives', () => {
    const answer = Buffer.from('00000001' + '000174' + '00000002'
      + '00000000' + '0000' + '0000000000000005' + 'ffffffffffffffff' + '0000000000000000' + '00000000' + 'ffff'
      + '00000002' + '0057' + 'ffffffffffffffff' + 'ffffffffffffffff' + '0000000000000000' + '00000001' + '00000003' + '000462616421' + 'ffff'
      + '00000000', 'hex');
    expect(readProduce(new WireReader(answer))).toEqual([
      { topic: 't', partition: 0, error: 0, message: null, record: null },
      { topic: 't', partition: 2, error: 87, message: 'bad!', record: 3 },
    ]);
  });

  it('refuses an answer that ends early', () => {
    expect(() => readProduce(new WireReader(Buffer.from('00000001000174000000', 'hex')))).toThrow(RangeError);
  });
});
