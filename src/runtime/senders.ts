import { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage } from '../core/change.ts';
import type { Counter, DeleteForm, Header, RowEncoder, TopicWriter } from '../core/ports.ts';
import type { RowGatherer } from '../core/row-encoding.ts';
import { aboutRows } from './row-errors.ts';
import type { RowPlace } from './row-errors.ts';

/** Where the messages of one table version go. */
export interface SenderParts {
  readonly encoder: RowEncoder;
  readonly topic: TopicWriter;
  readonly sent: Counter;
}

/** What a row is told by: a message, for a delete perhaps with a tombstone after it or instead of it. */
export type Form = Exclude<DeleteForm, 'none'>;

/** Hands the messages of one table version to the sink. */
export interface Sender {
  /** Sends the message of a row, now or together with what comes. @throws RowcastError ROW_TOO_LARGE and what an encoder throws */
  send(message: RowMessage, key: ByteWriter | null, form: Form): void;
  /** Sends a tombstone in place of a message of the row that could not be sent. */
  tombstone(message: RowMessage, key: ByteWriter | null): void;
  /** The rows event ends here: what is valid during its call only must not be needed any more. */
  endOfEvent(): void;
}

/** Sends each message at once. */
export class DirectSender implements Sender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  send(message: RowMessage, key: ByteWriter | null, form: Form): void {
    const { encoder, topic, sent } = this.#parts;
    const partition = encoder.partition?.(message);
    if (form !== 'tombstone') {
      const headers = encoder.headers(message, false);
      do {
        encoder.value(message, topic.begin(key, partition));
      } while (!topic.end(headers));
      sent.add(1);
    }
    if (form === 'message') return;
    topic.tombstone(key, encoder.headers(message, true), partition);
    sent.add(1);
  }

  tombstone(message: RowMessage, key: ByteWriter | null): void {
    this.send(message, key, 'tombstone');
  }

  endOfEvent(): void {
    // Nothing waits.
  }
}

/** Rows in a message of several have so many bytes at most. A larger row goes alone, and so do all where the topic does not take twice as much. */
const GATHERED_BYTES = 256 * 1024;
const NO_HEADERS: readonly Header[] = [];

/** Sends the rows of an event in one message, where they follow each other with one operation to one partition. */
export class GatheringSender implements Sender {
  readonly #parts: SenderParts;
  readonly #gatherer: RowGatherer;
  /** For rows that are too large to be gathered. */
  readonly #alone: DirectSender;
  #rows = 0;
  #operation: RowMessage['operation'] = 'insert';
  #partition: number | undefined;
  #headers: readonly Header[] = [];
  /** Where its first row came from. */
  #place: RowPlace | null = null;

  constructor(parts: SenderParts, gatherer: RowGatherer) {
    this.#parts = parts;
    this.#gatherer = gatherer;
    this.#alone = new DirectSender(parts);
  }

  send(message: RowMessage): void {
    const partition = this.#parts.encoder.partition?.(message);
    if (this.#rows > 0 && (message.operation !== this.#operation || partition !== this.#partition)) this.endOfEvent();
    const room = this.#room();
    if (!this.#gatherer.add(message, room)) {
      this.endOfEvent();
      if (room === 0 || !this.#gatherer.add(message, room)) {
        this.#alone.send(message, null, 'message');
        return;
      }
    }
    this.#operation = message.operation;
    this.#partition = partition;
    if (this.#rows === 0) this.#begun(message);
    this.#rows++;
  }

  #room(): number {
    try {
      this.#parts.topic.fit(-1, 2 * GATHERED_BYTES, NO_HEADERS);
      return GATHERED_BYTES;
    } catch {
      // A topic of small messages.
      return 0;
    }
  }

  tombstone(message: RowMessage): void {
    this.endOfEvent();
    this.#alone.tombstone(message, null);
  }

  endOfEvent(): void {
    if (this.#rows === 0) return;
    const { topic, sent } = this.#parts;
    const rows = this.#rows;
    this.#rows = 0;
    try {
      do {
        this.#gatherer.write(topic.begin(null, this.#partition));
      } while (!topic.end(this.#headers));
    } catch (error) {
      throw this.#place === null ? error : aboutRows(error, { ...this.#place, rows });
    } finally {
      this.#gatherer.clear();
    }
    sent.add(1);
  }

  #begun(message: RowMessage): void {
    const { table, transaction, position } = message.event;
    this.#headers = this.#parts.encoder.headers(message, false);
    this.#place = { table, file: transaction.file, position, row: message.row };
  }
}
