import type { SourceHandler, SourceObserver } from '../../core/ports.ts';
import type { TableCatalogue } from './catalogue.ts';

export type Flavor = 'mysql' | 'mariadb';

/** Where reading begins, and what `position()` tells until something is committed. */
export interface DecoderStart {
  /** Empty: the first ROTATE event tells. */
  readonly file: string;
  /** Offset after the last whole transaction, 4 at the beginning of a file. */
  readonly position: number;
  /** Everything executed before; null: the first PREVIOUS_GTIDS or GTID_LIST event tells, where there is one. */
  readonly gtid: string | null;
  /** Kept in every position, so that another server is noticed. */
  readonly serverUuid: string | null;
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
}
