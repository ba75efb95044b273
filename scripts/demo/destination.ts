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
  /** Messages that have come so far. */
  count(): Promise<number>;
  /** Up to `limit` of the first messages that were counted, each as a line. */
  first(limit: number): Promise<string[]>;
  close(): Promise<void>;
}

/** The topics of rows in a Kafka, as a consumer with `isolation.level=read_committed` sees them. */
export async function kafkaDestination(broker: string): Promise<Destination> {
  const codecs = kafkajs.CompressionCodecs as Record<number, () => object>;
  codecs[kafkajs.CompressionTypes.LZ4] = () => ({ decompress: decompressFrame });
  const reader = await openKafkaReader(broker);
  const read = new Map<string, number>();
  const earliest: TopicMessage[] = [];
  let total = 0;
  const readOn = async (topic: string, partition: number, end: number): Promise<void> => {
    const place = `${topic}/${String(partition)}`;
    for (let at = read.get(place) ?? 0; at < end; ) {
      const { messages, next } = await reader.fetch(topic, partition, at);
      if (at === 0) earliest.push(...messages.slice(0, 2));
      total += messages.length;
      // What is behind a transaction that is still open comes later.
      if (next === at) return;
      read.set(place, (at = next));
    }
  };
  return {
    place: 'in Kafka',
    count: async () => {
      for (const topic of await reader.topics()) {
        if (!topic.startsWith(ROWS)) continue;
        // A topic that was made a moment ago has no leaders yet: its messages are counted the next time.
        const ends = await reader.endOffsets(topic).catch(() => []);
        for (const [partition, end] of ends.entries()) await readOn(topic, partition, end);
      }
      return total;
    },
    first: (limit) => Promise.resolve([...earliest].sort((a, b) => a.timestamp - b.timestamp).slice(0, limit).map((message) => line(message))),
    close: () => reader.close(),
  };
}

/** Topics of rows begin so in config/demo.yaml; others hold the position and the schema history. */
const ROWS = 'cdc.';

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
