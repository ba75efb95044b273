import { appendFile, mkdir, open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** What a record is. */
export const SET = 0;
export const GONE = 1;
export const TRUNCATED = 2;
/** A row of the table; all others are of the topic. */
export const SEEN = 3;

/** A row of a topic or of a table. */
export interface SpilledRow {
  readonly kind: number;
  /** The table by its place among those of the topic. */
  readonly table: number;
  readonly id: string;
  /** Empty for `GONE`. */
  readonly digests: Buffer;
  /** Rows of a topic: where the message is. */
  readonly partition: number;
  readonly offset: bigint;
  readonly time: number;
  /** Rows of a table: literals of its key. */
  readonly key: readonly string[];
}

/** length, kind, table, partition, offset, time, bytes of the id, bytes of the key */
const HEAD = 4 + 1 + 2 + 4 + 8 + 8 + 4 + 4;
const FLUSH_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
/** Literals of SQL hold none. */
const SEPARATOR = '\0';

/**
 * Rows in files, by a hash of their id: each file holds all that is known of its rows, in the order in which it was added.
 * No more than some megabytes wait in memory.
 */
export class Spill {
  readonly #folder: string;
  readonly count: number;
  readonly #waiting: Buffer[][];
  #bytes = 0;

  constructor(folder: string, count: number) {
    this.#folder = folder;
    this.count = count;
    this.#waiting = Array.from({ length: count }, () => []);
  }

  /** Makes the folder, and cuts files to these sizes, in bytes; without sizes they are removed. */
  async open(sizes: readonly number[] | null): Promise<void> {
    if (sizes === null) await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
    for (const [index, size] of (sizes ?? []).entries()) if (size > 0) await truncate(this.#path(index), size);
  }

  /** Takes a row. Memory is bounded only if `flush` is called whenever `full` says so. */
  add(row: SpilledRow): void {
    this.#put(bucketOf(row, this.count), row);
  }

  /** Takes what concerns every row of a table. */
  addToAll(row: SpilledRow): void {
    for (let bucket = 0; bucket < this.count; bucket++) this.#put(bucket, row);
  }

  get full(): boolean {
    return this.#bytes > FLUSH_BYTES;
  }

  async flush(): Promise<void> {
    for (const [bucket, waiting] of this.#waiting.entries()) {
      if (waiting.length === 0) continue;
      this.#waiting[bucket] = [];
      await appendFile(this.#path(bucket), Buffer.concat(waiting));
    }
    this.#bytes = 0;
  }

  /** Bytes of each file. */
  sizes(): Promise<number[]> {
    return Promise.all(this.#waiting.map((_, index) => stat(this.#path(index)).then(({ size }) => size, () => 0)));
  }

  /** The rows of a file, in their order. */
  async *read(bucket: number): AsyncGenerator<SpilledRow> {
    if ((await this.sizes())[bucket] === 0) return;
    const file = await open(this.#path(bucket));
    try {
      let rest = Buffer.alloc(0);
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES);
        if (bytesRead === 0) return;
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        let at = 0;
        while (bytes.length - at >= 4 && bytes.length - at >= bytes.readUInt32LE(at)) {
          yield decode(bytes, at);
          at += bytes.readUInt32LE(at);
        }
        rest = bytes.subarray(at);
      }
    } finally {
      await file.close();
    }
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #put(bucket: number, row: SpilledRow): void {
    const bytes = encode(row);
    this.#waiting[bucket]?.push(bytes);
    this.#bytes += bytes.length;
  }

  #path(bucket: number): string {
    return join(this.#folder, `${String(bucket)}.rows`);
  }
}

function bucketOf({ table, id }: SpilledRow, count: number): number {
  let hash = table ^ 0x5bd1e995;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 2654435761);
  return ((hash ^ (hash >>> 15)) >>> 0) % count;
}

function encode(row: SpilledRow): Buffer {
  const key = row.key.join(SEPARATOR);
  const idBytes = Buffer.byteLength(row.id);
  const keyBytes = Buffer.byteLength(key);
  const bytes = Buffer.allocUnsafe(HEAD + idBytes + keyBytes + row.digests.length);
  let at = bytes.writeUInt32LE(bytes.length, 0);
  at = bytes.writeUInt8(row.kind, at);
  at = bytes.writeUInt16LE(row.table, at);
  at = bytes.writeInt32LE(row.partition, at);
  at = bytes.writeBigInt64LE(row.offset, at);
  at = bytes.writeDoubleLE(row.time, at);
  at = bytes.writeUInt32LE(idBytes, at);
  at = bytes.writeUInt32LE(keyBytes, at);
  at += bytes.write(row.id, at);
  at += bytes.write(key, at);
  row.digests.copy(bytes, at);
  return bytes;
}

function decode(bytes: Buffer, from: number): SpilledRow {
  const to = from + bytes.readUInt32LE(from);
  const id = from + HEAD;
  const key = id + bytes.readUInt32LE(from + 27);
  const digests = key + bytes.readUInt32LE(from + 31);
  return {
    kind: bytes[from + 4] as number,
    table: bytes.readUInt16LE(from + 5),
    partition: bytes.readInt32LE(from + 7),
    offset: bytes.readBigInt64LE(from + 11),
    time: bytes.readDoubleLE(from + 19),
    id: bytes.toString('utf8', id, key),
    key: key === digests ? [] : bytes.toString('utf8', key, digests).split(SEPARATOR),
    digests: Buffer.from(bytes.subarray(digests, to)),
  };
}
