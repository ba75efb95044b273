import { ByteWriter } from '../core/byte-writer.ts';
import { jsonStringBytes } from '../core/json-text.ts';
import { columnWriter, fill } from '../core/projection.ts';
import type { ProjectedColumn, Projection } from '../core/projection.ts';
import { ABSENT, NULL_COLUMN } from '../core/row-image.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ColumnWriter, Representation } from '../core/table.ts';

/** The first that a type has is how its values are shown. */
const SHOWN: readonly Representation[] = ['string', 'base64', 'inline'];

interface TextColumn {
  readonly projected: ProjectedColumn;
  readonly write: ColumnWriter | null;
}

/** An image as JSON, column by column: the server's own text, base64 for bytes. */
export interface ImageText {
  readonly columns: Buffer;
  /** Columns that cannot be read, with their bytes in the binlog as base64; null where the route masks them. Null: there are none. */
  readonly unreadable: Readonly<Record<string, string | null>> | null;
}

/** Shows a row without its format, for rows that the format cannot tell. Masks and excluded columns hold (Invariant 10). */
export class RowText {
  readonly #columns: readonly TextColumn[];

  constructor(projection: Projection) {
    this.#columns = projection.columns.map((projected) => ({ projected, write: writerOf(projected) }));
  }

  of(image: RowImage): ImageText {
    const out = new ByteWriter(1024);
    const unreadable: Record<string, string | null> = {};
    let comma = '';
    for (const { projected, write } of this.#columns) {
      const { column, name, mask } = projected;
      const at = image.locate(column.index);
      if (at === ABSENT) continue;
      const value = at === NULL_COLUMN ? NULL : valueOf(write, image.bytes, at);
      if (value === null) {
        unreadable[name] = mask === null ? image.bytes.toString('base64', at, column.codec.skip(image.bytes, at)) : null;
        continue;
      }
      const needed = out.at + value.length + jsonStringBytes(name).length + 2;
      if (needed > out.bytes.length) out.grow(needed * 2, out.at);
      out.latin1(comma);
      out.raw(jsonStringBytes(name));
      out.latin1(':');
      out.raw(value);
      comma = ',';
    }
    return { columns: Buffer.from(out.view()), unreadable: Object.keys(unreadable).length === 0 ? null : unreadable };
  }
}

const NULL = Buffer.from('null');

/** Null where it cannot be read. */
function valueOf(write: ColumnWriter | null, bytes: Buffer, at: number): Buffer | null {
  if (write === null) return null;
  const scratch = new ByteWriter(256);
  try {
    fill(scratch, (out) => write(bytes, at, out));
  } catch {
    // That is what the dead letter tells.
    return null;
  }
  return scratch.view();
}

function writerOf(projected: ProjectedColumn): ColumnWriter | null {
  const { codec } = projected.column;
  const as = SHOWN.find((each) => codec.writer(each, 'string') !== undefined);
  return as === undefined ? null : columnWriter(projected, as);
}
