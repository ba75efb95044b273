import type { Cursor } from './cursor.ts';

/** A statement as text. */
export interface QueryEvent {
  readonly threadId: number;
  /** The session's default database, empty without one. */
  readonly database: string;
  readonly sql: string;
}

/**
 * QUERY (MySQL `statement_events.h`): 4 thread id · 4 seconds it took · 1 length of the database name · 2 error code ·
 * 2 length of the status variables · for EXECUTE_LOAD_QUERY 13 more · the status variables · the name and a zero · the text.
 */
export function readQuery(body: Cursor, extra: number): QueryEvent {
  const threadId = body.u32();
  body.skip(4);
  const nameLength = body.u8();
  body.skip(2);
  const statusLength = body.u16();
  body.skip(extra + statusLength);
  const database = body.text(nameLength);
  body.skip(1);
  return { threadId, database, sql: body.text(body.left) };
}
