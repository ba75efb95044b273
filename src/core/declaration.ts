/** A column as its table declares it: what information_schema.COLUMNS tells. */
export interface ColumnDeclaration {
  readonly name: string;
  /** COLUMN_TYPE as the server writes it, for example `int(10) unsigned` or `enum('a','b')`. */
  readonly columnType: string;
  /** DATA_TYPE, lower case, for example `int`. */
  readonly dataType: string;
  readonly nullable: boolean;
  readonly unsigned: boolean;
  /** CHARACTER_SET_NAME; null where the column has none. */
  readonly charset: string | null;
  /** COLLATION_NAME; null where the column has none. */
  readonly collation: string | null;
  /** Labels of ENUM and SET, in order; null for other types. */
  readonly labels: readonly string[] | null;
  readonly default: ColumnDefault | null;
  readonly comment: string;
  readonly autoIncrement: boolean;
  /** A generated column, virtual or stored; virtual ones are in row images too. */
  readonly generated: boolean;
  readonly invisible: boolean;
}

/** `literal`: the value as text; `null`: DEFAULT NULL, written or implied; `expression`: SQL, CURRENT_TIMESTAMP included. Null in its place: no default at all. */
export type ColumnDefault = { readonly kind: 'literal' | 'expression'; readonly text: string } | { readonly kind: 'null' };

/** A table as it is declared. */
export interface TableDeclaration {
  readonly database: string;
  readonly name: string;
  /** In table order, invisible and generated ones included, as they are in row images. */
  readonly columns: readonly ColumnDeclaration[];
  /** Names, in key order; empty without one. */
  readonly primaryKey: readonly string[];
  /** Unique keys over columns alone (no expressions, no prefixes), in the server's order, each with its columns' names in key order. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** The table's default character set; null where it is not known. */
  readonly charset: string | null;
  readonly comment: string;
}
