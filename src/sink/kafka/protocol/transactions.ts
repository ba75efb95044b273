import type { ProducerId } from '../producer.ts';
import { request, type Request } from './requests.ts';
import { int16, int32, int64, string, type WireReader } from './wire.ts';

/** A producer as the coordinator of its transactions knows it. */
export interface TransactionalProducer extends ProducerId {
  readonly transactionalId: string;
}

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/*
 * FindCoordinator v2. Source: Kafka protocol guide, "FindCoordinator API (Key: 10)".
 * request:  key STRING, key_type INT8 (0: a group, 1: transactions)
 * response: throttle INT32, error INT16, message NULLABLE_STRING, node INT32, host STRING, port INT32
 */
export function findCoordinatorRequest(key: string, of: 'group' | 'transactions'): Request {
  return request(10, 2, (out) => {
    string(out, key);
    out.byte(of === 'group' ? 0 : 1);
  });
}

export function readCoordinator(answer: WireReader): { error: number; message: string | null; node: number; host: string; port: number } {
  answer.skip(4);
  return { error: answer.int16(), message: answer.text(), node: answer.int32(), host: answer.text() ?? '', port: answer.int32() };
}

/*
 * AddPartitionsToTxn v2. Source: Kafka protocol guide, "AddPartitionsToTxn API (Key: 24)".
 * request:  transactional_id STRING, producer_id INT64, epoch INT16, topics [name STRING, partitions [INT32]]
 * response: throttle INT32, results [name STRING, partitions [index INT32, error INT16]]
 */
export function addPartitionsRequest({ transactionalId, id, epoch }: TransactionalProducer, partitions: readonly TopicPartition[]): Request {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return request(24, 2, (out) => {
    string(out, transactionalId);
    int64(out, id);
    int16(out, epoch);
    int32(out, topics.size);
    for (const [topic, indexes] of topics) {
      string(out, topic);
      int32(out, indexes.length);
      for (const index of indexes) int32(out, index);
    }
  });
}

/** The first error that says why, 0 for none: one partition's failure keeps the others out, and they only say that. */
export function readAddPartitions(answer: WireReader): number {
  answer.skip(4);
  const errors: number[] = [];
  answer.array(() => {
    answer.text();
    answer.array(() => {
      answer.skip(4);
      errors.push(answer.int16());
    });
  });
  const failed = errors.filter((error) => error !== 0);
  return failed.find((error) => error !== OPERATION_NOT_ATTEMPTED) ?? failed[0] ?? 0;
}

const OPERATION_NOT_ATTEMPTED = 55;

/*
 * EndTxn v2. Source: Kafka protocol guide, "EndTxn API (Key: 26)".
 * request:  transactional_id STRING, producer_id INT64, epoch INT16, committed BOOLEAN
 * response: throttle INT32, error INT16
 */
export function endTransactionRequest({ transactionalId, id, epoch }: TransactionalProducer, commit: boolean): Request {
  return request(26, 2, (out) => {
    string(out, transactionalId);
    int64(out, id);
    int16(out, epoch);
    out.byte(commit ? 1 : 0);
  });
}

export function readEndTransaction(answer: WireReader): number {
  answer.skip(4);
  return answer.int16();
}
