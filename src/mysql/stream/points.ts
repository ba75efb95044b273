import type { PreparedPlace } from '../binlog/xa.ts';
import type { BinlogSpot, ScannedEvent } from './binlog-scan.ts';
import type { ServerFacts } from './server-facts.ts';
import type { SqlSession } from './sql-session.ts';

/** A place between two transactions, and what identifies it. */
export interface SavedPoint {
  /** The server that file and position are of. */
  readonly server: string;
  /** Empty where only GTIDs tell the place. */
  readonly file: string;
  readonly position: number;
  /** Everything before it, where that is known: a MySQL set or a MariaDB position. */
  readonly gtids: string | null;
  /** Time in the header of the file's FORMAT_DESCRIPTION event; null where it is not known. */
  readonly created: number | null;
  /** The last transaction before it has no GTID, so that `gtids` does not tell the place. */
  readonly anonymous: boolean;
  /** XA transactions prepared before it that were neither committed nor rolled back before it. @default none */
  readonly prepared?: readonly PreparedPlace[];
}

/** A place that a server can be asked for. */
export interface StartPoint extends SavedPoint {
  /** `offset`: by file and position. `count`: from the file's beginning, because the offset has more than 32 bits. `gtids`: by GTIDs. */
  readonly by: 'offset' | 'count' | 'gtids';
}

/** What a place is checked and found with. */
export interface Whereabouts {
  readonly session: SqlSession;
  readonly facts: ServerFacts;
  /** host:port, for messages. */
  readonly where: string;
  /** Reads from the beginning of a file on, until `visit` answers true or `until` is reached. @throws RowcastError SOURCE_* */
  readonly scan: (file: string, visit: (event: ScannedEvent) => boolean, until?: BinlogSpot) => Promise<void>;
  /** `SavedPoint.created` of a file that the server has. @throws RowcastError SOURCE_* */
  readonly created: (file: string) => Promise<number>;
}
