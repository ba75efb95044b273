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

/** A table as information_schema shows it: all its columns, in table order. */
export interface CatalogueTable {
  readonly columns: readonly CatalogueColumn[];
}

/** A statement that may have changed the columns of a captured table. */
export interface DdlNotice {
  readonly database: string;
  /** An identifier of the statement that is, or could be, the name of a captured table. */
  readonly table: string;
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
   * @throws RowcastError SCHEMA_MISMATCH when it knows no such table with `columnCount` columns
   */
  describe(database: string, table: string, columnCount: number): CatalogueTable | Promise<CatalogueTable>;
  /** @throws RowcastError SCHEMA_CHANGED when columns it has told may now be wrong */
  ddl(notice: DdlNotice): void | Promise<void>;
}
