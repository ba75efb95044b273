import { RowcastError } from '../../core/errors.ts';
import { TYPE, metadataLength } from '../columns/description.ts';
import type { Cursor } from './cursor.ts';

/** A TABLE_MAP event as it stands, without its table id. */
export interface TableMap {
  readonly database: string;
  readonly table: string;
  readonly count: number;
  readonly types: readonly number[];
  /** Metadata by column as `ColumnDescription.meta` wants it; null when some type is not known, so that no column can be told from the next. */
  readonly metas: readonly number[] | null;
  readonly nullable: readonly boolean[];
  /** At the optional metadata. */
  readonly optional: Cursor;
}

/**
 * TABLE_MAP (MySQL `rows_event.h`), after the table id (6): 2 flags · 1 length, database, zero · 1 length, table, zero ·
 * packed number of columns · 1 type each · packed length, metadata of the types · a bit each: may be NULL · optional metadata.
 */
export function readTableMap(body: Cursor): TableMap {
  body.skip(2);
  const database = readName(body);
  const table = readName(body);
  const count = body.packed();
  const types = [...body.slice(count)];
  const metaLength = body.packed();
  const metas = readMetas(types, body.slice(metaLength));
  const bits = body.slice((count + 7) >> 3);
  const nullable = types.map((_, i) => ((bits[i >> 3] as number) & (1 << (i & 7))) !== 0);
  return { database, table, count, types, metas, nullable, optional: body.rest() };
}

function readName(body: Cursor): string {
  const name = body.text(body.u8());
  body.skip(1);
  return name;
}

function readMetas(types: readonly number[], bytes: Buffer): number[] | null {
  const metas: number[] = [];
  let at = 0;
  for (const type of types) {
    const length = metadataLength(type);
    if (length === undefined) return null;
    if (at + length > bytes.length) throw new RowcastError('EVENT_CORRUPT', 'the column metadata is too short for its types');
    const meta = length === 0 ? 0 : (bytes[at] as number) | (length === 2 ? (bytes[at + 1] as number) << 8 : 0);
    if (!isSound(type, meta)) throw new RowcastError('EVENT_CORRUPT', `a column of type ${type} cannot have the metadata ${meta}`);
    metas.push(meta);
    at += length;
  }
  if (at !== bytes.length) throw new RowcastError('EVENT_CORRUPT', 'the column metadata is longer than its types need');
  return metas;
}

/** Sizes that no server writes would be read as other values. */
function isSound(type: number, meta: number): boolean {
  if (type === TYPE.TIME2 || type === TYPE.DATETIME2 || type === TYPE.TIMESTAMP2) return meta <= 6;
  if (type !== TYPE.NEWDECIMAL) return true;
  const precision = meta & 0xff;
  return precision >= 1 && precision <= 65 && meta >> 8 <= precision;
}
