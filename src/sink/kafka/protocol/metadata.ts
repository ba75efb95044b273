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
  readonly replicas: number;
  /** How many replicas have all that is committed. */
  readonly inSync: number;
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
  const error = answer.int16();
  const index = answer.int32();
  const leader = answer.int32();
  const replicas = answer.int32();
  answer.skip(replicas * 4);
  const inSync = answer.int32();
  answer.skip(inSync * 4);
  return { error, index, leader, replicas, inSync };
}

/*
 * Metadata v8, for one topic, with what the asker may do with it. Source: Kafka protocol guide, "Metadata API (Key: 3)".
 * request:  topics [STRING], allow_auto_topic_creation BOOLEAN, include_cluster_authorized_operations BOOLEAN,
 *           include_topic_authorized_operations BOOLEAN
 * response: as v4, but partitions [error INT16, index INT32, leader INT32, leader_epoch INT32, replicas [INT32], isr [INT32],
 *           offline [INT32]], and topics end with authorized_operations INT32; then cluster_authorized_operations INT32
 */
export function permissionsRequest(topic: string): Request {
  return request(3, 8, (out) => {
    int32(out, 1);
    string(out, topic);
    out.byte(0);
    out.byte(0);
    out.byte(1);
  });
}

/** A topic and what the asker may do with it. */
export interface TopicPermissions {
  readonly error: number;
  readonly partitions: number;
  /** A bit for each operation, by its number in Kafka's AclOperation. */
  readonly operations: number;
}

/** Bits of `operations`. Source: Kafka, `AclOperation`. */
export const MAY_READ = 1 << 3;
export const MAY_WRITE = 1 << 4;

export function readPermissions(answer: WireReader): TopicPermissions {
  answer.skip(4);
  answer.array(() => {
    answer.skip(4);
    answer.text();
    answer.skip(4);
    answer.text();
  });
  answer.text();
  answer.skip(4 + 4);
  const error = answer.int16();
  answer.text();
  answer.skip(1);
  const partitions = answer.array(() => {
    answer.skip(2 + 4 + 4 + 4);
    for (let lists = 3; lists > 0; lists--) answer.skip(answer.int32() * 4);
  });
  return { error, partitions: partitions.length, operations: answer.int32() };
}
