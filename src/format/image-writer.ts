import { Constant, sharedConstant } from '../core/constant.ts';
import { JSON_NULL, jsonStringBytes } from '../core/json-text.ts';
import { columnWriter } from '../core/projection.ts';
import type { ProjectedColumn, Projection } from '../core/projection.ts';
import { ABSENT, columnAbsent, NULL_COLUMN } from '../core/row-image.ts';
import type { ColumnWriter, Representation } from '../core/table.ts';
import { sharedImages } from './alike-tables.ts';
import type { ColumnForms, ImageWriter } from './column-forms.ts';
import type { Represent } from './represent.ts';
import { skipperOf } from './skippers.ts';
import { TableImages } from './table-images.ts';
import { withPolicies } from './type-policies.ts';

export type { Represent, Shown } from './represent.ts';
export type { ImageWriter } from './column-forms.ts';
export type { Images } from './table-images.ts';

/**
 * What a dialect writes for a column that an image does not hold: the JSON of its value, or null to leave it out. `as`: how
 * the column is shown; masked ones are strings, whatever it says.
 */
export type Absent = (projected: ProjectedColumn, as: Representation) => Buffer | null;

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
const QUOTE = Buffer.from('"');
const NOTHING = new Constant(Buffer.alloc(0));
const BRACE = new Constant(Buffer.of(OPEN));
const LEFT_OUT: Absent = () => null;

/** Writes the columns of a projection. Those that the binlog does not tell are left out, or are what `absent` says. */
export function imagesOf(projection: Projection, represent: Represent, absent: Absent = LEFT_OUT): TableImages {
  const shownOf = withPolicies(represent, projection, 'value');
  return new TableImages(sharedImages(formsOf(projection, represent, shownOf)), partialWriter(projection, { represent, shownOf, absent }));
}

/** How whole images of a projection are written. @param shownOf for what is not masked */
export function formsOf(projection: Projection, represent: Represent, shownOf: Represent): ColumnForms {
  const { columns } = projection.table;
  const writers: ColumnWriter[] = columns.map(({ codec }) => skipperOf(codec));
  const names: Constant[] = columns.map(() => NOTHING);
  const nulls: Constant[] = columns.map(() => NOTHING);
  projection.columns.forEach((projected, place) => {
    const { index } = projected.column;
    const name = leadBytes(projected, place);
    const writer = writerOf(projected, projected.mask === null ? shownOf : represent);
    writers[index] = writer.afterQuote ?? writer;
    names[index] = sharedConstant(writer.afterQuote === undefined ? name : Buffer.concat([name, QUOTE]));
    nulls[index] = sharedConstant(Buffer.concat([name, JSON_NULL]));
  });
  if (projection.columns.length === 0) {
    names[0] = BRACE;
    nulls[0] = BRACE;
  }
  // Who cuts values counts how often it was asked to: none may be copied.
  const copies = projection.columns.every(({ cut }) => cut === undefined);
  return { writers, names, nulls, copies };
}

/** The same for images that lack columns: each column is looked for, as an after image may take it from the before image. */
function partialWriter(projection: Projection, { represent, shownOf, absent }: { readonly represent: Represent; readonly shownOf: Represent; readonly absent: Absent }): ImageWriter {
  const columns = projection.columns.map((projected) => {
    const shown = projected.mask === null ? shownOf : represent;
    return { index: projected.column.index, name: nameBytes(projected), write: writerOf(projected, shown), absent: absent(projected, shown(projected.column).as) };
  });
  return (image, out) => {
    let separator = OPEN;
    for (const { index, name, write, absent } of columns) {
      const at = image.locate(index);
      if (at === ABSENT && absent === null) continue;
      out.byte(separator);
      separator = COMMA;
      out.raw(name);
      if (at === ABSENT) out.raw(absent ?? JSON_NULL);
      else if (at === NULL_COLUMN) out.raw(JSON_NULL);
      else write(image.bytes, at, out);
    }
    if (separator === OPEN) out.byte(OPEN);
    out.byte(CLOSE);
  };
}

/** The key columns of the projection, in key order. The writer @throws RowcastError COLUMN_ABSENT for one that the image lacks */
export function keyWriter(projection: Projection, represent: Represent): ImageWriter {
  const shownOf = withPolicies(represent, projection, 'key');
  const columns = projection.key.map((projected, place) => ({
    index: projected.column.index,
    name: sharedConstant(leadBytes(projected, place)),
    write: writerOf(projected, projected.mask === null ? shownOf : represent),
  }));
  return (image, out) => {
    for (let i = 0; i < columns.length; i++) {
      const { index, name, write } = columns[i] as (typeof columns)[number];
      out.constant(name);
      const at = image.locate(index);
      if (at >= 0) write(image.bytes, at, out);
      else if (at === NULL_COLUMN) out.raw(JSON_NULL);
      else throw columnAbsent(projection.table, projection.key[i]?.column.name ?? '');
    }
    out.byte(CLOSE);
  };
}

function writerOf(projected: ProjectedColumn, represent: Represent): ColumnWriter {
  const { as, zero } = represent(projected.column);
  return columnWriter(projected, as, zero);
}

/** `"name":`, after what begins the object or a comma. */
function leadBytes(projected: ProjectedColumn, place: number): Buffer {
  return Buffer.concat([Buffer.of(place === 0 ? OPEN : COMMA), nameBytes(projected)]);
}

/** `"name":`. */
function nameBytes(projected: ProjectedColumn): Buffer {
  return Buffer.concat([jsonStringBytes(projected.name), Buffer.from(':')]);
}
