import { RowcastError } from '../../core/errors.ts';

const HINT = 'Correct the value at the source; for what is in the binlog already, leave the column out of the route.';

/** What reading bytes throws that are no text of their column's character set, also to the server. @param what what the column holds */
export function unreadableText(what: string): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a text column holds ${what}`, { hint: HINT });
}

/** The same for bytes that are no UTF-8. */
export function notUtf8(): RowcastError {
  return unreadableText('bytes that are no valid UTF-8');
}

/** The same for bytes beyond ASCII, which MariaDB and MySQL up to 5.7 let into its columns. */
export function notAscii(): RowcastError {
  return unreadableText('bytes that are no characters of ascii');
}
