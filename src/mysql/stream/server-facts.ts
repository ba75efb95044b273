import type { SqlRow, SqlSession } from './sql-session.ts';
import { textField } from './sql-session.ts';

/** What is asked of a server when connecting. */
export interface ServerFacts {
  readonly mariadb: boolean;
  /** As the server prints it. */
  readonly versionText: string;
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
  /** Tells servers apart: the server_uuid of MySQL, `mariadb-` and the server id for MariaDB, which has no uuid. */
  readonly identity: string;
  readonly serverId: number;
  /** Whether the binlog can be read from a GTID set on: MySQL's gtid_mode=ON, always for MariaDB. */
  readonly gtids: boolean;
  /** Global variables by lower-case name; one that the server does not know is missing. */
  readonly variables: ReadonlyMap<string, string>;
}

const ASKED = [
  'version', 'server_uuid', 'server_id', 'gtid_mode', 'log_bin', 'binlog_format', 'binlog_row_image', 'binlog_row_value_options',
  'binlog_transaction_compression', 'log_bin_compress', 'binlog_row_metadata', 'binlog_checksum', 'lower_case_table_names', 'binlog_expire_logs_seconds', 'expire_logs_days',
  'binlog_expire_logs_auto_purge', 'max_binlog_total_size',
  'binlog_legacy_event_pos', 'log_replica_updates', 'log_slave_updates', 'group_replication_group_name', 'wsrep_on',
  'collation_server', 'explicit_defaults_for_timestamp',
];

/** Needs no privilege. @throws RowcastError SOURCE_* */
export async function readServerFacts(session: SqlSession): Promise<ServerFacts> {
  const rows = await session.query(`SHOW GLOBAL VARIABLES WHERE Variable_name IN (${ASKED.map(() => '?').join(', ')})`, ASKED);
  const variables = new Map(rows.map((row) => [(textField(row, 'Variable_name') ?? '').toLowerCase(), textField(row, 'Value') ?? '']));
  return serverFacts(variables);
}

/** The variables that an operator can change, for people. */
export function settingsOf({ variables }: ServerFacts): Readonly<Record<string, string>> {
  return Object.fromEntries([...variables].filter(([name]) => !GIVEN.has(name)).sort(([one], [other]) => one.localeCompare(other)));
}

const GIVEN = new Set(['version', 'server_uuid', 'server_id', 'group_replication_group_name']);

/** The facts that follow from the variables. */
export function serverFacts(variables: ReadonlyMap<string, string>): ServerFacts {
  const versionText = variables.get('version') ?? '';
  const mariadb = /mariadb/i.test(versionText);
  const serverId = Number(variables.get('server_id') ?? 0);
  return {
    mariadb,
    versionText,
    version: parseVersion(versionText),
    identity: variables.get('server_uuid') ?? `mariadb-${serverId}`,
    serverId,
    gtids: mariadb || variables.get('gtid_mode') === 'ON',
    variables,
  };
}

/** MySQL's gtid_mode; a server without that variable is MariaDB, whose GTIDs are always on, or has none. */
export function gtidMode({ mariadb, variables }: ServerFacts): string {
  return variables.get('gtid_mode') ?? (mariadb ? 'ON' : 'OFF');
}

/** Names of databases and tables differ by more than case: rows events have them in lower case, statements as they were written. */
export function ignoresCase({ variables }: ServerFacts): boolean {
  return (variables.get('lower_case_table_names') ?? '0') !== '0';
}

/** True from `major.minor.patch` on. */
export function atLeast(facts: ServerFacts, major: number, minor: number, patch = 0): boolean {
  const wanted = [major, minor, patch];
  for (const [i, part] of facts.version.entries()) {
    const other = wanted[i] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}

function parseVersion(text: string): readonly [number, number, number] {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0), Number(found?.[3] ?? 0)];
}

/** A binlog file of the server. */
export interface BinlogFile {
  readonly name: string;
  readonly size: number;
}

/** Bytes before the first event of an encrypted file of MySQL, which its size counts and offsets do not. */
const ENCRYPTION_HEADER = 512;

/** Oldest first; needs REPLICATION CLIENT (BINLOG MONITOR). @throws RowcastError SOURCE_* */
export async function listBinlogs(session: SqlSession): Promise<readonly BinlogFile[]> {
  const rows = await session.query('SHOW BINARY LOGS');
  return rows.map((row) => ({ name: textField(row, 'Log_name') ?? '', size: Number(textField(row, 'File_size') ?? 0) - (textField(row, 'Encrypted') === 'Yes' ? ENCRYPTION_HEADER : 0) }));
}

/** The end of the binlog, with the GTIDs before it where MySQL has some. */
export interface BinlogEnd {
  readonly file: string;
  readonly position: number;
  readonly executed: string;
}

/** Null where the server writes no binlog. @throws RowcastError SOURCE_* */
export async function readBinlogEnd(session: SqlSession, facts: ServerFacts): Promise<BinlogEnd | null> {
  const renamed = !facts.mariadb && atLeast(facts, 8, 4);
  const [row] = await session.query(renamed ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS');
  const file = textField(row, 'File');
  if (row === undefined || file === null || file === '') return null;
  return { file, position: Number(textField(row, 'Position') ?? 0), executed: compact(textField(row, 'Executed_Gtid_Set')) };
}

/** One value of a question with one column and one row, as text. */
export async function askText(session: SqlSession, sql: string, values: readonly (string | number)[] = []): Promise<string | null> {
  const [row] = await session.query(sql, values);
  return row === undefined ? null : textField(row, firstName(row));
}

/** GTID sets come with line breaks. */
export function compact(text: string | null): string {
  return (text ?? '').replace(/\s+/g, '');
}

function firstName(row: SqlRow): string {
  return Object.keys(row)[0] ?? '';
}
