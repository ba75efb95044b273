import type { LogRecord } from '../ports.ts';
import { Fields, spanOf } from './fields.ts';
import type { MessageReader, RowVisitor } from './reader.ts';
import { nameOf, objectOf } from './reader.ts';

/** Messages of `debezium` without an envelope: the row itself, and `__deleted` where deletes are rewritten. */
export class FlatReader implements MessageReader {
  readonly #inside: string | null;
  readonly #outer: Fields;
  readonly #row = new Fields(['__deleted']);

  /** @param inside the field of the value that the row is in; null: it is the value */
  constructor(inside: string | null) {
    this.#inside = inside;
    this.#outer = new Fields(inside === null ? [] : [inside]);
  }

  read({ value }: LogRecord, visitor: RowVisitor): void {
    if (value === null) {
      visitor.gone(null, null);
      return;
    }
    let row = objectOf(spanOf(value));
    if (this.#inside !== null && row !== null) {
      this.#outer.load(row);
      row = objectOf(this.#outer.get(this.#inside));
    }
    if (row === null) return;
    this.#row.load(row);
    const deleted = this.#row.get('__deleted');
    if (deleted !== null && nameOf(deleted) === 'true') visitor.gone(null, row);
    else visitor.set(null, row, null);
  }
}
