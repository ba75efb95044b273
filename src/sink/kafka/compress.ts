import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Compression } from './options.ts';

const gzipped = promisify(gzip);
const gunzipped = promisify(gunzip);

/*
 * The native libraries are several megabytes each, so that only the one that is used is loaded.
 */
const lz4 = (): Promise<typeof import('lz4-napi')> => import('lz4-napi');
const zstd = (): Promise<typeof import('@mongodb-js/zstd')> => import('@mongodb-js/zstd');
const snappy = (): Promise<typeof import('snappy')> => import('snappy');

/** Compresses the records of a batch off this thread, in the framing that Kafka's own clients read. */
export async function compressRecords(codec: Exclude<Compression, 'none'>, records: Buffer): Promise<Buffer> {
  switch (codec) {
    case 'gzip':
      return gzipped(records, { level: 6 });
    case 'lz4':
      return (await lz4()).compressFrame(records);
    case 'zstd':
      return (await zstd()).compress(records, 3);
    case 'snappy':
      return xerial(records);
  }
}

/** The records that `compressRecords` made this of. */
export async function decompressRecords(codec: Exclude<Compression, 'none'>, packed: Buffer): Promise<Buffer> {
  switch (codec) {
    case 'gzip':
      return gunzipped(packed);
    case 'lz4':
      return (await lz4()).decompressFrame(packed);
    case 'zstd':
      return (await zstd()).decompress(packed);
    case 'snappy':
      return unXerial(packed);
  }
}

/*
 * Snappy in blocks, as SnappyOutputStream of xerial's snappy-java writes it and Kafka's consumers expect it:
 * magic 82 "SNAPPY" 00, version INT32 (1), compatible version INT32 (1), then blocks of length INT32 and raw snappy data.
 */
const XERIAL_HEAD = Buffer.from('82534e41505059000000000100000001', 'hex');
const XERIAL_BLOCK = 64 * 1024;

async function xerial(records: Buffer): Promise<Buffer> {
  const { compress } = await snappy();
  const blocks: Promise<Buffer>[] = [];
  for (let at = 0; at < records.length; at += XERIAL_BLOCK) blocks.push(compress(records.subarray(at, at + XERIAL_BLOCK)));
  const parts: Buffer[] = [XERIAL_HEAD];
  for (const block of await Promise.all(blocks)) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length, 0);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

async function unXerial(packed: Buffer): Promise<Buffer> {
  const { uncompress } = await snappy();
  const blocks: Promise<Buffer>[] = [];
  for (let at = XERIAL_HEAD.length; at < packed.length; ) {
    const length = packed.readInt32BE(at);
    blocks.push(uncompress(packed.subarray(at + 4, at + 4 + length), { asBuffer: true }).then((block) => Buffer.from(block)));
    at += 4 + length;
  }
  return Buffer.concat(await Promise.all(blocks));
}
