import { RowcastError } from '../../core/errors.ts';
import type { Counter } from '../../core/ports.ts';

/** What the partitions of one topic share. */
export interface TopicFacts {
  readonly name: string;
  /** The topic's `max.message.bytes`, as last learnt: no message may be larger. */
  maxBytes: number;
  /** The smallest single message that was refused for its size although `max.message.bytes` allows it. @default Infinity */
  refusedBytes: number;
  /** A batch of several messages is closed before it is larger. */
  groupBytes: number;
  readonly messages: Counter;
  readonly bytes: Counter;
}

/** Sets what a topic takes, as its setting was just learnt. */
export function learnLimit(topic: TopicFacts, maxBytes: number, batchBytes: number): void {
  topic.maxBytes = Math.min(maxBytes, topic.refusedBytes - 1);
  topic.groupBytes = Math.min(topic.maxBytes, batchBytes);
}

/** For a message that makes a batch of so many bytes by itself. */
export function tooLarge(topic: TopicFacts, bytes: number): RowcastError {
  return new RowcastError('ROW_TOO_LARGE', `A message for topic ${topic.name} makes a batch of ${String(bytes)} bytes; the topic takes ${String(topic.maxBytes)} (max.message.bytes)`, {
    facts: { topic: topic.name, bytes, limit: topic.maxBytes },
    hint: TOO_LARGE_HINT,
  });
}

/** For messages that no split makes small enough. */
export const TOO_LARGE_HINT = 'Raise max.message.bytes of the topic (and replica.fetch.max.bytes of the brokers), then start Rowcast again: it reads the limit when it opens the topic. Or leave the large column out of the route, or set the onTooLarge of the route to truncate, drop or deadLetter.';
