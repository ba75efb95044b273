import type { Secret } from '../core/secret.ts';

/** As in the MySQL clients; `preferred` is plain only where the server has no TLS at all. */
export type TlsMode = 'disabled' | 'preferred' | 'required' | 'verify-ca' | 'verify-identity';

/** PEM texts; null where the system's (CA) or none (client certificate) is used. */
export interface TlsOptions {
  readonly mode: TlsMode;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: Secret | null;
}

/** How the server is reached. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly tls: TlsOptions;
  /** Milliseconds that one attempt to connect may take. */
  readonly connectTimeout: number;
}

/** How transactions are held until their end. */
export interface HoldingOptions {
  /** True: every transaction is held, so that `Transaction.xid` is known before its first row. False: only those that may be rolled back. */
  readonly all: boolean;
  /** Bytes that are held in memory. */
  readonly memory: number;
  /** Path of the temporary file for what is more; what is there is removed. */
  readonly path: string;
}

/** All that the source is told. */
export interface SourceOptions extends ServerOptions {
  /** Name of the daemon. */
  readonly name: string;
  /** `auto`: drawn once for a source, and not one that another replica of the server has. */
  readonly serverId: 'auto' | number;
  /** Milliseconds between heartbeats of an idle server; three without any sign end the stream. */
  readonly heartbeat: number;
  /** Largest row image in bytes; an event may hold two of them and 64 KiB. */
  readonly rowLimit: number;
  /** Hand over the SQL text of rows events. */
  readonly includeQuery: boolean;
  /** True for SQL text that must not be handed over, and for tables that must not have been written by what is. @default none */
  readonly hidesText?: ((sql: string) => boolean) | undefined;
  readonly hidesTextOf?: ((database: string, table: string) => boolean) | undefined;
  /** True for the tables that some route takes. */
  readonly captures: (database: string, table: string) => boolean;
  /** True for databases of which some route may take a table. */
  readonly reaches: (database: string) => boolean;
  /** True for the tables that the schema history follows. @default all of the databases that are reached: any may be renamed or copied */
  readonly follows?: (database: string, table: string) => boolean;
  /** Called before any name is asked about, where the server tells them apart without case (`lower_case_table_names`). */
  readonly ignoreCase?: () => void;
  /** True for tables that are left out where they are shadows of an online schema change. */
  readonly hidesShadow: (database: string, table: string) => boolean;
  /** What becomes of rows whose columns nobody knows: the stream ends before them, or they are handed over with a table that says so. */
  readonly onUnknown: 'fail' | 'quarantine';
  /** Transactions that are held until their end, because they may end in a ROLLBACK or somebody must know their XID first. */
  readonly holding: HoldingOptions;
  /** What becomes of a place whose binlog is purged: an error, or reading goes on after the gap, which is told. @default fail */
  readonly onPurged?: 'fail' | 'earliest' | 'latest';
  /** Take the tables as they are now for what they were at the place where reading begins; see `schema/`. */
  readonly recaptureSchema: boolean;
}
