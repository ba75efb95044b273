import { RowcastError } from '../../core/errors.ts';
import type { ColumnCodec, ColumnType } from '../../core/table.ts';
import type { ColumnDescription } from './description.ts';

/** What the rest of the daemon needs to know of a column. */
export interface DescribedColumn {
  readonly type: ColumnType;
  /** As a person would declare it, for example `decimal(12,2)`. */
  readonly sqlType: string;
  readonly codec: ColumnCodec;
}

/**
 * The type, its SQL text and the codec of a column. Facts that are missing (charset, signedness, labels) leave a codec
 * that can skip values; it refuses, with SCHEMA_MISMATCH, to read or write them.
 * @throws RowcastError EVENT_UNSUPPORTED for a type code that is not known
 */
export function describeColumn(description: ColumnDescription): DescribedColumn {
  throw new RowcastError('EVENT_UNSUPPORTED', `column ${description.name} has type code ${description.typeCode}, which this version cannot read`);
}
