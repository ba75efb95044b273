import type { Span } from '../json-scan.ts';
import { isObject } from '../json-scan.ts';
import type { LogRecord } from '../ports.ts';

/** What a message says of rows. `table` is `"database"."table"` as JSON has the names, or null where the message does not say. */
export interface RowVisitor {
  /** The row is so now. `previous`: as it was, or what of it was otherwise; null where there was none, or the message does not say. */
  set(table: string | null, row: Span, previous: Span | null): void;
  /** The row is gone; null: the one of the key of the message. */
  gone(table: string | null, row: Span | null): void;
  /** All rows of the table are gone. */
  truncated(table: string | null): void;
}

/** Reads the messages of one format; what is about no row is passed over. */
export interface MessageReader {
  /** @throws Malformed for what is no message of the format */
  read(record: LogRecord, visitor: RowVisitor): void;
}

/** What `RowVisitor` calls a table. */
export function tableText(database: string, table: string): string {
  return `${JSON.stringify(database)}.${JSON.stringify(table)}`;
}

/** Two names, as JSON has them, as `tableText` would put them. */
export function tableOf(database: Span | null, table: Span | null): string | null {
  if (database === null || table === null) return null;
  return tableText(nameOf(database), nameOf(table));
}

/** The object of a field; null where it is none. */
export function objectOf(span: Span | null): Span | null {
  return span !== null && isObject(span) ? span : null;
}

/** A string's text; another value as it is. */
export function nameOf({ bytes, from, to }: Span): string {
  const text = bytes.toString('utf8', from, to);
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}
