import { ByteWriter } from '../../core/byte-writer.ts';
import { Batch } from './batch.ts';
import type { BufferPool } from './buffer-pool.ts';
import { BATCH_HEADER, readRecords, RecordWriter, type RawRecord } from './record-batch.ts';

/** The sequence of what follows `count` records that begin with this one: sequences are counted modulo 2^31. */
export function sequenceAfter(sequence: number, count: number): number {
  return (sequence + count) & LAST_SEQUENCE;
}

const LAST_SEQUENCE = 0x7fffffff;

/**
 * The records of a batch that the broker found too large, in batches of at most `limit` bytes before compression (a larger
 * record gets one of its own). Each has the sequences its records had, so those of later batches need no change. The last
 * one settles the ticket: batches become durable in order. The batch itself is left as it is.
 */
export async function splitBatch(batch: Batch, limit: number, pool: BufferPool): Promise<Batch[]> {
  const groups = grouped(readRecords(await batch.plain()), limit - BATCH_HEADER);
  let sequence = batch.sequence;
  return groups.map((records, index) => {
    const last = index === groups.length - 1;
    const piece = written(records, batch, { last, pool });
    if (last) piece.waiters = batch.waiters;
    if (sequence >= 0) {
      piece.sequence = sequence;
      sequence = sequenceAfter(sequence, records.length);
    }
    return piece;
  });
}

function grouped(records: readonly RawRecord[], limit: number): RawRecord[][] {
  const groups: RawRecord[][] = [];
  let group: RawRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    if (group.length > 0 && bytes + record.size > limit) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(record);
    bytes += record.size;
  }
  groups.push(group);
  return groups;
}

function written(records: readonly RawRecord[], batch: Batch, { last, pool }: { last: boolean; pool: BufferPool }): Batch {
  // No record gets longer: its offset in the batch, and so that number's width, can only shrink.
  const buffer = pool.take(records.reduce((sum, record) => sum + record.size, BATCH_HEADER + WRITER_SLACK));
  const writer = new RecordWriter();
  writer.reset(buffer);
  const key = new ByteWriter(0);
  for (const record of records) {
    if (record.key !== null) {
      key.use(record.key);
      key.at = record.key.length;
    }
    const out = writer.begin(record.key === null ? null : key);
    if (record.value === null) writer.endNull(record.headers);
    else {
      out.raw(record.value);
      writer.end(record.headers);
    }
    writer.keep();
  }
  return new Batch(buffer, writer.start, { ticket: last ? batch.ticket : null, transaction: batch.transaction, count: records.length, timestamp: batch.timestamp });
}

/** A length field may be reserved wider than it turns out, until its record has ended. */
const WRITER_SLACK = 16;
