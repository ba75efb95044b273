import type { PartialImages, RowMessage } from '../core/change.ts';
import type { Header } from '../core/ports.ts';
import type { Projection } from '../core/projection.ts';
import { ABSENT } from '../core/row-image.ts';
import type { RowImage } from '../core/row-image.ts';

/** The header that names all columns which the binlog does not tell, in formats whose messages have no place for that. */
export const ABSENT_HEADER = '__rowcast.absent';

/** Names the shown columns that the binlog does not tell, by image: `{"before":["a","b"],"after":["b"]}`. */
export class AbsentColumns {
  readonly #projection: Projection;
  /** What the last answer was for: which columns an image lacks depends on nothing else. */
  #partial: PartialImages | null = null;
  #before = false;
  #after = false;
  #bytes: Buffer | null = null;

  constructor(projection: Projection) {
    this.#projection = projection;
  }

  /** Null where the images of the message hold every column that is shown. An image that lacks none is not named. */
  of({ event, before, after }: RowMessage): Buffer | null {
    const { partial } = event;
    if (partial === null) return null;
    if (partial !== this.#partial || this.#before !== (before !== null) || this.#after !== (after !== null)) {
      this.#partial = partial;
      this.#before = before !== null;
      this.#after = after !== null;
      const lists = { ...this.#lacking('before', before), ...this.#lacking('after', after) };
      this.#bytes = Object.keys(lists).length === 0 ? null : Buffer.from(JSON.stringify(lists));
    }
    return this.#bytes;
  }

  #lacking(name: 'before' | 'after', image: RowImage | null): Readonly<Record<string, readonly string[]>> {
    if (image === null) return {};
    const names = this.#projection.columns.filter(({ column }) => image.locate(column.index) === ABSENT).map((projected) => projected.name);
    return names.length === 0 ? {} : { [name]: names };
  }
}

const NO_HEADERS: readonly Header[] = [];

/** The headers of messages that have no other: none, or the one that names what is absent. */
export class AbsentHeader {
  readonly #columns: AbsentColumns;
  readonly #slot: { readonly name: string; value: Uint8Array } = { name: ABSENT_HEADER, value: Buffer.alloc(0) };
  readonly #one: readonly Header[] = [this.#slot];

  constructor(projection: Projection) {
    this.#columns = new AbsentColumns(projection);
  }

  of(message: RowMessage): readonly Header[] {
    const absent = this.#columns.of(message);
    if (absent === null) return NO_HEADERS;
    this.#slot.value = absent;
    return this.#one;
  }
}
