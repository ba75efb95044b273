import { RowcastError } from '../../core/errors.ts';

/** Reads the fields of one event in order, little-endian; never past its end. For events that are rare. */
export class Cursor {
  bytes: Buffer;
  end: number;
  at: number;

  constructor(bytes: Buffer, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Goes on to another event. */
  move(bytes: Buffer, at: number, end: number): this {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    return this;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Moves over `count` bytes and tells where they start. @throws RowcastError EVENT_CORRUPT past the end */
  skip(count: number): number {
    if (!(count >= 0 && count <= this.end - this.at)) throw new RowcastError('EVENT_CORRUPT', 'a field runs past the end of the event');
    const start = this.at;
    this.at += count;
    return start;
  }

  u8(): number {
    return this.bytes[this.skip(1)] as number;
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  u48(): number {
    return this.bytes.readUIntLE(this.skip(6), 6);
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.skip(8));
  }

  /** A 64-bit count or offset. @throws RowcastError EVENT_CORRUPT from 2^53 on */
  number64(): number {
    const low = this.u32();
    const high = this.u32();
    if (high > 0x1fffff) throw tooLarge();
    return low + high * 0x100000000;
  }

  /** MySQL's packed integer: one byte below 251, else 252, 253 or 254 and two, three or eight bytes. */
  packed(): number {
    const first = this.u8();
    if (first < 251) return first;
    if (first === 252) return this.u16();
    if (first === 253) return this.bytes.readUIntLE(this.skip(3), 3);
    if (first === 254) return this.number64();
    throw new RowcastError('EVENT_CORRUPT', `a packed integer begins with ${first}`);
  }

  /** MySQL's serialization library: as many ones as the first byte ends in, that many bytes follow. */
  varlen(): bigint {
    let extra = 0;
    const first = this.bytes[this.skip(1)] as number;
    while (extra < 8 && (first & (1 << extra)) !== 0) extra++;
    let value = extra >= 7 ? 0n : BigInt(first >> (extra + 1));
    const shift = extra >= 7 ? 0 : 7 - extra;
    const from = this.skip(extra);
    for (let i = 0; i < extra; i++) value |= BigInt(this.bytes[from + i] as number) << BigInt(shift + 8 * i);
    return value;
  }

  text(length: number): string {
    const start = this.skip(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  slice(length: number): Buffer {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  rest(): Cursor {
    return new Cursor(this.bytes, this.at, this.end);
  }
}

/** A bigint as a number. @throws RowcastError EVENT_CORRUPT from 2^53 on */
export function exact(value: bigint): number {
  if (value > 9007199254740991n) throw tooLarge();
  return Number(value);
}

/** A number of 64 bits that should be a count or an offset. */
export function tooLarge(): RowcastError {
  return new RowcastError('EVENT_CORRUPT', 'a number is larger than any that makes sense there');
}
