export { UNKNOWN_SESSION, type QuerySession as DdlSession, type QueryStatement as DdlStatement } from '../../binlog/query-session.ts';

/** What the server is, as far as DDL is concerned. Taken of the server that wrote the binlog file: its version may be older than the one that sends it. */
export interface Dialect {
  readonly flavor: 'mysql' | 'mariadb';
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
  readonly lowerCaseTableNames: 0 | 1 | 2;
  readonly collations: Collations;
  /** collation_server: what a database gets whose creation names none, where the statement's event does not tell. */
  readonly collationServer: string;
  /** explicit_defaults_for_timestamp of the server, where the statement's event does not tell (MySQL before 8.0). */
  readonly explicitDefaultsForTimestamp: boolean;
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
