import type { Header } from '../core/ports.ts';
import { Fields, spanOf } from './formats/fields.ts';
import type { MessageReader, RowVisitor } from './formats/reader.ts';
import { objectOf } from './formats/reader.ts';
import type { Span } from './json-scan.ts';
import { Malformed } from './json-scan.ts';
import type { LogRecord } from './ports.ts';
import type { Marked } from './row-reader.ts';
import { RowReader } from './row-reader.ts';
import type { VerifiedTable } from './verified-table.ts';

/** What reads a topic's messages. */
export interface Reading {
  readonly reader: MessageReader;
  /** The field of a message key that holds it; null: it is the key. */
  readonly keyInside: string | null;
  /** The topic has messages of several tables, compared or not. */
  readonly shared: boolean;
}

/** What a message says of one row. */
export interface ToldRow {
  readonly table: VerifiedTable;
  /** Tells the row from all others of the table. */
  readonly id: string;
  /** Null: it is gone. */
  readonly digests: Buffer | null;
  readonly record: LogRecord;
}

export interface ToldRows {
  row(told: ToldRow): void;
  /** All rows of the table are gone. */
  truncated(table: VerifiedTable, record: LogRecord): void;
}

/** The first message that could not be read, and how many there were. */
export interface Unreadable {
  count: number;
  first: string | null;
}

interface Entry {
  readonly table: VerifiedTable;
  readonly row: RowReader;
}

const ABSENT_HEADER = '__rowcast.absent';
const TRUNCATED_HEADER = '__rowcast.truncated';
const NOBODY: ReadonlySet<string> = new Set();
const WHOLE: Marked = { cut: null, absent: null };
const WITHOUT_NULLS: Marked = { cut: null, absent: NOBODY };

/** Makes rows of the messages of a topic. */
export class TopicRows implements RowVisitor {
  readonly #reader: MessageReader;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #only: Entry | null;
  readonly #payload: Fields | null;
  readonly #keyInside: string;
  readonly #out: ToldRows;
  readonly unreadable: Unreadable = { count: 0, first: null };
  #record: LogRecord | null = null;

  constructor({ reader, keyInside, shared }: Reading, tables: readonly VerifiedTable[], out: ToldRows) {
    const entries = tables.map((table) => ({ table, row: new RowReader(table.columns) }));
    this.#reader = reader;
    this.#entries = new Map(entries.map((entry) => [entry.table.text, entry]));
    this.#only = entries.length === 1 && !shared ? (entries[0] ?? null) : null;
    this.#keyInside = keyInside ?? '';
    this.#payload = keyInside === null ? null : new Fields([keyInside]);
    this.#out = out;
  }

  /** Names of columns that messages have and a table does not. */
  strange(table: VerifiedTable): ReadonlySet<string> {
    return this.#entries.get(table.text)?.row.strange ?? NOBODY;
  }

  read(record: LogRecord): void {
    this.#record = record;
    try {
      this.#reader.read(record, this);
    } catch (error) {
      if (!(error instanceof Malformed) && !(error instanceof SyntaxError)) throw error;
      this.unreadable.count++;
      this.unreadable.first ??= `partition ${String(record.partition)}, offset ${String(record.offset)}: ${error.message}`;
    }
  }

  set(name: string | null, span: Span, previous: Span | null): void {
    const entry = this.#entry(name);
    const record = this.#record;
    if (entry === null || record === null) return;
    const { table, row } = entry;
    const id = this.#identify(entry, span, record);
    if (table.identity !== 'key' && previous !== null) {
      row.over(previous);
      const old = row.identity(table.identity);
      if (old !== null && old !== id) this.#out.row({ table, id: old, digests: null, record });
      row.load(span);
    }
    this.#out.row({ table, id, digests: row.digests(markedOf(table, record.headers)), record });
  }

  gone(name: string | null, span: Span | null): void {
    // A tombstone in a topic of several tables does not say of which; it follows a message that does.
    const entry = name === null ? this.#only : this.#entry(name);
    const record = this.#record;
    if (entry === null || record === null) return;
    if (span === null && (entry.table.identity !== 'key' || record.key === null)) return;
    this.#out.row({ table: entry.table, id: this.#identify(entry, span, record), digests: null, record });
  }

  truncated(name: string | null): void {
    const entry = this.#entry(name);
    if (entry !== null && this.#record !== null) this.#out.truncated(entry.table, this.#record);
  }

  #entry(name: string | null): Entry | null {
    return name === null ? this.#only : (this.#entries.get(name) ?? null);
  }

  #identify({ table, row }: Entry, span: Span | null, { key }: LogRecord): string {
    if (span !== null) row.load(span);
    if (table.identity !== 'key') {
      const id = span === null ? null : row.identity(table.identity);
      if (id === null) throw new Malformed('a row without the columns of its key');
      return id;
    }
    if (key === null) throw new Malformed('a row without a key');
    if (this.#payload === null) return key.toString();
    this.#payload.load(spanOf(key));
    const payload = objectOf(this.#payload.get(this.#keyInside));
    if (payload === null) throw new Malformed('a key without its payload');
    return payload.bytes.toString('utf8', payload.from, payload.to);
  }
}

function markedOf({ omitsNulls }: VerifiedTable, headers: readonly Header[]): Marked {
  if (headers.length === 0) return omitsNulls ? WITHOUT_NULLS : WHOLE;
  const cut = namesIn(headers, TRUNCATED_HEADER);
  return { cut, absent: omitsNulls ? (namesIn(headers, ABSENT_HEADER) ?? NOBODY) : null };
}

/** The columns of the after image that a header names; null where there is no such header. */
function namesIn(headers: readonly Header[], wanted: string): ReadonlySet<string> | null {
  const header = headers.find(({ name }) => name === wanted);
  if (header === undefined) return null;
  const { after = {} } = JSON.parse(Buffer.from(header.value).toString()) as { readonly after?: Readonly<Record<string, unknown>> | readonly string[] };
  return new Set(Array.isArray(after) ? (after as readonly string[]) : Object.keys(after));
}
