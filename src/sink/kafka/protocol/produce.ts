import { ByteWriter } from '../../../core/byte-writer.ts';
import { fill } from '../../../core/projection.ts';
import type { Request } from './requests.ts';
import { int16, int32, string, type WireReader } from './wire.ts';

/*
 * Produce v8. Source: Kafka protocol guide, "Produce API (Key: 0)".
 * request:  transactional_id NULLABLE_STRING, acks INT16, timeout INT32, topics [name STRING, partitions [index INT32, records BYTES]]
 * response: topics [name STRING, partitions [index INT32, error INT16, base_offset INT64, log_append_time INT64,
 *           log_start_offset INT64, record_errors [batch_index INT32, message NULLABLE_STRING], message NULLABLE_STRING]], throttle INT32
 */

/** One record batch on its way to a partition. */
export interface ProducePart {
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer;
}

/** What mostly is enough for the fields of a request, and for those of each of its batches. */
const HEAD_BYTES = 128;
const PART_BYTES = 64;

/** The batches are not copied; they must not change until the answer has come or the connection is gone. */
export function produceRequest(batches: readonly ProducePart[], timeoutMs: number, transactionalId: string | null = null): Request {
  const topics = new Map<string, ProducePart[]>();
  for (const batch of batches) {
    const same = topics.get(batch.topic);
    if (same === undefined) topics.set(batch.topic, [batch]);
    else same.push(batch);
  }
  const out = new ByteWriter(HEAD_BYTES + batches.length * PART_BYTES);
  /** Where the fields end that come before each of the batches. */
  const ends: number[] = [];
  fill(out, () => {
    ends.length = 0;
    string(out, transactionalId);
    int16(out, -1);
    int32(out, timeoutMs);
    int32(out, topics.size);
    for (const [topic, group] of topics) {
      string(out, topic);
      int32(out, group.length);
      for (const { partition, records } of group) {
        int32(out, partition);
        int32(out, records.length);
        ends.push(out.at);
      }
    }
  });
  const inOrder = [...topics.values()].flat();
  const parts = inOrder.flatMap(({ records }, place) => [out.bytes.subarray(ends[place - 1] ?? 0, ends[place]), records]);
  return { key: 0, version: 8, flexible: false, parts };
}

export interface ProduceResult {
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  readonly message: string | null;
  /** Number in the batch of the first record that the broker complains of; null where it names none. */
  readonly record: number | null;
}

export function readProduce(answer: WireReader): ProduceResult[] {
  const results: ProduceResult[] = [];
  answer.array(() => {
    const topic = answer.text() ?? '';
    answer.array(() => results.push(readPart(answer, topic)));
  });
  return results;
}

function readPart(answer: WireReader, topic: string): ProduceResult {
  const partition = answer.int32();
  const error = answer.int16();
  answer.skip(3 * 8);
  const [first] = answer.array(() => ({ record: answer.int32(), reason: answer.text() }));
  return { topic, partition, error, message: answer.text() ?? first?.reason ?? null, record: first?.record ?? null };
}
