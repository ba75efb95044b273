import type { Operation, PartialImages } from '../../core/change.ts';
import { Kept } from '../../core/kept.ts';
import { ABSENT, UNCHANGED } from '../../core/row-image.ts';
import type { ImageLayout } from '../../core/row-image.ts';
import type { TableVersion } from '../../core/table.ts';
import type { Flavor } from './options.ts';

/**
 * No image holds any column, so that the rows have no bytes: `INSERT INTO t () VALUES ()` with MINIMAL. Servers write one
 * such row in an event: MySQL refuses the second one.
 */
export function isEmpty({ before, after }: PartialImages, operation: Operation): boolean {
  return (operation === 'insert' || before?.present === 0) && (operation === 'delete' || after?.present === 0);
}

/** Kept for a table by what their bitmaps hold; sessions write few kinds of them. */
const KEPT = 1000;

/**
 * What the images of a table's rows events hold, from the bitmaps in front of their rows.
 *
 * MySQL's after image holds every column that was set and every one that follows from those: by a trigger, ON UPDATE, or a
 * generated column. What it lacks was not changed. MariaDB leaves virtual columns out that did change (FULL_NODUP has
 * their old value in the before image), and nothing in the binlog tells which ones are virtual: only what the schema
 * history knows to be no generated column, and the primary key, is sure not to have changed (Invariant 8).
 */
export class Layouts {
  readonly #columns: number;
  readonly #staying: ReadonlySet<number> | null;
  readonly #known = new Kept<PartialImages>(KEPT);

  constructor(table: TableVersion, flavor: Flavor) {
    this.#columns = table.columns.length;
    this.#staying = flavor === 'mysql' ? null : new Set([...table.primaryKey, ...table.columns.filter(({ generated }) => generated === false).map(({ index }) => index)]);
  }

  /**
   * `bitmaps`: one bit a column, set where the image holds it; for updates the before image's and the after image's.
   * The same bitmaps give the same object.
   */
  of(bitmaps: Buffer, operation: Operation): PartialImages {
    const key = `${operation} ${bitmaps.toString('latin1')}`;
    return this.#known.get(key) ?? this.#known.keep(key, this.#read(bitmaps, operation));
  }

  #read(bitmaps: Buffer, operation: Operation): PartialImages {
    if (operation === 'insert') return { before: null, after: this.#layout(bitmaps, false) };
    if (operation === 'delete') return { before: this.#layout(bitmaps, false), after: null };
    const half = bitmaps.length / 2;
    return { before: this.#layout(bitmaps.subarray(0, half), false), after: this.#layout(bitmaps.subarray(half), true) };
  }

  /** Null: the image holds every column. */
  #layout(bitmap: Buffer, followsBefore: boolean): ImageLayout | null {
    const bits = new Int32Array(this.#columns);
    let present = 0;
    for (let i = 0; i < this.#columns; i++) {
      const there = ((bitmap[i >> 3] as number) & (1 << (i & 7))) !== 0;
      bits[i] = there ? present++ : followsBefore && (this.#staying?.has(i) ?? true) ? UNCHANGED : ABSENT;
    }
    return present === this.#columns ? null : { bits, present };
  }
}
