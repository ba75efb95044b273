import { ByteWriter } from '../../core/byte-writer.ts';
import type { ProducerId } from './producer.ts';
import { BATCH_HEADER, CODECS, RecordWriter, sealBatch } from './record-batch.ts';

/** Who writes a record, in which transaction and place. */
export interface Writer {
  readonly transactionalId: string;
  readonly producer: ProducerId;
  readonly sequence: number;
}

/** Bytes that a record has besides its key and value, at most. */
const RECORD_HEAD = 64;

/** A batch of one record; `writer` null: of nobody in particular, outside transactions. */
export function batchOf(key: string, value: Buffer | null, writer: Writer | null): Buffer {
  const name = Buffer.from(key);
  const bytes = Buffer.alloc(BATCH_HEADER + RECORD_HEAD + name.length + (value?.length ?? 0));
  const records = new RecordWriter();
  const keyBytes = new ByteWriter(name.length);
  keyBytes.raw(name);
  records.reset(bytes);
  const out = records.begin(keyBytes);
  if (value === null) records.endNull([]);
  else {
    out.raw(value);
    records.end([]);
  }
  records.keep();
  const batch = bytes.subarray(0, records.start);
  const sender = writer === null ? { id: -1n, epoch: -1, sequence: -1 } : { ...writer.producer, sequence: writer.sequence };
  sealBatch(batch, { codec: CODECS.none, count: 1, timestamp: Date.now() }, sender);
  return batch;
}
