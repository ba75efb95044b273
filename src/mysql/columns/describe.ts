import { RowcastError } from '../../core/errors.ts';
import type { ColumnCodec, ColumnType } from '../../core/table.ts';
import { columnCodec, skippingCodec } from './codec.ts';
import type { ColumnDescription } from './description.ts';
import { TYPE } from './description.ts';
import { resolveType } from './resolve.ts';
import { sqlTypeOf } from './sql-type.ts';
import type { ColumnStorage } from './storage.ts';
import { storageOf } from './storage.ts';

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
  const storage = storageOf(description.typeCode, description.meta);
  const resolved = resolveType(description, storage);
  if (resolved === undefined) {
    throw new RowcastError('EVENT_UNSUPPORTED', `column ${description.name} has type code ${description.typeCode}, which this version cannot read`);
  }
  const { type, missing } = resolved;
  const codec = columnCodec(missing === null || type.family !== 'text' ? type : { family: 'binary', fixed: false, maxBytes: type.maxBytes }, storage);
  return {
    type,
    sqlType: sqlTypeOf(type, keepingOf(storage)),
    codec: missing === null ? codec : skippingCodec(codec, () => unknown(description.name, missing)),
  };
}

function keepingOf(storage: ColumnStorage): Parameters<typeof sqlTypeOf>[1] {
  if (storage.code === TYPE.STRING) return { in: 'fixed' };
  return storage.code === TYPE.VARCHAR ? { in: 'varying' } : { in: 'blob', prefix: storage.prefix };
}

function unknown(column: string, missing: string): RowcastError {
  return new RowcastError('SCHEMA_MISMATCH', `the ${missing} of column ${column} is in neither the binlog nor information_schema`);
}
