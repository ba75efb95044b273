import type { Connection } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { until } from './wait.ts';

/** Where a server listens; every `Server` and everything `inject` gives has these. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One row of a result. BIGINT (every integer literal is one), DECIMAL and dates are the server's text. */
export type Row = Record<string, unknown>;

/** An open session as root. Close it with `end()`. Several statements may go in one query. */
export function connectMysql(server: Address, database?: string): Promise<Connection> {
  return createConnection({
    host: server.host,
    port: server.port,
    user: 'root',
    ...(database === undefined ? {} : { database }),
    multipleStatements: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    charset: 'utf8mb4',
  });
}

/** Runs SQL (one statement or several) in a session of its own; the rows of the last result that has rows. */
export async function query(server: Address, sql: string, database?: string): Promise<Row[]> {
  return (await inSession(server, sql, database)).rows;
}

async function inSession(server: Address, sql: string, database: string | undefined): Promise<{ readonly rows: Row[]; readonly id: number }> {
  const connection = await connectMysql(server, database);
  try {
    return { rows: await queryOn(connection, sql), id: connection.threadId };
  } finally {
    await connection.end();
  }
}

/**
 * Runs SQL that prepares an XA transaction for other sessions. The server frees it some time after the client has hung up,
 * so this waits until the session is gone: until then nobody else may commit it (XAER_NOTA).
 */
export async function queryAndLeave(server: Address, sql: string, database?: string): Promise<void> {
  const { id } = await inSession(server, sql, database);
  await until(`session ${id} is gone`, async () => (await query(server, `select id from information_schema.processlist where id = ${id}`)).length === 0);
}

/** Like `query`, in a session that is open already: for transactions and session settings. */
export async function queryOn(connection: Connection, sql: string): Promise<Row[]> {
  const [result] = await connection.query(sql);
  if (!Array.isArray(result)) return [];
  const lists = (result as unknown[]).filter((part) => Array.isArray(part)) as Row[][];
  return lists.at(-1) ?? (result as Row[]).filter((part) => !('affectedRows' in part));
}

/** Creates an empty database with a name that no other test file uses, and returns the name. */
export async function freshDatabase(server: Address, prefix = 'db'): Promise<string> {
  const name = unique(prefix);
  await query(server, `create database \`${name}\` character set utf8mb4`);
  return name;
}

/** A name that is not used twice: letters, digits and underscores. */
export function unique(prefix: string): string {
  return `${prefix}_${process.pid.toString(36)}_${Date.now().toString(36)}_${(counter++).toString(36)}`;
}

let counter = 0;
