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

/**
 * `literal`: the value as the server would show it, for example `1.00` for a DECIMAL(5,2); that of BIT is `b'101'`, that of
 * binary columns `0x` and hexadecimal digits. `null`: DEFAULT NULL, written or implied, and any nullable column without a
 * default. `expression`: SQL, CURRENT_TIMESTAMP included, as the server shows it or as the statement has it: two texts may
 * mean the same. Null in its place: no default at all, as in generated columns.
 */
export type ColumnDefault = { readonly kind: 'literal' | 'expression'; readonly text: string } | { readonly kind: 'null' };

/** A table as it is declared. */
export interface TableDeclaration {
  readonly database: string;
  readonly name: string;
  /** In table order, invisible and generated ones included, as they are in row images. */
  readonly columns: readonly ColumnDeclaration[];
  /** Names, in key order; empty without one. */
  readonly primaryKey: readonly string[];
  /** Unique keys besides the primary one over columns alone (no expressions, no prefixes), in the order of the keys' names, each with its columns' names in key order. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** The table's default character set; null where it is not known. */
  readonly charset: string | null;
  readonly comment: string;
}
