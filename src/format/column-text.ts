import { ByteWriter } from '../core/byte-writer.ts';
import { fill } from '../core/projection.ts';
import { columnAbsent, NULL_COLUMN } from '../core/row-image.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ColumnWriter } from '../core/table.ts';
import { parseJson } from '../core/position.ts';

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;

/**
 * The text of a column's value as it is shown: a string without its quotes, a list as Java prints one, anything else as
 * it is. Partitions are computed from such texts.
 */
export class ColumnText {
  readonly #index: number;
  readonly #write: ColumnWriter;
  readonly #scratch = new ByteWriter(64);

  /** @param write writes the value as JSON */
  constructor(index: number, write: ColumnWriter) {
    this.#index = index;
    this.#write = write;
  }

  /** Nothing for NULL. @throws RowcastError COLUMN_ABSENT where the binlog does not tell the column: rows of one key must not part */
  write(image: RowImage, out: ByteWriter): void {
    const at = image.locate(this.#index);
    if (at === NULL_COLUMN) return;
    if (at < 0) throw columnAbsent(image.table, image.table.columns[this.#index]?.name ?? '');
    const scratch = this.#scratch;
    fill(scratch, (json) => this.#write(image.bytes, at, json));
    const { bytes, at: end } = scratch;
    if (bytes[0] === OPEN_LIST) out.utf8(listText(scratch.view()));
    else if (bytes[0] !== QUOTE) out.range(bytes, 0, end);
    else if (scratch.view().includes(BACKSLASH)) out.utf8(stringText(scratch.view()));
    else out.range(bytes, 1, end - 1);
  }
}

function stringText(json: Buffer): string {
  const text = parseJson(json.toString());
  return typeof text === 'string' ? text : '';
}

function listText(json: Buffer): string {
  const list = parseJson(json.toString());
  return Array.isArray(list) ? `[${list.map(String).join(', ')}]` : json.toString();
}
