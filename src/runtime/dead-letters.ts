import type { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { Header, RowEncoder, TopicWriter } from '../core/ports.ts';
import { tableLabel } from '../core/table.ts';
import { RowText } from './row-text.ts';

export interface DeadLetterParts {
  readonly plan: RoutePlan;
  readonly encoder: RowEncoder;
  /** Where they go. */
  readonly topic: TopicWriter;
}

const NO_HEADERS: readonly Header[] = [];
const NOTHING = (): void => undefined;
const CLOSE = 0x7d;

/**
 * Writes rows that cannot go where they should to a topic of their own, under the key they have: why, where they stand in
 * the binlog, and the row as its format tells it. They are messages like others, so the position waits for them (Invariant 1).
 */
export class DeadLetters {
  readonly #parts: DeadLetterParts;
  #text: RowText | null = null;

  constructor(parts: DeadLetterParts) {
    this.#parts = parts;
  }

  /**
   * The value of the message, or where that cannot be written the row column by column; where the topic cannot take that,
   * position, key, size and code.
   * @throws RowcastError ROW_TOO_LARGE where the topic takes not even that
   */
  write(message: RowMessage, key: ByteWriter | null, error: RowcastError): void {
    const { encoder } = this.#parts;
    const place = this.#place(message, key, error);
    const told: Letter = { head: JSON.stringify({ ...place, code: error.code, error: error.message }), key, partition: this.#partition(message) };
    const short = (): void => { this.#write({ ...told, head: JSON.stringify({ ...place, code: error.code }) }, NOTHING); };
    try {
      const headers = headersText(encoder.headers(message, false));
      this.#write(told, (out) => {
        out.utf8(`${headers},"value":`);
        encoder.value(message, out);
      });
    } catch (cause) {
      if (!(cause instanceof RowcastError)) throw cause;
      if (cause.code === 'ROW_TOO_LARGE') short();
      else this.#columns(message, told, short);
    }
  }

  /** Of a row that its format cannot tell. */
  #columns(message: RowMessage, letter: Letter, short: () => void): void {
    const { plan, topic } = this.#parts;
    try {
      // Before a large row is turned into text (Invariant 6).
      topic.fit(letter.key?.at ?? -1, sizeOf(message), NO_HEADERS);
      const text = (this.#text ??= new RowText(plan.projection));
      const images = (['before', 'after'] as const).flatMap((name) => {
        const image = message[name];
        return image === null ? [] : [{ name, ...text.of(image) }];
      });
      this.#write(letter, (out) => {
        for (const { name, columns, unreadable } of images) {
          out.utf8(`,"${name}":{`);
          out.raw(columns);
          out.utf8(`}${unreadable === null ? '' : `,"${name}Unreadable":${JSON.stringify(unreadable)}`}`);
        }
      });
    } catch (cause) {
      if (!(cause instanceof RowcastError) || cause.code !== 'ROW_TOO_LARGE') throw cause;
      short();
    }
  }

  #write({ head, key, partition }: Letter, row: (out: ByteWriter) => void): void {
    const { topic } = this.#parts;
    const start = Buffer.from(head.slice(0, -1));
    do {
      const out = topic.begin(key, partition);
      out.raw(start);
      row(out);
      out.byte(CLOSE);
    } while (!topic.end(NO_HEADERS));
  }

  /** As the row's own, where the format chooses it and can. */
  #partition(message: RowMessage): number | undefined {
    try {
      return this.#parts.encoder.partition?.(message);
    } catch {
      // The row lacks a column of that choice; it goes by its key.
      return undefined;
    }
  }

  #place({ event, operation, row }: RowMessage, key: ByteWriter | null, error: RowcastError): object {
    const { transaction, position, timestamp } = event;
    const { bytes = null } = error.facts;
    return {
      table: tableLabel(event.table),
      topic: this.#parts.plan.topic,
      operation,
      gtid: transaction.gtid,
      file: transaction.file,
      position,
      row,
      timestamp,
      key: key === null ? null : key.view().toString('utf8'),
      bytes,
    };
  }
}

interface Letter {
  readonly head: string;
  readonly key: ByteWriter | null;
  readonly partition: number | undefined;
}

/** Bytes of the images in the binlog. */
function sizeOf({ before, after }: RowMessage): number {
  const first = before ?? after;
  return first === null ? 0 : Math.max(before?.end() ?? 0, after?.end() ?? 0) - first.nulls;
}

function headersText(headers: readonly Header[]): string {
  if (headers.length === 0) return '';
  return `,"headers":${JSON.stringify(Object.fromEntries(headers.map(({ name, value }) => [name, Buffer.from(value).toString('utf8')])))}`;
}
