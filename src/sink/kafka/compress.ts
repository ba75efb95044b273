import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { compress as zstd } from '@mongodb-js/zstd';
import { compressFrame } from 'lz4-napi';
import { compress as snappy } from 'snappy';
import type { Compression } from './options.ts';

const gzipped = promisify(gzip);

/** Compresses the records of a batch off this thread, in the framing that Kafka's own clients read. */
export function compressRecords(codec: Exclude<Compression, 'none'>, records: Buffer): Promise<Buffer> {
  switch (codec) {
    case 'gzip':
      return gzipped(records, { level: 6 });
    case 'lz4':
      return compressFrame(records);
    case 'zstd':
      return zstd(records, 3);
    case 'snappy':
      return xerial(records);
  }
}

/*
 * Snappy in blocks, as SnappyOutputStream of xerial's snappy-java writes it and Kafka's consumers expect it:
 * magic 82 "SNAPPY" 00, version INT32 (1), compatible version INT32 (1), then blocks of length INT32 and raw snappy data.
 */
const XERIAL_HEAD = Buffer.from('82534e41505059000000000100000001', 'hex');
const XERIAL_BLOCK = 64 * 1024;

async function xerial(records: Buffer): Promise<Buffer> {
  const blocks: Promise<Buffer>[] = [];
  for (let at = 0; at < records.length; at += XERIAL_BLOCK) blocks.push(snappy(records.subarray(at, at + XERIAL_BLOCK)));
  const parts: Buffer[] = [XERIAL_HEAD];
  for (const block of await Promise.all(blocks)) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length, 0);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}
