import { compactString, int16, int32, int64, string, type WireReader } from './wire.ts';
import type { ProducerId } from '../producer.ts';
import { request, type Request } from './requests.ts';

/** A topic that is to be made. */
export interface NewTopic {
  readonly name: string;
  /** Without it the broker's default. */
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  /** Settings of the topic, by their names in Kafka. */
  readonly settings?: Readonly<Record<string, string>>;
}

/*
 * CreateTopics v4. Source: Kafka protocol guide, "CreateTopics API (Key: 19)".
 * request:  topics [name STRING, partitions INT32, replication INT16, assignments [], configs [name STRING, value NULLABLE_STRING]],
 *           timeout INT32, validate_only BOOLEAN
 * response: throttle INT32, topics [name STRING, error INT16, message NULLABLE_STRING]
 * −1 partitions or replicas: the broker's default (Kafka 2.4 or newer).
 */
export function createTopicRequest(topic: NewTopic, timeoutMs: number, validateOnly = false): Request {
  const settings = Object.entries(topic.settings ?? {});
  return request(19, 4, (out) => {
    int32(out, 1);
    string(out, topic.name);
    int32(out, topic.partitions ?? -1);
    int16(out, topic.replicationFactor ?? -1);
    int32(out, 0);
    int32(out, settings.length);
    for (const [name, value] of settings) {
      string(out, name);
      string(out, value);
    }
    int32(out, timeoutMs);
    out.byte(validateOnly ? 1 : 0);
  });
}

export function readCreateTopic(answer: WireReader): { error: number; message: string | null } {
  answer.skip(4 + 4);
  answer.text();
  return { error: answer.int16(), message: answer.text() };
}

/*
 * DescribeConfigs v1. Source: Kafka protocol guide, "DescribeConfigs API (Key: 32)".
 * request:  resources [type INT8 (2: topic), name STRING, keys nullable [STRING]], include_synonyms BOOLEAN
 * response: throttle INT32, results [error INT16, message NULLABLE_STRING, type INT8, name STRING,
 *           configs [name STRING, value NULLABLE_STRING, read_only BOOLEAN, source INT8, sensitive BOOLEAN, synonyms []]]
 */
export function topicSettingRequest(topic: string, setting: string): Request {
  return request(32, 1, (out) => {
    int32(out, 1);
    out.byte(2);
    string(out, topic);
    int32(out, 1);
    string(out, setting);
    out.byte(0);
  });
}

/** `value` is null when the broker did not tell. */
export function readTopicSetting(answer: WireReader): { error: number; value: string | null } {
  answer.skip(4 + 4);
  const error = answer.int16();
  answer.text();
  answer.skip(1);
  answer.text();
  if (error !== 0 || answer.int32() < 1) return { error, value: null };
  answer.text();
  return { error, value: answer.text() };
}

/*
 * InitProducerId v4, flexible. Source: Kafka protocol guide, "InitProducerId API (Key: 22)".
 * request:  transactional_id COMPACT_NULLABLE_STRING, timeout INT32, producer_id INT64, epoch INT16, tagged fields
 * response: tagged fields (header), throttle INT32, error INT16, producer_id INT64, epoch INT16, tagged fields
 */
export function initProducerRequest({ id, epoch }: ProducerId, transaction: { readonly id: string; readonly timeoutMs: number } | null): Request {
  return request(22, 4, (out) => {
    compactString(out, transaction?.id ?? null);
    int32(out, transaction?.timeoutMs ?? 0x7fffffff);
    int64(out, id);
    int16(out, epoch);
    out.byte(0);
  }, true);
}

export function readInitProducer(answer: WireReader): { error: number; id: bigint; epoch: number } {
  answer.skip(1 + 4);
  return { error: answer.int16(), id: answer.int64(), epoch: answer.int16() };
}
