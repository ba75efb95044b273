import { RowcastError } from '../../core/errors.ts';
import { inflate, uncompressedLength } from './compressed-events.ts';
import type { Cursor } from './cursor.ts';
import { EVENT_SPARE } from './header.ts';

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
  const limit = 2 * rowLimit + EVENT_SPARE;
  if (length > limit) throw new RowcastError('ROW_TOO_LARGE', `a compressed statement has ${length} bytes, more than the ${limit} that limits.row allows (two row images and 64 KiB)`, { facts: { bytes: length, limit } });
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
