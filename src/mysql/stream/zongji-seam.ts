import type { Duplex } from 'node:stream';
import ZongJi from '@vlasky/zongji';
import type { ConnectionOptions } from 'mysql2';

/**
 * The parts of zongji 0.9.0 and of the mysql2 connection inside it that the dump relies on, and nothing else does.
 * `test/unit/mysql/stream/zongji-seam.test.ts` fails when one of them moves.
 */
export interface DumpConnection {
  /** mysql2 hands every chunk of the socket to this object, which it looks up anew each time. */
  packetParser: { execute(chunk: Buffer): unknown };
  /** The socket; a TLS socket once the connection is encrypted. */
  readonly stream: Duplex;
  query(sql: string, done: (error: Error | null) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  removeAllListeners(event: 'error'): void;
  /** Clears the driver's own timers and says good-bye. */
  destroy(): void;
}

/** The command that zongji puts on its connection after `ready`: `start` sends COM_BINLOG_DUMP or COM_BINLOG_DUMP_GTID. */
export interface DumpCommand {
  start: (packet: unknown, connection: DumpConnection) => unknown;
}

export interface Seam {
  connection: DumpConnection | null;
  ctrlConnection: DumpConnection | null;
  /** Made anew just before `ready`. */
  readonly BinlogClass: { readonly prototype: DumpCommand };
  stopped: boolean;
  on(event: 'ready', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  start(options: DumpStart): void;
}

/** What zongji's `start` takes. */
export interface DumpStart {
  readonly serverId: number;
  readonly filename: string;
  readonly position: number;
  /** A MySQL GTID set or a MariaDB GTID position; takes precedence over file and position. */
  readonly gtidSet?: string;
  /** MariaDB: send ANNOTATE_ROWS events. */
  readonly requestAnnotateRows: boolean;
}

/** A zongji that is not started: it opens its two connections in `start`. */
export function createSeam(options: ConnectionOptions): Seam {
  return new ZongJi(options) as unknown as Seam;
}

/** Ends a connection at once, whatever state it is in. */
export function destroyConnection(connection: DumpConnection | null): void {
  if (connection === null) return;
  connection.removeAllListeners('error');
  connection.on('error', () => undefined);
  connection.destroy();
  connection.stream.destroy();
}
