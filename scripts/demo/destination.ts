import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import kafkajs from 'kafkajs';
import { decompressFrame } from 'lz4-napi';
import type { TopicMessage } from '../kafka-reader.ts';
import { openKafkaReader } from '../kafka-reader.ts';

/** Where the changes arrive, seen from outside the daemon. */
export interface Destination {
  /** For the closing line: `in Kafka`. */
  readonly place: string;
  /** Messages there now. */
  count(): Promise<number>;
  /** Up to `limit` of the first messages, each as a line. */
  first(limit: number): Promise<string[]>;
  close(): Promise<void>;
}

/** The topics of a Kafka, counted by their end offsets. */
export async function kafkaDestination(broker: string): Promise<Destination> {
  const codecs = kafkajs.CompressionCodecs as Record<number, () => object>;
  codecs[kafkajs.CompressionTypes.LZ4] = () => ({ decompress: decompressFrame });
  const reader = await openKafkaReader(broker);
  return {
    place: 'in Kafka',
    count: async () => {
      let sum = 0;
      for (const topic of await reader.topics()) for (const end of await reader.endOffsets(topic)) sum += end;
      return sum;
    },
    first: async (limit) => {
      const found: TopicMessage[] = [];
      for (const topic of await reader.topics()) {
        for (const [partition, end] of (await reader.endOffsets(topic)).entries()) {
          if (end > 0) found.push(...(await reader.fetch(topic, partition, 0)).messages.slice(0, 2));
        }
      }
      return found.sort((a, b) => a.timestamp - b.timestamp).slice(0, limit).map((message) => line(message));
    },
    close: () => reader.close(),
  };
}

/** The lines of a file. */
export function fileDestination(path: string): Destination {
  const lines = async (): Promise<string[]> => (existsSync(path) ? (await readFile(path, 'utf8')).split('\n').slice(0, -1) : []);
  return {
    place: `in the file ${path}`,
    count: async () => (await lines()).length,
    first: async (limit) => (await lines()).slice(0, limit).map((text) => `  ${cut(text)}`),
    close: () => Promise.resolve(),
  };
}

function line(message: TopicMessage): string {
  return `  ${message.topic}[${message.partition}]@${message.offset}  ${message.key?.toString() ?? 'null'} → ${cut(message.value?.toString() ?? 'null (a tombstone)')}`;
}

function cut(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text;
}

const WIDTH = 220;
