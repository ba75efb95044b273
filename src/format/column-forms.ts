import type { ByteWriter } from '../core/byte-writer.ts';
import type { Constant } from '../core/constant.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ColumnWriter } from '../core/table.ts';

/** Writes one image as a JSON object. */
export type ImageWriter = (image: RowImage, out: ByteWriter) => void;

/** What is written of each column of a table, by its index: nothing, and a writer that passes over it, where it is not shown. */
export interface ColumnForms {
  readonly writers: readonly ColumnWriter[];
  /** What comes before a value: a comma, or a brace before the first, and its name; and its first quote, where the writer leaves that out. */
  readonly names: readonly Constant[];
  /** The same and `null`. */
  readonly nulls: readonly Constant[];
  /** Whether what was written of a value stands for the same value in another image; else the writers are called for each. */
  readonly copies: boolean;
}

/** Of the image that was written last by whoever keeps them: where each column begins, and where it was written; then where the last one ends. */
export interface Marks {
  readonly begins: Int32Array;
  readonly written: Int32Array;
}
