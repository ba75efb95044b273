import { inflate, uncompressedLength } from './compressed-events.ts';
import type { Cursor } from './cursor.ts';
import { beyondLimit, eventLimit } from './row-limit.ts';

/** A statement as text. */
export interface QueryEvent {
  readonly threadId: number;
  /** The session's default database, empty without one. */
  readonly database: string;
  /** The text as UTF-8, which is nearly always what it is; `readStatement` knows. */
  readonly sql: string;
  /** The bytes of the text and of the status variables; views that hold as long as the event. */
  readonly text: Buffer;
  readonly status: Buffer;
}

/**
 * QUERY (MySQL `statement_events.h`): 4 thread id · 4 seconds it took · 1 length of the database name · 2 error code ·
 * 2 length of the status variables · for EXECUTE_LOAD_QUERY 13 more · the status variables · the name and a zero · the text.
 */
export function readQuery(body: Cursor, extra: number): QueryEvent {
  const head = readHead(body, extra);
  return { ...head, ...asText(body.slice(body.left)) };
}

/** QUERY_COMPRESSED (MariaDB): as QUERY, the text compressed. @throws RowcastError ROW_TOO_LARGE where the text is larger than two rows */
export function readCompressedQuery(body: Cursor, rowLimit = Infinity): QueryEvent {
  const head = readHead(body, 0);
  const length = uncompressedLength(body.bytes, body.at, body.end);
  if (length > eventLimit(rowLimit, 2)) throw beyondLimit(rowLimit, { subject: 'a compressed statement', bytes: length, images: 2 });
  return { ...head, ...asText(inflate(body.bytes, body.at, body.end)) };
}

/** True for the text BEGIN, which most are: nothing else of such an event is worth reading. The name of the database before it ends in a zero. */
export function isBegin({ bytes, at, end }: Cursor): boolean {
  const from = end - ZERO_BEGIN.length;
  if (from < at) return false;
  for (let i = 0; i < ZERO_BEGIN.length; i++) if (bytes[from + i] !== ZERO_BEGIN[i]) return false;
  return true;
}

const ZERO_BEGIN = Buffer.from('\0BEGIN');

function asText(text: Buffer): Pick<QueryEvent, 'sql' | 'text'> {
  return { sql: text.toString('utf8'), text };
}

function readHead(body: Cursor, extra: number): Pick<QueryEvent, 'threadId' | 'database' | 'status'> {
  const threadId = body.u32();
  body.skip(4);
  const nameLength = body.u8();
  body.skip(2);
  const statusLength = body.u16();
  body.skip(extra);
  const status = body.slice(statusLength);
  const database = body.text(nameLength);
  body.skip(1);
  return { threadId, database, status };
}
