import { ByteWriter } from '../core/byte-writer.ts';
import { jsonStringBytes } from '../core/json-text.ts';
import type { SideMessage, TopicWriter } from '../core/ports.ts';

/** Writes a message that is about no row. @throws RowcastError ROW_TOO_LARGE where it is larger than the topic takes */
export function writeSideMessage(topic: TopicWriter, { key, value, headers, partition, bareKey = false }: SideMessage): void {
  const keyBytes = key === null ? null : holding(bareKey && topic.json === true ? quoted(key) : key);
  if (value !== null) {
    do topic.begin(keyBytes, partition).raw(value);
    while (!topic.end(headers));
  } else {
    topic.tombstone(keyBytes, headers, partition);
  }
}

function quoted(text: Uint8Array): Buffer {
  return jsonStringBytes(Buffer.from(text).toString('utf8'));
}

function holding(bytes: Uint8Array): ByteWriter {
  const writer = new ByteWriter(bytes.length);
  writer.raw(bytes);
  return writer;
}
