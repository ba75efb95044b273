import { crc32c } from '@node-rs/crc32';
import { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Header } from '../../core/ports.ts';
import { putVarint, varint, varintWidth } from './protocol/wire.ts';

/*
 * Record batch, magic 2. Source: Kafka protocol guide and "Message Format" of the Kafka documentation.
 *
 *  0 base offset INT64 (0)        21 attributes INT16 (bits 0-2: codec)   43 producer id INT64
 *  8 length INT32 (bytes after)   23 last offset delta INT32              51 producer epoch INT16
 * 12 leader epoch INT32 (-1)      27 base timestamp INT64                 53 base sequence INT32
 * 16 magic INT8 (2)               35 max timestamp INT64                  57 record count INT32
 * 17 CRC-32C INT32 (of all that follows)                                  61 records, compressed as one
 *
 * record: length, attributes INT8 (0), timestamp delta, offset delta, key length, key, value length, value, header count,
 *         headers (name length, name, value length, value); numbers are zigzag varints, a null key or value has length -1.
 */
export const BATCH_HEADER = 61;

/** Bits of the attributes: batches of transactions, and the markers that end one. */
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;

/** Values of the codec bits. */
export const CODECS = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/** Writes records into a buffer that its owner gives it. Nothing here allocates per record. */
export class RecordWriter {
  readonly out = new ByteWriter(0);
  /** Records kept since `reset`. */
  count = 0;
  /** Where the kept records end, and the one being written begins. */
  start = BATCH_HEADER;
  #value = 0;
  #lengthWidth = 1;
  #valueWidth = 1;
  #reach = 0;

  /** Where the record being written ends, or ended before one of its lengths turned out to be shorter: what lay beyond the buffer then was not written. */
  get reach(): number {
    return Math.max(this.#reach, this.out.at);
  }

  /** Starts a batch in `bytes`. */
  reset(bytes: Buffer): void {
    this.out.use(bytes);
    this.out.at = BATCH_HEADER;
    this.start = BATCH_HEADER;
    this.count = 0;
  }

  /** Begins a record behind the kept ones; one that was begun and not kept is gone. */
  begin(key: ByteWriter | null): ByteWriter {
    const out = this.out;
    this.#reach = 0;
    out.at = this.start + this.#lengthWidth;
    out.byte(0);
    out.byte(0);
    varint(out, this.count);
    if (key === null) out.byte(NULL_LENGTH);
    else {
      varint(out, key.at);
      out.all(key);
    }
    out.at += this.#valueWidth;
    this.#value = out.at;
    return out;
  }

  /** Ends the value and the record. `out.at` is then exact, even when it did not fit, which `reach` tells. */
  end(headers: readonly Header[]): void {
    const length = this.out.at - this.#value;
    const width = varintWidth(length);
    const at = this.#value - this.#valueWidth;
    if (width !== this.#valueWidth) {
      this.#shift(this.#value, width - this.#valueWidth);
      this.#valueWidth = width;
    }
    putVarint(this.out.bytes, at, length);
    this.#finish(headers);
  }

  /** Ends the record with a null value. */
  endNull(headers: readonly Header[]): void {
    this.out.at = this.#value - this.#valueWidth;
    this.out.byte(NULL_LENGTH);
    this.#finish(headers);
  }

  #finish(headers: readonly Header[]): void {
    const out = this.out;
    if (headers.length === 0) out.byte(0);
    else this.#headers(headers);
    const body = this.start + this.#lengthWidth;
    const length = out.at - body;
    const width = varintWidth(length);
    if (width !== this.#lengthWidth) {
      this.#shift(body, width - this.#lengthWidth);
      this.#lengthWidth = width;
    }
    putVarint(out.bytes, this.start, length);
  }

  #headers(headers: readonly Header[]): void {
    const out = this.out;
    varint(out, headers.length);
    for (const { name, value } of headers) {
      varint(out, Buffer.byteLength(name));
      out.utf8(name);
      varint(out, value.length);
      out.raw(value);
    }
  }

  /** Moves all from `from` on by `by` bytes; only `at` moves when it does not fit. */
  #shift(from: number, by: number): void {
    const out = this.out;
    const end = out.at;
    this.#reach = Math.max(this.#reach, end);
    out.at = end + by;
    if (this.reach <= out.bytes.length) out.bytes.copyWithin(from + by, from, end);
  }

  /** Makes the record that was ended part of the batch: only where all up to `reach` fits. */
  keep(): void {
    this.start = this.out.at;
    this.count++;
  }
}

const NULL_LENGTH = 1;

/** Bytes that a message takes as the only record of a batch, the batch's header included. −1: it has no key. */
export function loneSize(key: number, value: number, headers: readonly Header[]): number {
  let body = 3 + sized(Math.max(0, key)) + sized(value) + varintWidth(headers.length);
  for (const { name, value: bytes } of headers) body += sized(Buffer.byteLength(name)) + sized(bytes.length);
  return BATCH_HEADER + varintWidth(body) + body;
}

/** A length, and so many bytes. */
function sized(length: number): number {
  return varintWidth(length) + length;
}

/** What the header of a batch says besides its sender. */
export interface BatchFacts {
  readonly codec: number;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Who sends a batch and where it stands in the order of its partition. */
export interface BatchSender {
  readonly id: bigint;
  readonly epoch: number;
  readonly sequence: number;
  /** The batch is part of a transaction. @default false */
  readonly transactional?: boolean | undefined;
}

/** Fills the header of the batch that takes up all of `batch`, the CRC last. */
export function sealBatch(batch: Buffer, facts: BatchFacts, sender: BatchSender): void {
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch[16] = 2;
  batch.writeInt16BE(sender.transactional === true ? facts.codec | TRANSACTIONAL : facts.codec, 21);
  batch.writeInt32BE(facts.count - 1, 23);
  const timestamp = BigInt(facts.timestamp);
  batch.writeBigInt64BE(timestamp, 27);
  batch.writeBigInt64BE(timestamp, 35);
  batch.writeBigInt64BE(sender.id, 43);
  batch.writeInt16BE(sender.epoch, 51);
  batch.writeInt32BE(sender.sequence, 53);
  batch.writeInt32BE(facts.count, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
}

/** One record of an uncompressed batch; null for what is null. */
export interface RawRecord {
  /** Bytes it takes in the batch. */
  readonly size: number;
  /** Its offset behind that of the batch. */
  readonly delta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

/** Reads the records of an uncompressed batch. @throws RowcastError INTERNAL where they are not laid out as records are */
export function readRecords(batch: Buffer): RawRecord[] {
  let at = BATCH_HEADER;
  const number = (): number => {
    let value = 0;
    for (let bits = 0; bits < 35; bits += 7) {
      const byte = batch[at++] ?? 0x80;
      value |= (byte & 0x7f) << bits;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new RowcastError('INTERNAL', `a record batch of ${String(batch.length)} bytes is damaged before byte ${String(at)}`);
  };
  const data = (): Buffer | null => {
    const length = number();
    if (length < 0) return null;
    at += length;
    return batch.subarray(at - length, at);
  };
  const records: RawRecord[] = [];
  while (at < batch.length) {
    const start = at;
    number();
    at++;
    number();
    const delta = number();
    const key = data();
    const value = data();
    const headers: Header[] = [];
    for (let left = number(); left > 0; left--) headers.push({ name: data()?.toString() ?? '', value: data() ?? Buffer.alloc(0) });
    records.push({ size: at - start, delta, key, value, headers });
  }
  return records;
}
