import { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage } from '../core/change.ts';
import type { Counter, DeleteForm, Header, RowEncoder, TopicWriter } from '../core/ports.ts';
import type { RowGatherer } from '../core/row-encoding.ts';

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

  endOfEvent(): void {
    // Nothing waits.
  }
}

/** A message of several rows has so many bytes at most: far below what brokers take, 1 MiB by default. A larger row goes alone. */
const GATHERED_BYTES = 256 * 1024;

/** Sends the rows of an event in one message, where they follow each other with one operation to one partition. */
export class GatheringSender implements Sender {
  readonly #parts: SenderParts;
  readonly #gatherer: RowGatherer;
  #rows = 0;
  #operation: RowMessage['operation'] = 'insert';
  #partition: number | undefined;
  #headers: readonly Header[] = [];

  constructor(parts: SenderParts, gatherer: RowGatherer) {
    this.#parts = parts;
    this.#gatherer = gatherer;
  }

  send(message: RowMessage): void {
    const { encoder } = this.#parts;
    const partition = encoder.partition?.(message);
    if (this.#rows > 0 && (message.operation !== this.#operation || partition !== this.#partition)) this.endOfEvent();
    if (!this.#gatherer.add(message, GATHERED_BYTES)) {
      this.endOfEvent();
      this.#gatherer.add(message, GATHERED_BYTES);
    }
    this.#operation = message.operation;
    this.#partition = partition;
    if (this.#rows === 0) this.#headers = encoder.headers(message, false);
    this.#rows++;
  }

  endOfEvent(): void {
    if (this.#rows === 0) return;
    const { topic, sent } = this.#parts;
    this.#rows = 0;
    do {
      this.#gatherer.write(topic.begin(null, this.#partition));
    } while (!topic.end(this.#headers));
    this.#gatherer.clear();
    sent.add(1);
  }
}
