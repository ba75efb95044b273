import { RowcastError } from '../../core/errors.ts';
import { EventHead, PAYLOAD } from './event-head.ts';
import type { PacketHandler } from './packet-handler.ts';
import { PayloadReader } from './payload-reader.ts';

/**
 * Cuts the answer to COM_BINLOG_DUMP into events (packets of the MySQL client/server protocol: three bytes of length, one
 * of sequence, payload; a payload of 2^24 − 1 bytes goes on in the next packet). An event that lies whole in one chunk is
 * handed over where it lies. Any other is put together in a buffer that is used again, and only once its announced length
 * is known to be within what `rowLimit`, the bytes of the largest row image, allows it. One above that is passed over
 * without being held where no route takes its rows, and ends the dump otherwise. A compressed transaction is read as it
 * comes, event by event; while one of those is waited for, and during a hold, nothing is decompressed.
 */
export class PacketFramer {
  readonly #handler: PacketHandler;
  readonly #head: EventHead;
  readonly #payloads: PayloadReader;
  readonly #queue: Buffer[] = [];
  #sequence: number;
  #holds = 0;
  #told = false;
  #running = false;
  #ended = false;

  /** Of the packet being read: bytes of its header that are here, its payload, what of that is still to come. */
  #headerLength = 0;
  #header = 0;
  #packet = 0;
  #left = 0;
  /** The packet did not carry the next number, which only an error packet may do. */
  #misplaced = false;
  /** Of the payload being put together: its bytes so far, and its size once that is known. */
  #body: Buffer = Buffer.allocUnsafe(SCRATCH_BYTES);
  #filled = 0;
  #total = UNKNOWN;
  /** The payload is passed over: counted, and not kept. */
  #passing = false;
  /** The payload is a compressed transaction that is read as it comes. */
  #streaming = false;
  /** Bytes decompressed since the others had their turn. */
  #decompressed = 0;
  /** Packets of less need no judging. */
  readonly #plain: number;

  constructor(handler: PacketHandler, rowLimit: number, firstSequence = 1) {
    this.#handler = handler;
    this.#head = new EventHead(rowLimit, handler);
    this.#payloads = new PayloadReader(handler.payload, rowLimit, handler);
    this.#plain = Math.min(FULL_PACKET, this.#head.sure + 2);
    this.#sequence = firstSequence;
  }

  /** True while nothing is handed over. */
  get held(): boolean {
    return this.#holds > 0;
  }

  /** Nothing that was given to `execute` is needed any more. */
  get idle(): boolean {
    return this.#ended || (this.#holds === 0 && this.#queue.length === 0 && !this.#running && !this.#payloads.busy);
  }

  /** Takes what the socket read. While held, chunks wait. */
  execute(chunk: Buffer): void {
    if (this.#ended) return;
    this.#queue.push(chunk);
    if (!this.#running && this.#holds === 0) this.#drain();
  }

  /** Hands over no further event until `release` has been called as often. */
  hold(): void {
    this.#holds++;
    if (!this.#running) this.#tell();
  }

  release(): void {
    this.#holds--;
    if (this.#holds === 0 && !this.#running && !this.#ended) this.#drain();
  }

  /** Drops everything; nothing is called again. */
  stop(): void {
    this.#ended = true;
    this.#queue.length = 0;
    this.#body = NOTHING;
    this.#payloads.stop();
  }

  get #halted(): boolean {
    return this.#holds > 0 || this.#ended;
  }

  get #standing(): boolean {
    return this.#halted || this.#payloads.busy;
  }

  #tell(): void {
    const held = this.#holds > 0;
    if (held === this.#told || this.#ended) return;
    this.#told = held;
    this.#handler.flow(held);
  }

  #drain(): void {
    this.#running = true;
    try {
      while (!this.#halted) {
        if (this.#payloads.busy) {
          this.#inside();
          continue;
        }
        const chunk = this.#queue.shift();
        if (chunk === undefined) break;
        const used = this.#consume(chunk);
        if (used < chunk.length) this.#queue.unshift(chunk.subarray(used));
      }
    } catch (error) {
      this.stop();
      this.#handler.failed(error);
    }
    this.#running = false;
    if (this.#ended) this.#queue.length = 0;
    this.#tell();
  }

  /** Goes on in a compressed transaction, and lets others have their turn now and then. */
  #inside(): void {
    const waits = this.#payloads.step();
    if (waits instanceof Promise) this.#await(waits);
    this.#decompressed += this.#payloads.produced();
    if (this.#decompressed < TURN || this.#halted) return;
    this.#decompressed = 0;
    this.#holds++;
    setImmediate(() => this.release());
  }

  /** Reads until the end of the chunk or a hold, and tells how far it came. */
  #consume(chunk: Buffer): number {
    const end = chunk.length;
    let at = 0;
    while (at < end && !this.#standing) {
      if (this.#headerLength === 0 && this.#filled === 0 && end - at > HEADER_BYTES) {
        const length = (chunk[at] as number) | ((chunk[at + 1] as number) << 8) | ((chunk[at + 2] as number) << 16);
        const next = at + HEADER_BYTES + length;
        if (next <= end && length !== 0 && length < this.#plain) {
          this.#inOrder(chunk[at + 3] as number, chunk[at + HEADER_BYTES] === ERROR);
          this.#payload(chunk, at + HEADER_BYTES, next);
          at = next;
          continue;
        }
      }
      at = this.#partial(chunk, at, end);
    }
    return at;
  }

  #partial(chunk: Buffer, from: number, end: number): number {
    let at = from;
    while (this.#headerLength < HEADER_BYTES && at < end) {
      this.#header |= (chunk[at++] as number) << (this.#headerLength++ * 8);
    }
    if (this.#headerLength < HEADER_BYTES) return at;
    if (this.#headerLength === HEADER_BYTES) this.#begin();
    const take = Math.min(this.#left, end - at);
    if (take > 0) {
      this.#append(chunk, at, at + take);
      at += take;
    }
    if (this.#left === 0) this.#packetEnds();
    return at;
  }

  #begin(): void {
    this.#headerLength++;
    this.#packet = this.#header & FULL_PACKET;
    this.#left = this.#packet;
    this.#inOrder(this.#header >>> 24, this.#filled === 0 && this.#packet > 0);
    if (this.#packet < FULL_PACKET && this.#filled === 0) this.#total = this.#packet;
    else if (this.#packet < FULL_PACKET && this.#total !== UNKNOWN && this.#filled + this.#packet !== this.#total) {
      throw damaged(`an event announced ${this.#total - 1} bytes and its packets hold ${this.#filled + this.#packet - 1}`);
    }
  }

  /** `mayDiffer`: an error packet may start from 0 again. */
  #inOrder(sequence: number, mayDiffer: boolean): void {
    const expected = this.#sequence;
    this.#sequence = (sequence + 1) & 0xff;
    if (sequence !== expected && !mayDiffer) throw damaged(`packet ${expected} was expected and packet ${sequence} came`);
    this.#misplaced = sequence !== expected;
  }

  #append(chunk: Buffer, from: number, to: number): void {
    let at = from;
    if (this.#filled < this.#head.length) {
      const head = Math.min(to - at, this.#head.length - this.#filled);
      chunk.copy(this.#head.bytes, this.#filled, at, at + head);
      this.#took(head);
      at += head;
      if (this.#filled === this.#head.length || (this.#left === 0 && this.#packet < FULL_PACKET)) this.#sized();
    }
    if (at === to) return;
    if (this.#passing) this.#head.pass(chunk, at, to);
    else if (this.#streaming) this.#payloads.part(chunk, at, to);
    else chunk.copy(this.#body, this.#filled, at, to);
    this.#took(to - at);
  }

  #took(bytes: number): void {
    this.#filled += bytes;
    this.#left -= bytes;
  }

  /** The head is here: makes room for the rest, unless that is passed over. */
  #sized(): void {
    const head = this.#head.bytes;
    if (this.#misplaced && head[0] !== ERROR) throw damaged('a packet came out of order');
    if (head[0] === OK && this.#filled === this.#head.length) {
      const announced = this.#head.announced(this.#total);
      if (this.#total === UNKNOWN) this.#total = announced + 1;
      this.#streaming = this.#head.streams(announced);
      this.#passing = !this.#streaming && this.#head.passes(announced);
      if (this.#streaming) this.#payloads.begin(head, 1, this.#filled);
      if (this.#streaming || this.#passing) return;
    }
    if (this.#total === UNKNOWN) throw damaged('a packet that is no event has 16 MiB or more');
    if (this.#body.length < this.#total) this.#body = Buffer.allocUnsafeSlow(this.#total);
    head.copy(this.#body, 0, 0, this.#filled);
  }

  #packetEnds(): void {
    this.#headerLength = 0;
    this.#header = 0;
    if (this.#packet === FULL_PACKET) {
      if (this.#filled > this.#total) throw damaged('an event is longer than announced');
      return;
    }
    if (this.#filled !== this.#total) throw damaged('an event is shorter than announced');
    const body = this.#body;
    const total = this.#total;
    this.#filled = 0;
    this.#total = UNKNOWN;
    if (this.#passing || this.#streaming) {
      if (this.#passing) this.#handler.passed(this.#head.bytes, 1, this.#head.crc);
      else this.#payloads.end();
      this.#passing = this.#streaming = false;
      return;
    }
    if (total > SCRATCH_BYTES) this.#body = Buffer.allocUnsafe(SCRATCH_BYTES);
    this.#payload(body, 0, total);
  }

  #payload(bytes: Buffer, start: number, end: number): void {
    const marker = start === end ? undefined : bytes[start];
    if (marker === OK) this.#event(bytes, start + 1, end);
    else if (marker === ERROR) {
      this.stop();
      this.#handler.refused(bytes, start, end);
    } else if (marker === EOF && end - start < 9) {
      this.stop();
      this.#handler.eof();
    } else throw damaged(`a packet starts with ${marker ?? 'nothing'}, which is neither an event, an error nor the end`);
  }

  #event(bytes: Buffer, start: number, end: number): void {
    if (bytes[start + 4] === PAYLOAD) {
      this.#payloads.whole(bytes, start, end);
      return;
    }
    const waits = this.#handler.event(bytes, start, end);
    if (waits instanceof Promise) this.#await(waits);
  }

  /** Holds until it is settled. Nothing calls it without need: its closures would be garbage at each event. */
  #await(waits: Promise<void>): void {
    this.#holds++;
    waits.then(
      () => this.release(),
      (error: unknown) => {
        if (this.#ended) return;
        this.stop();
        this.#handler.failed(error);
      },
    );
  }
}

function damaged(what: string): RowcastError {
  return new RowcastError('EVENT_CORRUPT', `the server's packets cannot be read: ${what}`);
}

const HEADER_BYTES = 4;
const FULL_PACKET = 0xffffff;
const SCRATCH_BYTES = 1 << 17;
const NOTHING = Buffer.alloc(0);
/** Bytes that are decompressed at a stretch. */
const TURN = 1 << 22;
const UNKNOWN = -1;
const OK = 0x00;
const EOF = 0xfe;
const ERROR = 0xff;
