import { decodeText } from '../columns/charsets.ts';
import { Cursor } from './cursor.ts';
import type { Flavor } from './options.ts';
import type { QueryEvent } from './query.ts';

/**
 * What the status variables of a QUERY event tell of its session (MySQL `statement_events.h`, MariaDB `log_event.h`);
 * null where the event does not have the variable.
 */
export interface QuerySession {
  /** Q_SQL_MODE_CODE: bits of sql_mode. */
  readonly sqlMode: bigint | null;
  /** Q_CHARSET_CODE: collation ids of character_set_client, collation_connection and collation_server. */
  readonly collationClient: number | null;
  readonly collationConnection: number | null;
  readonly collationServer: number | null;
  /** Q_CHARSET_DATABASE_CODE: collation id of the default database. */
  readonly collationDatabase: number | null;
  /** Q_EXPLICIT_DEFAULTS_FOR_TIMESTAMP (MySQL 8.0), OPTION_EXPLICIT_DEF_TIMESTAMP in Q_FLAGS2_CODE (MariaDB 10.6): explicit_defaults_for_timestamp. Null: as the server has it. */
  readonly explicitDefaultsForTimestamp: boolean | null;
  /** Q_DEFAULT_COLLATION_FOR_UTF8MB4 (MySQL 8.0): collation id. */
  readonly collationUtf8mb4: number | null;
  /** Q_CHARACTER_SET_COLLATIONS (MariaDB 11.2): collation id of the character set → collation id that stands for its default; empty where there are none. */
  readonly characterSetCollations: ReadonlyMap<number, number>;
  /** Q_GTID_FLAGS3 (MariaDB 10.8, binlog_alter_two_phase): an ALTER that only begins here, or is given up, and has changed nothing. */
  readonly alterPending: boolean;
}

/** A session of which nothing is known. */
export const UNKNOWN_SESSION: QuerySession = {
  sqlMode: null,
  collationClient: null,
  collationConnection: null,
  collationServer: null,
  collationDatabase: null,
  explicitDefaultsForTimestamp: null,
  collationUtf8mb4: null,
  characterSetCollations: new Map(),
  alterPending: false,
};

/** A statement of the binlog with the session that it ran in. */
export interface QueryStatement {
  /** The text, decoded by the session's character_set_client. */
  readonly sql: string;
  /** Default database, empty without one. */
  readonly database: string;
  readonly session: QuerySession;
}

/** What reading a statement needs to know of the server. */
export interface StatementContext {
  readonly flavor: Flavor;
  /** Collation id → character set name. */
  readonly charsets: ReadonlyMap<number, string>;
}

/** The event's statement as its session meant it. Costs more than the event's own text: for DDL. */
export function readStatement(query: QueryEvent, { flavor, charsets }: StatementContext): QueryStatement {
  const session = readSession(query.status, flavor);
  return { sql: decode(query, charsets.get(session.collationClient ?? -1)), database: query.database, session };
}

/** Bytes that are no text of that character set are shown as in UTF-8: only comments can hold such. */
function decode(query: QueryEvent, charset: string | undefined): string {
  if (charset === undefined) return query.sql;
  try {
    return decodeText(charset, query.text);
  } catch {
    return query.sql;
  }
}

/** The variables: each 1 code and its value, in no order that holds. A code that is not known ends them: its length is not known either. */
export function readSession(status: Buffer, flavor: Flavor): QuerySession {
  const session: Writable<QuerySession> = { ...UNKNOWN_SESSION };
  const cursor = new Cursor(status, 0, status.length);
  while (cursor.left > 0) {
    if (!readVariable(cursor, flavor, session)) break;
  }
  return session;
}

type Writable<T> = { -readonly [name in keyof T]: T[name] };

/** False where the code is not known. */
function readVariable(cursor: Cursor, flavor: Flavor, session: Writable<QuerySession>): boolean {
  const code = cursor.u8();
  const length = FIXED.get(code);
  if (length !== undefined) {
    cursor.skip(length);
    return true;
  }
  return readShared(code, cursor, { flavor, session }) || (flavor === 'mariadb' ? readMariadb(code, cursor, session) : readMysql(code, cursor, session));
}

function readShared(code: number, cursor: Cursor, { flavor, session }: { readonly flavor: Flavor; readonly session: Writable<QuerySession> }): boolean {
  if (code === CODE.FLAGS2) {
    const flags = cursor.u32();
    if (flavor === 'mariadb') session.explicitDefaultsForTimestamp = (flags & EXPLICIT_DEFAULTS) !== 0;
  } else if (code === CODE.SQL_MODE) session.sqlMode = BigInt(cursor.u32()) | (BigInt(cursor.u32()) << 32n);
  else if (code === CODE.CHARSET) {
    session.collationClient = cursor.u16();
    session.collationConnection = cursor.u16();
    session.collationServer = cursor.u16();
  } else if (code === CODE.CHARSET_DATABASE) session.collationDatabase = cursor.u16();
  else if (code === CODE.CATALOG) cursor.skip(cursor.u8() + 1);
  else if (code === CODE.TIME_ZONE || code === CODE.CATALOG_NZ) cursor.skip(cursor.u8());
  else if (code === CODE.INVOKER) for (let i = 0; i < 2; i++) cursor.skip(cursor.u8());
  else return false;
  return true;
}

function readMysql(code: number, cursor: Cursor, session: Writable<QuerySession>): boolean {
  if (code === CODE.EXPLICIT_DEFAULTS) session.explicitDefaultsForTimestamp = cursor.u8() !== 0;
  else if (code === CODE.COLLATION_UTF8MB4) session.collationUtf8mb4 = cursor.u16();
  else if (code === CODE.UPDATED_DATABASES) {
    const count = cursor.u8();
    if (count !== TOO_MANY) for (let i = 0; i < count; i++) while (cursor.u8() !== 0);
  } else return false;
  return true;
}

function readMariadb(code: number, cursor: Cursor, session: Writable<QuerySession>): boolean {
  if (code === CODE.GTID_FLAGS3) {
    const flags = cursor.u8();
    if ((flags & ENDS_ALTER) !== 0) cursor.skip(8);
    session.alterPending = (flags & PENDING_ALTER) !== 0;
  } else if (code === CODE.CHARSET_COLLATIONS) {
    const pairs = Array.from({ length: cursor.u8() }, (): [number, number] => [cursor.u16(), cursor.u16()]);
    session.characterSetCollations = new Map(pairs);
  } else return false;
  return true;
}

const CODE = {
  FLAGS2: 0,
  SQL_MODE: 1,
  CATALOG: 2,
  CHARSET: 4,
  TIME_ZONE: 5,
  CATALOG_NZ: 6,
  CHARSET_DATABASE: 8,
  INVOKER: 11,
  UPDATED_DATABASES: 12,
  EXPLICIT_DEFAULTS: 16,
  COLLATION_UTF8MB4: 18,
  GTID_FLAGS3: 130,
  CHARSET_COLLATIONS: 131,
} as const;

/** Lengths of those that do not matter here: auto-increment, names of months, updated tables, bytes written, microseconds, XID, required primary keys, encryption; of MariaDB microseconds and XID. */
const FIXED = new Map([[3, 4], [7, 2], [9, 8], [10, 4], [13, 3], [17, 8], [19, 1], [20, 1], [128, 3], [129, 8]]);

/** OPTION_EXPLICIT_DEF_TIMESTAMP of MariaDB. */
const EXPLICIT_DEFAULTS = 1 << 24;
/** OVER_MAX_DBS_IN_EVENT_MTS: no names follow. */
const TOO_MANY = 254;
/** FL_COMMIT_ALTER_E1 | FL_ROLLBACK_ALTER_E1: the number of the ALTER's beginning follows. */
const ENDS_ALTER = 4 | 8;
/** FL_START_ALTER_E1 | FL_ROLLBACK_ALTER_E1. */
const PENDING_ALTER = 2 | 8;
