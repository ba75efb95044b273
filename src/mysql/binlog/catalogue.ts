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
  readonly unsigned: boolean;
  /** Place in the primary key, from 0; null outside it. */
  readonly keyOrder: number | null;
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

/** A statement that may have changed the columns of a captured table. */
export interface DdlNotice {
  readonly database: string;
  /**
   * A captured table that the statement names; where the statement's form is not known, any that one of its words could
   * be; null: all tables of the database.
   */
  readonly table: string | null;
  /** Leading keyword of the statement, upper case, for example `ALTER`. */
  readonly verb: string;
  /** `file:position` of the statement, for messages. */
  readonly place: string;
}

/** What the decoder asks about captured tables where the binlog does not tell. */
export interface TableCatalogue {
  /**
   * Asked for a captured table whose TABLE_MAP has no column names, and for one of MariaDB with columns that only the
   * catalogue can tell apart. The answer is kept until `ddl` names the table.
   * @throws RowcastError SCHEMA_MISMATCH when it knows no such table, or its columns cannot be those of the event
   */
  describe(database: string, table: string, mapped: readonly MappedColumn[]): CatalogueTable | Promise<CatalogueTable>;
  /** @throws RowcastError SCHEMA_CHANGED when columns it has told may now be wrong */
  ddl(notice: DdlNotice): void | Promise<void>;
}
