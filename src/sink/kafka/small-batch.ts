import { ByteWriter } from '../../core/byte-writer.ts';
import type { ProducerId } from './producer.ts';
import { BATCH_HEADER, CODECS, RecordWriter, sealBatch } from './record-batch.ts';

/** Who writes records, in which transaction and place. */
export interface Writer {
  readonly transactionalId: string;
  readonly producer: ProducerId;
  /** Of the first record. */
  readonly sequence: number;
}

/** A record of a compacted topic. */
export interface KeyedRecord {
  readonly key: string;
  /** Null takes the key away. */
  readonly value: Uint8Array | null;
}

/** Bytes that a record has besides its key and value, at most. */
const RECORD_HEAD = 64;

/** Bytes that a batch of the record takes, at most. */
export function mostBytes({ key, value }: KeyedRecord): number {
  return RECORD_HEAD + Buffer.byteLength(key) + (value?.length ?? 0);
}

/** A batch of these records, one at least; `writer` null: of nobody in particular, outside transactions. */
export function batchOf(given: readonly KeyedRecord[], writer: Writer | null): Buffer {
  const bytes = Buffer.alloc(given.reduce((sum, record) => sum + mostBytes(record), BATCH_HEADER));
  const records = new RecordWriter();
  records.reset(bytes);
  for (const { key, value } of given) {
    const name = Buffer.from(key);
    const keyBytes = new ByteWriter(name.length);
    keyBytes.raw(name);
    const out = records.begin(keyBytes);
    if (value === null) records.endNull([]);
    else {
      out.raw(value);
      records.end([]);
    }
    records.keep();
  }
  const batch = bytes.subarray(0, records.start);
  const sender = writer === null ? { id: -1n, epoch: -1, sequence: -1 } : { ...writer.producer, sequence: writer.sequence };
  sealBatch(batch, { codec: CODECS.none, count: given.length, timestamp: Date.now() }, sender);
  return batch;
}
