/** What the server is, as far as DDL is concerned. Taken of the server that wrote the binlog file: its version may be older than the one that sends it. */
export interface Dialect {
  readonly flavor: 'mysql' | 'mariadb';
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
  readonly lowerCaseTableNames: 0 | 1 | 2;
  readonly collations: Collations;
  /** collation_server: what a database gets whose creation names none, where the statement's event does not tell. */
  readonly collationServer: string;
}

/** The server's character sets and collations, from information_schema. Names are lower case. */
export interface Collations {
  /** Collation → its character set. */
  charsetOf(collation: string): string | undefined;
  /** Character set → its default collation. */
  defaultOf(charset: string): string | undefined;
  /** Collation id, as events have it → collation. */
  byId(id: number): string | undefined;
}

/** A statement of the binlog with the session that it ran in. */
export interface DdlStatement {
  /** The text, decoded by the session's character_set_client. */
  readonly sql: string;
  /** Default database, empty without one. */
  readonly database: string;
  readonly session: DdlSession;
}

/**
 * What the status variables of a QUERY event tell of its session (MySQL `statement_events.h`, MariaDB `log_event.h`);
 * null where the event does not have the variable.
 */
export interface DdlSession {
  /** Q_SQL_MODE_CODE: bits of sql_mode. */
  readonly sqlMode: bigint | null;
  /** Q_CHARSET_CODE: collation ids of character_set_client, collation_connection and collation_server. */
  readonly collationClient: number | null;
  readonly collationConnection: number | null;
  readonly collationServer: number | null;
  /** Q_CHARSET_DATABASE_CODE: collation id of the default database. */
  readonly collationDatabase: number | null;
  /** Q_EXPLICIT_DEFAULTS_FOR_TIMESTAMP (MySQL 8.0), OPTION_EXPLICIT_DEF_TIMESTAMP in Q_FLAGS2_CODE (MariaDB 10.6): explicit_defaults_for_timestamp. Null: as the version has it by default. */
  readonly explicitDefaultsForTimestamp: boolean | null;
  /** Q_DEFAULT_COLLATION_FOR_UTF8MB4 (MySQL 8.0): collation id. */
  readonly collationUtf8mb4: number | null;
  /** Q_CHARACTER_SET_COLLATIONS (MariaDB 11.2): collation id of the character set → collation id that stands for its default; empty where there are none. */
  readonly characterSetCollations: ReadonlyMap<number, number>;
}

/** A session of which nothing is known. */
export const UNKNOWN_SESSION: DdlSession = {
  sqlMode: null,
  collationClient: null,
  collationConnection: null,
  collationServer: null,
  collationDatabase: null,
  explicitDefaultsForTimestamp: null,
  collationUtf8mb4: null,
  characterSetCollations: new Map(),
};
