import { crc32 as addCrc32 } from '@node-rs/crc32';
import { RowcastError } from '../../core/errors.ts';
import { MAX_FIELDS, readPayloadFields, type InnerPlace, type PayloadFields, type PayloadHandler } from '../binlog/transaction-payload.ts';
import { EventHead } from './event-head.ts';
import type { HeadContext } from './event-head.ts';
import { ZstdStream } from './zstd-stream.ts';

/**
 * Takes a TRANSACTION_PAYLOAD event as it comes, decompresses it a block (128 KiB) at a time and hands over the events
 * inside, which obey the limits of other events. It works only when `step` is called, one event or block each time, and
 * takes no further bytes before it has done with those it has: so a pause holds in the middle, and what is held beside
 * an event is the decompressor's window and a block (Invariant 6).
 */
export class PayloadReader {
  readonly #handler: PayloadHandler;
  readonly #head: EventHead;
  readonly #fieldBytes = Buffer.alloc(MAX_FIELDS);
  #fieldsFilled = 0;
  #fields: PayloadFields | null = null;
  #zstd: ZstdStream | null = null;
  #open = false;
  /** The CRC of what came; null where it is known to be right. */
  #crc: number | null = null;
  #outerOver = false;
  /** The last event waits for the rest of the outer one. */
  #waiting = false;

  /** Compressed bytes that are to be read, and how many of the payload are still to come after `#inputAt`. */
  #input: Buffer = NOTHING;
  #inputAt = 0;
  #inputEnd = 0;
  #left = 0;
  /** Decompressed bytes that are to be read; `#read` counts those before `#blockAt`. */
  #block: Buffer = NOTHING;
  #blockAt = 0;
  #read = 0;
  /** The event that is being put together: its length (0: not known), where it is kept, how much of it is here. */
  #length = 0;
  #body: Buffer = NOTHING;
  #filled = 0;
  #passing = false;
  /** Bytes decompressed since somebody asked. */
  #produced = 0;

  constructor(handler: PayloadHandler, rowLimit: number, context: HeadContext) {
    this.#handler = handler;
    this.#head = new EventHead(rowLimit, context);
  }

  /** There is something to do without further bytes. */
  get busy(): boolean {
    return this.#open && !this.#waiting && (this.#outerOver || this.#inputAt < this.#inputEnd || this.#unread);
  }

  /** Of what was decompressed. */
  get #unread(): boolean {
    return this.#blockAt < this.#block.length || (this.#length > 0 && this.#filled === this.#length);
  }

  /** Bytes decompressed since the last call. */
  produced(): number {
    const produced = this.#produced;
    this.#produced = 0;
    return produced;
  }

  /** A whole event that stays where it is until the reader is no longer busy. */
  whole(bytes: Buffer, start: number, end: number): void {
    if (end - start < HEADER || bytes.readUInt32LE(start + 9) !== end - start) throw damaged('its size is not what its header says');
    this.#begin();
    this.#handler.begins(bytes, start, addCrc32(bytes.subarray(start, end)));
    this.#crc = null;
    this.#take(bytes, start + HEADER, end);
    this.#outerOver = true;
  }

  /** The first bytes of an event that comes in parts: its header and more. */
  begin(bytes: Buffer, start: number, end: number): void {
    this.#begin();
    this.#handler.begins(bytes, start, null);
    this.#crc = addCrc32(bytes.subarray(start, end));
    this.#take(bytes, start + HEADER, end);
  }

  /** The next part. It stays where it is until the reader is no longer busy. */
  part(bytes: Buffer, from: number, to: number): void {
    this.#crc = addCrc32(bytes.subarray(from, to), this.#crc ?? 0);
    this.#take(bytes, from, to);
  }

  /** All of it is here. */
  end(): void {
    this.#outerOver = true;
    this.#waiting = false;
  }

  /** Hands over an event, or decompresses a block. @throws RowcastError EVENT_CORRUPT, EVENT_UNSUPPORTED, ROW_TOO_LARGE, and what the handler throws */
  step(): void | Promise<void> {
    if (this.#unread) return this.#inner();
    if (this.#left === 0 && this.#fields !== null) this.#inputAt = this.#inputEnd;
    if (this.#inputAt < this.#inputEnd) this.#decompress();
    else if (this.#outerOver) this.#over();
    return undefined;
  }

  /** Drops everything. */
  stop(): void {
    this.#open = false;
    this.#zstd = null;
    this.#input = this.#block = this.#body = NOTHING;
    this.#inputAt = this.#inputEnd = this.#blockAt = 0;
  }

  #begin(): void {
    this.stop();
    this.#open = true;
    this.#outerOver = this.#waiting = this.#passing = false;
    this.#fields = null;
    this.#fieldsFilled = this.#read = this.#length = this.#filled = this.#left = 0;
  }

  #take(bytes: Buffer, from: number, to: number): void {
    this.#waiting = false;
    this.#input = bytes;
    this.#inputAt = from;
    this.#inputEnd = to;
    if (this.#fields === null) this.#readFields();
  }

  /** The fields may come in parts as well. */
  #readFields(): void {
    const before = this.#fieldsFilled;
    const more = Math.min(this.#inputEnd - this.#inputAt, MAX_FIELDS - before);
    this.#input.copy(this.#fieldBytes, before, this.#inputAt, this.#inputAt + more);
    this.#fieldsFilled += more;
    this.#fields = readPayloadFields(this.#fieldBytes, 0, this.#fieldsFilled);
    this.#inputAt += this.#fields === null ? more : this.#fields.at - before;
    if (this.#fields === null) return;
    this.#left = this.#fields.size;
    this.#zstd = this.#fields.compressed ? new ZstdStream() : null;
  }

  #decompress(): void {
    const end = Math.min(this.#inputEnd, this.#inputAt + this.#left);
    const from = this.#inputAt;
    if (this.#zstd === null) {
      this.#next(this.#input.subarray(from, end));
      this.#inputAt = end;
    } else {
      this.#inputAt = this.#zstd.push(this.#input, from, end);
      const block = this.#zstd.take();
      if (block !== undefined) this.#next(Buffer.from(block.buffer, block.byteOffset, block.length));
    }
    this.#left -= this.#inputAt - from;
  }

  #next(block: Buffer): void {
    this.#block = block;
    this.#blockAt = 0;
    this.#produced += block.length;
    if (this.#read + block.length > (this.#fields?.uncompressed ?? 0)) throw damaged('it holds more than it says');
  }

  /** The events are read, all but the last one, which waits for the checksum. */
  #over(): void {
    const rest = this.#zstd?.take();
    if (rest !== undefined) { this.#next(Buffer.from(rest.buffer, rest.byteOffset, rest.length)); return; }
    if (this.#fields === null || this.#left > 0 || this.#zstd?.complete === false) throw damaged('it is cut off');
    throw damaged('it holds less than it says');
  }

  /** Reads on in the block: to the end of an event, or of the block. */
  #inner(): void | Promise<void> {
    const left = this.#block.length - this.#blockAt;
    if (this.#filled === 0 && left >= HEADER) {
      const length = this.#block.readUInt32LE(this.#blockAt + 9);
      if (length >= HEADER && length <= left && length <= this.#head.sure) {
        if (!this.#mayHand(length)) return undefined;
        const start = this.#blockAt;
        this.#blockAt += length;
        return this.#hand(this.#block, start, length);
      }
    }
    return this.#join();
  }

  #join(): void | Promise<void> {
    if (this.#length === 0) this.#joinHead();
    if (this.#length === 0) return undefined;
    const from = this.#blockAt;
    const part = Math.min(this.#block.length - from, this.#length - this.#filled);
    const complete = this.#filled + part === this.#length;
    // Only the last event waits, in the last block, which stays.
    if (complete && !this.#mayHand(this.#length)) return undefined;
    if (!this.#passing) this.#block.copy(this.#body, this.#filled, from, from + part);
    this.#filled += part;
    this.#blockAt += part;
    if (!complete) return undefined;
    const { length, body } = { length: this.#length, body: this.#body };
    this.#length = this.#filled = 0;
    this.#body = NOTHING;
    if (!this.#passing) return this.#hand(body, 0, length);
    this.#handler.passed(this.#head.bytes, 1, this.#placeOf(length));
    return undefined;
  }

  /** The bytes by which an event is judged. */
  #joinHead(): void {
    const head = this.#head.bytes;
    while (this.#blockAt < this.#block.length && this.#length === 0) {
      head[1 + this.#filled++] = this.#block[this.#blockAt++] as number;
      const announced = this.#filled < HEADER ? JUDGED : this.#head.announced(-1);
      if (announced < HEADER) throw damaged(`an event in it has ${announced} bytes`);
      if (this.#filled === Math.min(announced, JUDGED)) this.#sized(announced);
    }
  }

  #sized(length: number): void {
    if (this.#read + length > (this.#fields?.uncompressed ?? 0)) throw damaged('an event in it is longer than what is left');
    this.#length = length;
    this.#passing = this.#head.passes(length);
    if (this.#passing) return;
    this.#body = Buffer.allocUnsafeSlow(length);
    this.#head.bytes.copy(this.#body, 0, 1, 1 + this.#filled);
  }

  /** False for the last event while the checksum of all is not known to be right. */
  #mayHand(length: number): boolean {
    if (this.#fields === null || this.#read + length < this.#fields.uncompressed) return true;
    // Nothing that is left can hold a further event: it is passed over.
    if (!this.#outerOver || this.#inputAt < this.#inputEnd) return this.#finishInput();
    if (this.#left > 0 || this.#zstd?.complete === false) throw damaged('it is cut off');
    if (this.#crc !== null) this.#handler.verify(this.#crc);
    this.#crc = null;
    return true;
  }

  /** Reads what comes after the last event: nothing but the end of the frame. False. */
  #finishInput(): boolean {
    if (this.#left === 0) this.#inputAt = this.#inputEnd;
    if (this.#inputAt === this.#inputEnd) {
      this.#waiting = !this.#outerOver;
      return false;
    }
    const held = this.#block;
    const at = this.#blockAt;
    this.#block = NOTHING;
    this.#decompress();
    if (this.#block.length > 0) throw damaged('it holds more than it says');
    this.#block = held;
    this.#blockAt = at;
    return false;
  }

  #hand(bytes: Buffer, start: number, length: number): void | Promise<void> {
    return this.#handler.event(bytes, { start, end: start + length }, this.#placeOf(length));
  }

  #placeOf(length: number): InnerPlace {
    const offset = this.#read;
    this.#read += length;
    const last = this.#read === this.#fields?.uncompressed;
    if (last) this.#open = false;
    return { offset, last };
  }
}

function damaged(what: string): RowcastError {
  return new RowcastError('EVENT_CORRUPT', `a compressed transaction cannot be read: ${what}`);
}

const HEADER = 19;
/** Header, table id and flags. */
const JUDGED = 27;
const NOTHING = Buffer.alloc(0);
