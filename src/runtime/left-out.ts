import type { RowsEvent } from '../core/change.ts';
import type { Counter } from '../core/ports.ts';
import { RowImage } from '../core/row-image.ts';
import type { TableVersion } from '../core/table.ts';

/** Takes the rows events of one table version. */
export interface RowsProcessor {
  process(event: RowsEvent): void;
}

/** Every reason for which a row is left out (Invariant 4): labels of one metric. */
export type LeftOutReason = 'no_route' | 'dropped' | 'shadow' | 'operation' | 'where' | 'when' | 'condition_error' | 'encode_error' | 'too_large' | 'flat_delete';

/** Counts the rows of an event by walking over them, and tells nobody. */
export class LeftOutRows implements RowsProcessor {
  readonly #image: RowImage;
  readonly #counter: Counter;

  constructor(table: TableVersion, counter: Counter) {
    this.#image = new RowImage(table);
    this.#counter = counter;
  }

  process(event: RowsEvent): void {
    this.#counter.add(countRows(event, this.#image));
  }
}

/** How many rows an event holds; 1 where the table's types are not known well enough to walk them. */
export function countRows(event: RowsEvent, image: RowImage): number {
  if (event.start === event.end || event.table.columns.length === 0) return 1;
  const { bytes, end, partial } = event;
  let rows = 0;
  for (let at = event.start; at < end; rows++) {
    if (event.operation !== 'insert') {
      image.set(bytes, at, end, partial === null ? null : partial.before);
      at = image.end();
    }
    if (event.operation !== 'delete') {
      image.set(bytes, at, end, partial === null ? null : partial.after);
      at = image.end();
    }
  }
  return rows;
}
