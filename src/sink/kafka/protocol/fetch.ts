import { int32, int64, string, type WireReader } from './wire.ts';
import { request, type Request } from './requests.ts';
import type { TopicPartition } from './transactions.ts';

const READ_COMMITTED = 1;
const READ_ALL = 0;

/** Behind every record, or behind what is committed: before the first open transaction. */
export type EndKind = 'high' | 'stable';

/** Times that ListOffsets takes for the ends of a log. */
export const LOG_END = -1n;
export const LOG_START = -2n;

/*
 * ListOffsets v2. Source: Kafka protocol guide, "ListOffsets API (Key: 2)".
 * request:  replica INT32 (-1), isolation INT8, topics [name STRING, partitions [index INT32, time INT64]]
 * response: throttle INT32, topics [name STRING, partitions [index INT32, error INT16, time INT64, offset INT64]]
 * Without read_committed the end is the high watermark, behind every open transaction; with it, it is before the first of them.
 */
export function listOffsetsRequest({ topic, partition }: TopicPartition, time: bigint, end: EndKind = 'high'): Request {
  return request(2, 2, (out) => {
    int32(out, -1);
    out.byte(end === 'high' ? READ_ALL : READ_COMMITTED);
    int32(out, 1);
    string(out, topic);
    int32(out, 1);
    int32(out, partition);
    int64(out, time);
  });
}

export function readListOffsets(answer: WireReader): { error: number; offset: bigint } {
  answer.skip(4 + 4);
  answer.text();
  answer.skip(4 + 4);
  const error = answer.int16();
  answer.skip(8);
  return { error, offset: answer.int64() };
}

/*
 * Fetch v4. Source: Kafka protocol guide, "Fetch API (Key: 1)".
 * request:  replica INT32 (-1), max_wait INT32, min_bytes INT32, max_bytes INT32, isolation INT8,
 *           topics [name STRING, partitions [index INT32, offset INT64, max_bytes INT32]]
 * response: throttle INT32, topics [name STRING, partitions [index INT32, error INT16, high_watermark INT64,
 *           last_stable INT64, aborted nullable [producer INT64, first_offset INT64], records NULLABLE_BYTES]]
 */
export function fetchRequest({ topic, partition }: TopicPartition, offset: bigint, bytes: number): Request {
  return request(1, 4, (out) => {
    int32(out, -1);
    int32(out, FETCH_WAIT_MS);
    int32(out, 1);
    int32(out, bytes);
    out.byte(READ_COMMITTED);
    int32(out, 1);
    string(out, topic);
    int32(out, 1);
    int32(out, partition);
    int64(out, offset);
    int32(out, bytes);
  });
}

const FETCH_WAIT_MS = 100;

/** What one fetch brought. */
export interface Fetched {
  readonly error: number;
  /** Transactions that were aborted, each with its first offset, in the range of the records. */
  readonly aborted: readonly { readonly producer: bigint; readonly first: bigint }[];
  /** Whole batches, perhaps a part of one after them. */
  readonly records: Buffer;
}

export function readFetch(answer: WireReader): Fetched {
  answer.skip(4 + 4);
  answer.text();
  answer.skip(4 + 4);
  const error = answer.int16();
  answer.skip(8 + 8);
  const aborted = answer.array(() => ({ producer: answer.int64(), first: answer.int64() }));
  return { error, aborted, records: answer.data() ?? Buffer.alloc(0) };
}
