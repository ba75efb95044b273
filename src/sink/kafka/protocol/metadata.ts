import { int32, string, type WireReader } from './wire.ts';
import { request, type Request } from './requests.ts';

/*
 * Metadata v4. Source: Kafka protocol guide, "Metadata API (Key: 3)".
 * request:  topics [STRING], allow_auto_topic_creation BOOLEAN
 * response: throttle INT32, brokers [node INT32, host STRING, port INT32, rack NULLABLE_STRING], cluster NULLABLE_STRING,
 *           controller INT32, topics [error INT16, name STRING, internal BOOLEAN,
 *           partitions [error INT16, index INT32, leader INT32, replicas [INT32], isr [INT32]]]
 */

export interface PartitionMetadata {
  readonly error: number;
  readonly index: number;
  /** Node id; −1 while there is none. */
  readonly leader: number;
}

export interface TopicMetadata {
  readonly error: number;
  readonly name: string;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly brokers: readonly { readonly node: number; readonly host: string; readonly port: number }[];
  readonly controller: number;
  readonly topics: readonly TopicMetadata[];
}

export function metadataRequest(topics: readonly string[]): Request {
  return request(3, 4, (out) => {
    int32(out, topics.length);
    for (const topic of topics) string(out, topic);
    out.byte(0);
  });
}

export function readMetadata(answer: WireReader): ClusterMetadata {
  answer.skip(4);
  const brokers = answer.array(() => {
    const broker = { node: answer.int32(), host: answer.text() ?? '', port: answer.int32() };
    answer.text();
    return broker;
  });
  answer.text();
  const controller = answer.int32();
  const topics = answer.array(() => {
    const error = answer.int16();
    const name = answer.text() ?? '';
    answer.skip(1);
    return { error, name, partitions: answer.array(() => readPartition(answer)) };
  });
  return { brokers, controller, topics };
}

function readPartition(answer: WireReader): PartitionMetadata {
  const partition = { error: answer.int16(), index: answer.int32(), leader: answer.int32() };
  answer.skip(answer.int32() * 4);
  answer.skip(answer.int32() * 4);
  return partition;
}
