import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { ServerOptions } from '../options.ts';
import { driverOptions, startsEncrypted } from './driver-options.ts';
import { failureOf, NO_TLS, sourceError } from './server-error.ts';
import { serverLabel } from './sql-session.ts';

/** A row by its columns; null is NULL. */
export type ByteRow = readonly (Buffer | null)[];

/** Reads values as the server has them: text in the character set of its column, times in UTC. */
export interface ByteSession {
  /** @throws RowcastError SOURCE_* */
  rows(sql: string): Promise<readonly ByteRow[]>;
  close(): Promise<void>;
}

/** Nothing is converted, padded or set aside on its way. */
const SETTINGS = "SET SESSION character_set_results = NULL, time_zone = '+00:00', sql_mode = ''";
/** Milliseconds that a SELECT may take: a sort of a large table is slow. */
const PATIENCE = 600_000;

/** @throws RowcastError SOURCE_AUTH, SOURCE_TLS, SOURCE_LOST */
export async function openByteSession(options: ServerOptions): Promise<ByteSession> {
  const where = serverLabel(options);
  let connection: Connection;
  try {
    connection = await connect(options);
    await connection.query(SETTINGS);
  } catch (error) {
    throw sourceError(failureOf(error), where, error);
  }
  // Its loss shows in the next question; without a listener it would end the process.
  connection.on('error', () => undefined);
  return {
    rows: async (sql) => {
      try {
        const [rows] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true, timeout: PATIENCE, typeCast: (field) => field.buffer() });
        return rows as unknown as ByteRow[];
      } catch (error) {
        throw sourceError(failureOf(error), where, error);
      }
    },
    close: async () => {
      await connection.end().catch(() => undefined);
      connection.destroy();
    },
  };
}

async function connect(options: ServerOptions): Promise<Connection> {
  const encrypted = startsEncrypted(options.tls.mode);
  try {
    return await createConnection(driverOptions(options, encrypted));
  } catch (error) {
    if (failureOf(error).code !== NO_TLS || options.tls.mode !== 'preferred') throw error;
    return createConnection(driverOptions(options, false));
  }
}
