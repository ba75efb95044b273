import type { Span } from '../json-scan.ts';
import { elements, isObject } from '../json-scan.ts';
import type { LogRecord } from '../ports.ts';
import { Fields, spanOf } from './fields.ts';
import type { MessageReader, RowVisitor } from './reader.ts';
import { nameOf, tableOf } from './reader.ts';

const SET = new Set(['insert', 'update', 'bootstrap-insert']);

/** Messages of `maxwell` and `canal`: `data` and `old` are a row each, or a list of them. Tombstones follow a message that says all. */
export class DataReader implements MessageReader {
  readonly #fields = new Fields(['database', 'table', 'type', 'data', 'old', 'isDdl']);

  read({ value }: LogRecord, visitor: RowVisitor): void {
    if (value === null) return;
    this.#fields.load(spanOf(value));
    const type = this.#fields.get('type');
    const ddl = this.#fields.get('isDdl');
    if (type === null || (ddl !== null && nameOf(ddl) === 'true')) return;
    const table = tableOf(this.#fields.get('database'), this.#fields.get('table'));
    const operation = nameOf(type).toLowerCase();
    const rows = rowsOf(this.#fields.get('data'));
    const old = rowsOf(this.#fields.get('old'));
    rows.forEach((row, index) => {
      if (SET.has(operation)) visitor.set(table, row, old[index] ?? null);
      else if (operation === 'delete') visitor.gone(table, row);
    });
  }
}

function rowsOf(span: Span | null): readonly Span[] {
  if (span === null) return [];
  if (isObject(span)) return [span];
  return span.bytes[span.from] === OPEN_ARRAY ? elements(span.bytes, span.from).filter(isObject) : [];
}

const OPEN_ARRAY = 0x5b;
