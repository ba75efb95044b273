import type { Span } from '../json-scan.ts';
import { Malformed } from '../json-scan.ts';
import type { LogRecord } from '../ports.ts';
import { Fields, spanOf } from './fields.ts';
import type { MessageReader, RowVisitor } from './reader.ts';
import { nameOf, objectOf, tableOf } from './reader.ts';

/** Where an envelope has what. */
export interface EnvelopeShape {
  /** The field of the value that the envelope is in; null: it is the value. */
  readonly inside: string | null;
  /** The fields of `source` that name the table. */
  readonly database: string;
  readonly table: string;
}

const SET = new Set(['insert', 'update', 'c', 'u', 'r']);
const GONE = new Set(['delete', 'd']);
const TRUNCATED = new Set(['truncate', 't']);

/** Messages of `plain` and `debezium`, with `before`, `after`, `op` and `source`. */
export class EnvelopeReader implements MessageReader {
  readonly #shape: EnvelopeShape;
  readonly #outer: Fields;
  readonly #envelope = new Fields(['op', 'source', 'before', 'after']);
  readonly #source: Fields;

  constructor(shape: EnvelopeShape) {
    this.#shape = shape;
    this.#outer = new Fields(shape.inside === null ? [] : [shape.inside]);
    this.#source = new Fields([shape.database, shape.table]);
  }

  read({ value }: LogRecord, visitor: RowVisitor): void {
    if (value === null) {
      visitor.gone(null, null);
      return;
    }
    const envelope = this.#open(spanOf(value));
    if (envelope === null) return;
    this.#envelope.load(envelope);
    const op = this.#envelope.get('op');
    const source = objectOf(this.#envelope.get('source'));
    // What announces tables, transactions or a sign of life.
    if (op === null || source === null) return;
    this.#source.load(source);
    this.#tell(nameOf(op), tableOf(this.#source.get(this.#shape.database), this.#source.get(this.#shape.table)), visitor);
  }

  #tell(op: string, table: string | null, visitor: RowVisitor): void {
    const before = objectOf(this.#envelope.get('before'));
    if (SET.has(op)) {
      const after = objectOf(this.#envelope.get('after'));
      if (after === null) throw new Malformed(`a message with op ${op} and no after`);
      visitor.set(table, after, before);
    } else if (GONE.has(op)) visitor.gone(table, before);
    else if (TRUNCATED.has(op)) visitor.truncated(table);
  }

  #open(value: Span): Span | null {
    if (this.#shape.inside === null) return value;
    this.#outer.load(value);
    return objectOf(this.#outer.get(this.#shape.inside));
  }
}
