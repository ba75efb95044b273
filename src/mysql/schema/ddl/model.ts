import type { ColumnDeclaration, TableDeclaration } from '../../../core/declaration.ts';

/** A column with what only following DDL and decoding need beyond its declaration. */
export interface TrackedColumn extends ColumnDeclaration {
  /** MariaDB: a LONGTEXT with a column check of `json_valid(itself)`, which is what its JSON alias makes. False for MySQL's JSON type. */
  readonly json: boolean;
  /** Each `?` in the labels is one, since they are those of a statement; absent where none is there, or where it may stand for another character. */
  readonly exactLabels?: true;
}

/** A part of a key. */
export interface KeyPart {
  /** Null for an expression. */
  readonly column: string | null;
  /** Length of the prefix, in characters or bytes as declared; null where the whole column is in the key. */
  readonly prefix: number | null;
}

/** A key of a table, unique or not. */
export interface TrackedKey {
  /** `PRIMARY` for the primary key. */
  readonly name: string;
  readonly unique: boolean;
  readonly parts: readonly KeyPart[];
}

/**
 * A table as it is tracked: an immutable value of plain data that JSON keeps. Equal columns may be one object.
 * `primaryKey` and `uniqueKeys` follow from `keys`.
 */
export interface TrackedTable extends TableDeclaration {
  readonly columns: readonly TrackedColumn[];
  /** The table's default collation. */
  readonly collation: string;
  /** The table's default character set. */
  readonly charset: string;
  /** All keys: the primary key first, then by name. */
  readonly keys: readonly TrackedKey[];
  /** MariaDB: WITH SYSTEM VERSIONING. */
  readonly versioned: boolean;
}

/** Default character set and collation of a database. */
export interface DatabaseDefaults {
  readonly charset: string;
  readonly collation: string;
}
