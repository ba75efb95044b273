import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import type { ServerOptions } from '../options.ts';
import { driverOptions, startsEncrypted } from './driver-options.ts';
import { failureOf, NO_TLS, sourceError } from './server-error.ts';

/** A row of an answer; numbers beyond 2^53 come as text. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** Asks the server. One connection, questions one after another. */
export interface SqlSession {
  /** Whether it is encrypted. */
  readonly encrypted: boolean;
  /** `?` in the text stands for values. It may take thirty times as long as connecting, where nothing else was agreed on. @throws RowcastError SOURCE_*, SOURCE_LOST without an answer in time */
  query(sql: string, values?: readonly (string | number | Buffer)[]): Promise<readonly SqlRow[]>;
  close(): Promise<void>;
}

/**
 * Connects and logs in. With `preferred` TLS, a server that says it has no TLS is taken as it is; a failed TLS handshake
 * is an error. `patience`: milliseconds that a question may take.
 * @throws RowcastError SOURCE_AUTH, SOURCE_TLS, SOURCE_LOST
 */
export async function openSession(options: ServerOptions, patience = options.connectTimeout * QUESTION_TIMES): Promise<SqlSession> {
  const where = serverLabel(options);
  const limits = { where, patience };
  const encrypted = startsEncrypted(options.tls.mode);
  try {
    return session(await createConnection(driverOptions(options, encrypted)), limits, encrypted);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== NO_TLS || options.tls.mode !== 'preferred') throw sourceError(failure, where, error);
  }
  try {
    return session(await createConnection(driverOptions(options, false)), limits, false);
  } catch (error) {
    throw sourceError(failureOf(error), where, error);
  }
}

/** `host:port`. */
export function serverLabel(options: { readonly host: string; readonly port: number }): string {
  return `${options.host}:${options.port}`;
}

function session(connection: Connection, { where, patience }: { readonly where: string; readonly patience: number }, encrypted: boolean): SqlSession {
  // Its loss shows in the next question; without a listener it would end the process.
  connection.on('error', () => undefined);
  return {
    encrypted,
    query: async (sql, values = []) => {
      try {
        const [rows] = await connection.query({ sql, timeout: patience }, [...values]);
        return Array.isArray(rows) ? (rows as SqlRow[]) : [];
      } catch (error) {
        throw sourceError(failureOf(error), where, error);
      }
    },
    close: async () => {
      // Good-bye is said, but nobody waits for a server that does not listen any more.
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, GOODBYE)));
      await Promise.race([connection.end().catch(() => undefined), patience]);
      clearTimeout(timer);
      connection.destroy();
    },
  };
}

/** A question may take this many times as long as connecting. */
const QUESTION_TIMES = 30;
/** Milliseconds. */
const GOODBYE = 1000;

/** Runs `work` with a session of its own. */
export async function withSession<T>(options: ServerOptions, work: (session: SqlSession) => Promise<T>): Promise<T> {
  const opened = await openSession(options);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** A field as text; null stays null. */
export function textField(row: SqlRow | undefined, name: string): string | null {
  const value = row?.[name];
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}
