import { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import type { Header, RowEncoder } from '../core/ports.ts';
import type { LastRow } from '../core/row-encoding.ts';
import type { TableVersion } from '../core/table.ts';
import { aboutRows } from './row-errors.ts';
import type { Form, Sender, SenderParts } from './senders.ts';

/** A buffer that a large message has made larger than this is given up after it (Invariant 6). */
const KEPT_BYTES = 1024 * 1024;
const FIRST_BYTES = 4096;

/**
 * Holds the last message of a transaction back until the next one comes or the transaction ends, for formats that mark the
 * last row. One message waits at most, whatever the transaction's size, and whatever topics its rows go to. What waits is
 * not with the sink, but nothing moves past it: the end of the transaction comes before the position moves (Invariant 1),
 * and a transaction that breaks off is told again from its beginning (Invariant 5).
 */
export class LastRowHolder {
  #value = new ByteWriter(FIRST_BYTES);
  /** Of the message that comes, until it is known that it can be told. */
  #next = new ByteWriter(FIRST_BYTES);
  readonly #key = new ByteWriter(256);
  #offset = 0;
  /** Where the message that waits goes; null while none waits. What follows is about it. */
  #parts: SenderParts | null = null;
  #keyed = false;
  #headers: readonly Header[] = [];
  #partition: number | undefined;
  #tombstone = false;
  /** Of the value: where it has what the last row has otherwise. */
  #from = 0;
  #to = 0;
  /** Where its row came from. */
  #table: TableVersion | null = null;
  #file = '';
  #position = 0;
  #row = 0;

  /** How many messages of the transaction came before the next one. */
  get offset(): number {
    return this.#offset;
  }

  /** A transaction begins; what is left of one that broke off comes again. */
  begin(): void {
    this.#parts = null;
    this.#offset = 0;
  }

  /** The transaction ends: what waited was its last row. @throws RowcastError ROW_TOO_LARGE */
  commit(): void {
    this.#release(true);
  }

  /**
   * Sends what waits, and holds this message instead. One that cannot be told changes nothing: what waits may be the last.
   * @throws RowcastError ROW_TOO_LARGE, and what the encoder throws
   */
  hold(parts: SenderParts, message: RowMessage, key: ByteWriter | null, form: Form): void {
    const { encoder } = parts;
    this.#encode(encoder, message);
    const headers = kept(encoder.headers(message, false));
    // It must fit now, while its row is there, as a last one too.
    parts.topic.fit(key === null ? -1 : key.at, this.#next.at + longer(encoder.lastRow), headers);
    const partition = encoder.partition?.(message);
    this.#release(false);
    [this.#value, this.#next] = [this.#next, this.#value];
    this.#headers = headers;
    this.#key.at = 0;
    if (key !== null) copy(key, this.#key);
    this.#keyed = key !== null;
    this.#partition = partition;
    this.#tombstone = form !== 'message';
    this.#from = encoder.lastRow?.from ?? 0;
    this.#to = encoder.lastRow?.to ?? 0;
    this.#table = message.event.table;
    this.#file = message.event.transaction.file;
    this.#position = message.event.position;
    this.#row = message.row;
    this.#parts = parts;
    this.#offset++;
  }

  #encode(encoder: RowEncoder, message: RowMessage): void {
    if (this.#next.bytes.length > KEPT_BYTES) this.#next = new ByteWriter(FIRST_BYTES);
    const next = this.#next;
    next.at = 0;
    encoder.value(message, next);
    while (next.overflowed) {
      next.grow(next.at, 0);
      next.at = 0;
      encoder.value(message, next);
    }
  }

  #release(last: boolean): void {
    const parts = this.#parts;
    if (parts === null) return;
    this.#parts = null;
    const { topic, sent } = parts;
    const key = this.#keyed ? this.#key : null;
    try {
      do {
        this.#write(last ? (parts.encoder.lastRow?.instead ?? null) : null, topic.begin(key, this.#partition));
      } while (!topic.end(this.#headers));
      sent.add(1);
      if (!this.#tombstone) return;
      topic.tombstone(key, this.#headers, this.#partition);
      sent.add(1);
    } catch (error) {
      throw this.#named(error);
    }
  }

  #write(instead: Uint8Array | null, out: ByteWriter): void {
    const { bytes, at } = this.#value;
    if (instead === null) {
      out.range(bytes, 0, at);
      return;
    }
    out.range(bytes, 0, this.#from);
    out.raw(instead);
    out.range(bytes, this.#to, at);
  }

  /** An error is about the row that waited, not about the one that came. */
  #named(error: unknown): unknown {
    return this.#table === null ? error : aboutRows(refusedLate(error), { table: this.#table, file: this.#file, position: this.#position, row: this.#row });
  }
}

/** Sends the messages of one table version through the holder. */
export class HoldingSender implements Sender {
  readonly #parts: SenderParts;
  readonly #holder: LastRowHolder;

  constructor(parts: SenderParts, holder: LastRowHolder) {
    this.#parts = parts;
    this.#holder = holder;
  }

  send(message: RowMessage, key: ByteWriter | null, form: Form): void {
    this.#holder.hold(this.#parts, message, key, form);
  }

  /** None: it would come before the message that waits, which may have the same key. */
  tombstone(): void {
    // The delete that it belongs to is left out by name.
  }

  endOfEvent(): void {
    // What waits is a copy.
  }
}

/** A message fitted when it came, so its topic takes less since then: its row is told again, and follows its route. */
function refusedLate(error: unknown): unknown {
  if (!(error instanceof RowcastError) || error.code !== 'ROW_TOO_LARGE') return error;
  return new RowcastError('ROW_REFUSED', error.message, { cause: error, facts: error.facts });
}

/** Headers as they are now: an encoder may use their objects again. */
function kept(headers: readonly Header[]): readonly Header[] {
  return headers.length === 0 ? headers : headers.map(({ name, value }) => ({ name, value: Buffer.from(value) }));
}

/** By how many bytes a message is longer as the last one. */
function longer(lastRow: LastRow | undefined): number {
  return lastRow === undefined ? 0 : Math.max(0, lastRow.instead.length - (lastRow.to - lastRow.from));
}

function copy(from: ByteWriter, to: ByteWriter): void {
  if (to.bytes.length < from.at) to.grow(from.at, 0);
  to.range(from.bytes, 0, from.at);
}
