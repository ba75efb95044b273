import type { ByteWriter } from '../../../core/byte-writer.ts';

/** Primitive types, big endian. Source: Kafka protocol guide, "Protocol Primitive Types". */

export function int16(out: ByteWriter, value: number): void {
  out.byte(value >> 8);
  out.byte(value);
}

export function int32(out: ByteWriter, value: number): void {
  out.byte(value >> 24);
  out.byte(value >> 16);
  out.byte(value >> 8);
  out.byte(value);
}

export function int64(out: ByteWriter, value: bigint): void {
  int32(out, Number(BigInt.asIntN(32, value >> 32n)));
  int32(out, Number(BigInt.asIntN(32, value)));
}

/** STRING, or NULLABLE_STRING for null. */
export function string(out: ByteWriter, value: string | null): void {
  int16(out, value === null ? -1 : Buffer.byteLength(value));
  if (value !== null) out.utf8(value);
}

/** COMPACT_NULLABLE_STRING, of up to 126 bytes. */
export function compactString(out: ByteWriter, value: string | null): void {
  out.byte(value === null ? 0 : Buffer.byteLength(value) + 1);
  if (value !== null) out.utf8(value);
}

/** How many bytes the zigzag varint of a `length` from 0 to 2^30 takes. */
export function varintWidth(length: number): number {
  if (length < 0x40) return 1;
  if (length < 0x2000) return 2;
  if (length < 0x100000) return 3;
  return length < 0x8000000 ? 4 : 5;
}

/** Writes the zigzag varint of `length` (0 to 2^30) at `at`. A write past the end of `bytes` changes nothing. */
export function putVarint(bytes: Uint8Array, at: number, length: number): void {
  let rest = length << 1;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at] = rest;
}

export function varint(out: ByteWriter, length: number): void {
  putVarint(out.bytes, out.at, length);
  out.at += varintWidth(length);
}

/** Reads an answer from its first byte to its last. @throws RangeError when the answer is too short */
export class WireReader {
  readonly bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  skip(count: number): void {
    this.#at += count;
  }

  int8(): number {
    return this.bytes.readInt8(this.#at++);
  }

  int16(): number {
    this.#at += 2;
    return this.bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.bytes.readInt32BE(this.#at - 4);
  }

  int64(): bigint {
    this.#at += 8;
    return this.bytes.readBigInt64BE(this.#at - 8);
  }

  text(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    this.#at += length;
    if (this.#at > this.bytes.length) throw new RangeError('an answer ends inside a text');
    return this.bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** BYTES, or NULLABLE_BYTES. */
  data(): Buffer | null {
    const length = this.int32();
    if (length < 0) return null;
    this.#at += length;
    if (this.#at > this.bytes.length) throw new RangeError('an answer ends inside its data');
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  /** Calls `item` once for each element of an ARRAY. */
  array<T>(item: () => T): T[] {
    const count = this.int32();
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }
}
