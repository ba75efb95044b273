import type { SourceHandler, SourceObserver } from '../../core/ports.ts';
import type { TableCatalogue } from './catalogue.ts';
import type { Rest } from './rest.ts';
import type { PreparedPlace, PreparedReader, XaCommit } from './xa.ts';

export type Flavor = 'mysql' | 'mariadb';

/** Where reading begins, and what `position()` tells until something is committed. */
export interface DecoderStart {
  /** Empty: the first ROTATE event tells; with `lead` `left-out` it stays unknown until something is committed. */
  readonly file: string;
  /** Offset after the last whole transaction, 4 at the beginning of a file. */
  readonly position: number;
  /** Everything executed before; null: the first PREVIOUS_GTIDS or GTID_LIST event tells, where there is one. */
  readonly gtid: string | null;
  /** The server that file and position are of; kept in every position, so that another one is noticed. */
  readonly serverUuid: string | null;
  /** The server that is read, which positions name once something is committed. @default serverUuid */
  readonly reads?: string | null;
  /** Time in the header of the file's FORMAT_DESCRIPTION event. @default null: not known */
  readonly created?: number | null;
  /** The last transaction before had no GTID, so that `gtid` does not tell the place. @default false */
  readonly anonymous?: boolean;
  /** XA transactions prepared before the place whose outcome comes after it. @default none */
  readonly prepared?: readonly PreparedPlace[];
  /** What the server does with events before the place. @default none */
  readonly lead?: Lead;
}

/**
 * `none`: the stream begins at the place. `sent`: at the beginning of the file, and what lies before the place is passed
 * over here (the dump command has 32 bits for an offset). `left-out`: by GTIDs, from whatever file the server takes.
 */
export type Lead = 'none' | 'sent' | 'left-out';

/** How groups are held until their end. */
export interface Holding {
  /** Every group is held until its end. MariaDB's are in any case: each may end in a ROLLBACK. */
  readonly all: boolean;
  /** Bytes that are held in memory. */
  readonly memory: number;
  /** Path of the file that takes what is more. */
  readonly path: string;
}

/** All that a decoder is made with. */
export interface DecoderOptions {
  readonly handler: SourceHandler;
  readonly observer: SourceObserver;
  /** True for the tables that some route takes. */
  readonly captures: (database: string, table: string) => boolean;
  readonly catalogue: TableCatalogue;
  /** Collation id → character set name. */
  readonly charsets: ReadonlyMap<number, string>;
  readonly flavor: Flavor;
  readonly start: DecoderStart;
  /** Largest row image in bytes; what a compressed event holds is judged by it before it is uncompressed. @default no limit */
  readonly rowLimit?: number;
  /** Hand over the SQL text of rows events, where the server logs it. */
  readonly includeQuery: boolean;
  /** As in `SourceOptions`. */
  readonly hidesText?: ((sql: string) => boolean) | undefined;
  readonly hidesTextOf?: ((database: string, table: string) => boolean) | undefined;
  /** Of transactions whose rows may still be taken back. */
  readonly holding: Holding;
  readonly prepared: PreparedReader;
  /** Told what is handed over. @default nobody wants to know */
  readonly rest?: Rest;
  /** Read one prepared transaction again, and nothing after it. @default null: read on */
  readonly rereads?: Reread | null;
}

/** One prepared transaction that is read again because it is committed. */
export interface Reread {
  readonly xid: string;
  /** What its rows are told with. */
  readonly commit: XaCommit;
  /** All of it was told. */
  readonly done: () => void;
}
