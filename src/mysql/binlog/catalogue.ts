import type { RowcastError } from '../../core/errors.ts';
import type { SchemaNotice, TableName, TruncateNotice } from '../../core/notice.ts';
import type { QueryEvent } from './query.ts';
import type { Statement } from './statement.ts';

/** A column as information_schema shows it. */
export interface CatalogueColumn {
  readonly name: string;
  /** COLUMN_TYPE, for example `int(10) unsigned`. */
  readonly columnType: string;
  /** DATA_TYPE, lower case, for example `int`. */
  readonly dataType: string;
  readonly nullable: boolean;
  /** CHARACTER_SET_NAME; null where the column has none. */
  readonly charset: string | null;
  /** Labels of ENUM and SET, in order; null for other types. */
  readonly labels: readonly string[] | null;
  /** Each `?` in the labels is one; absent where it may stand for a character beyond U+FFFF. */
  readonly exactLabels?: true;
  readonly unsigned: boolean;
  /** Place in the primary key, from 0; null outside it. */
  readonly keyOrder: number | null;
  /** A generated column, virtual or stored; absent where nobody tells. */
  readonly generated?: boolean;
}

/** A column as a TABLE_MAP event shows it. */
export interface MappedColumn {
  /** Null where the event does not tell it; it tells the names of all columns or of none. */
  readonly name: string | null;
  /** The real one: ENUM and SET hide behind STRING. */
  readonly typeCode: number;
  /** Metadata bytes, first | second << 8. */
  readonly meta: number;
  readonly nullable: boolean;
  /** Only the catalogue can tell what is in it, for example UUID and BINARY(16) of MariaDB. */
  readonly ambiguous: boolean;
}

/** What the catalogue tells of a table: all its columns in table order, or, of columns with names, those that it knows. */
export interface CatalogueTable {
  readonly columns: readonly CatalogueColumn[];
}

/** Nobody knows the columns of the rows that come, and why. */
export interface UnknownTable {
  readonly unknown: RowcastError;
}

/** Where a statement stands in the binlog. */
export interface StatementPlace {
  /** `file:position` of its event, for messages. */
  readonly label: string;
  readonly file: string;
  /** Offset after its event. */
  readonly end: number;
  /** GTID of its group, null without one. */
  readonly gtid: string | null;
}

/** A statement that may change tables, as the binlog has it. */
export interface LoggedStatement {
  /** Sorted; of kind ddl, database, drop-database or truncate. */
  readonly statement: Statement;
  readonly query: QueryEvent;
  readonly place: StatementPlace;
}

/** A notice without its place, which is known when it is sent. */
export type StatementNews = Omit<SchemaNotice, 'place'> | Omit<TruncateNotice, 'place'>;

/** What a statement came to. */
export interface StatementEffect {
  /** Tables that may have other columns from now on. */
  readonly changed: readonly TableName[];
  /** What is to be told of it; null for nothing. */
  readonly news: StatementNews | null;
}

/** Knows the tables where the binlog does not describe them, by following the statements that change them. */
export interface TableCatalogue {
  /**
   * Asked for a captured table at each TABLE_MAP with content that is new. The answer is kept until a statement changes the table.
   * @throws RowcastError SCHEMA_MISMATCH, SCHEMA_CHANGED where nobody knows its columns and that is to stop the daemon
   */
  describe(database: string, table: string, mapped: readonly MappedColumn[]): CatalogueTable | UnknownTable | Promise<CatalogueTable | UnknownTable>;
  /** A statement; what it came to is durable when it is answered. @throws RowcastError CHECKPOINT_UNWRITABLE */
  statement(logged: LoggedStatement): StatementEffect | Promise<StatementEffect>;
  /** The table for which this one is a shadow of an online schema change (gh-ost, pt-online-schema-change); null for any other. */
  shadowOf(database: string, table: string): string | null;
  /** A file begins, or goes on, that a server of this version wrote. */
  writtenBy(serverVersion: string): void;
}
