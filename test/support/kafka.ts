import { gunzipSync } from 'node:zlib';
import { decompress as unzstd } from '@mongodb-js/zstd';
import kafkajs from 'kafkajs';
import { decompressFrame } from 'lz4-napi';
import { uncompress } from 'snappy';
import type { KafkaReader, TopicMessage } from '../../scripts/kafka-reader.ts';
import { openKafkaReader } from '../../scripts/kafka-reader.ts';
import type { Address } from './mysql.ts';

export type { KafkaReader, TopicMessage };

/** A reader of topics, independent of the daemon's code; it reads every compression. */
export function readerOf(server: Address): Promise<KafkaReader> {
  const codecs = kafkajs.CompressionCodecs as Record<number, () => Codec>;
  codecs[kafkajs.CompressionTypes.GZIP] = () => decoder((bytes) => Promise.resolve(gunzipSync(bytes)));
  codecs[kafkajs.CompressionTypes.Snappy] = () => decoder(unXerial);
  codecs[kafkajs.CompressionTypes.LZ4] = () => decoder(decompressFrame);
  codecs[kafkajs.CompressionTypes.ZSTD] = () => decoder(unzstd);
  return openKafkaReader(`${server.host}:${server.port}`);
}

/** Opens a reader, reads all messages of a topic, closes it. */
export async function readTopic(server: Address, topic: string): Promise<TopicMessage[]> {
  const reader = await readerOf(server);
  try {
    return await reader.read(topic);
  } finally {
    await reader.close();
  }
}

/** The value as JSON; null for a tombstone. */
export function jsonOf(message: TopicMessage): unknown {
  return message.value === null ? null : JSON.parse(message.value.toString());
}

/** What kafkajs asks of a codec. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

function decoder(decompress: (bytes: Buffer) => Promise<Buffer>): Codec {
  return { compress: () => Promise.reject(new Error('a reader does not compress')), decompress };
}

/** Snappy as Java's clients frame it: sixteen bytes of head, then blocks of a length and raw snappy data. */
async function unXerial(bytes: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = 16; at < bytes.length; ) {
    const length = bytes.readInt32BE(at);
    parts.push((await uncompress(bytes.subarray(at + 4, at + 4 + length))) as Buffer);
    at += 4 + length;
  }
  return Buffer.concat(parts);
}
