import type { ValueKind } from './canonical.ts';
import { canonical } from './canonical.ts';
import { ABSENT_DIGEST, CUT_DIGEST, DIGEST_BYTES, putDigest, putMark } from './digest.ts';
import type { Span } from './json-scan.ts';
import { eachMember, textOf } from './json-scan.ts';

/** A column as messages have it. */
export interface MessageColumn {
  readonly name: string;
  readonly kind: ValueKind;
}

/** What is known of columns besides what the row says. */
export interface Marked {
  /** Names of columns that are not whole; null for none. */
  readonly cut: ReadonlySet<string> | null;
  /** In messages without NULLs, names of the columns that are not known; all others that are not there are NULL. Null: what is not there is not known. */
  readonly absent: ReadonlySet<string> | null;
}

const NONE = -1;
const NULL = Buffer.from('null');
/** More names than this of columns that the table does not have are not kept. */
const STRANGE_NAMES = 50;

/** Reads rows as messages show them, JSON objects of columns. Reused from row to row. */
export class RowReader {
  readonly #columns: readonly MessageColumn[];
  readonly #names: readonly Buffer[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  #bytes: Buffer = NULL;
  /** Names that messages have and the table does not. */
  readonly strange = new Set<string>();

  constructor(columns: readonly MessageColumn[]) {
    this.#columns = columns;
    this.#names = columns.map(({ name }) => Buffer.from(JSON.stringify(name)));
    this.#index = new Map(columns.map(({ name }, index) => [name, index]));
    this.#from = new Int32Array(columns.length);
    this.#to = new Int32Array(columns.length);
  }

  /** Finds the columns of a row. @throws Malformed */
  load(row: Span): void {
    this.#from.fill(NONE);
    this.over(row);
  }

  /** Puts columns in the place of those loaded before, from the same bytes. @throws Malformed */
  over({ bytes, from }: Span): void {
    this.#bytes = bytes;
    let expected = 0;
    eachMember(bytes, from, (nameFrom, nameTo, valueFrom, valueTo) => {
      const column = this.#find(expected, nameFrom, nameTo);
      if (column === NONE) return;
      this.#from[column] = valueFrom;
      this.#to[column] = valueTo;
      expected = column + 1;
    });
  }

  /** A digest for each column. */
  digests({ cut, absent }: Marked): Buffer {
    const digests = Buffer.allocUnsafe(this.#columns.length * DIGEST_BYTES);
    this.#columns.forEach(({ name, kind }, column) => {
      const at = column * DIGEST_BYTES;
      const from = this.#from[column] as number;
      if (cut?.has(name) === true) putMark(CUT_DIGEST, digests, at);
      else if (from !== NONE) this.#put(column, kind, { bytes: digests, at });
      else if (absent !== null && !absent.has(name)) putDigest(NULL, 0, NULL.length, { bytes: digests, at });
      else putMark(ABSENT_DIGEST, digests, at);
    });
    return digests;
  }

  /** These columns as one text, `{"id":1}`; null where one is not told. */
  identity(columns: readonly number[]): string | null {
    const parts: string[] = [];
    for (const column of columns) {
      const from = this.#from[column] as number;
      if (from === NONE) return null;
      const span = { bytes: this.#bytes, from, to: this.#to[column] as number };
      parts.push(`${String(this.#names[column])}:${canonical(span, 'value') ?? textOf(span)}`);
    }
    return `{${parts.join(',')}}`;
  }

  #put(column: number, kind: ValueKind, out: { readonly bytes: Buffer; readonly at: number }): void {
    const from = this.#from[column] as number;
    const to = this.#to[column] as number;
    const spelled = canonical({ bytes: this.#bytes, from, to }, kind);
    if (spelled === null) {
      putDigest(this.#bytes, from, to, out);
      return;
    }
    const text = Buffer.from(spelled);
    putDigest(text, 0, text.length, out);
  }

  /** Columns come in their order, as a rule. */
  #find(expected: number, from: number, to: number): number {
    const name = this.#names[expected];
    if (name !== undefined && name.length === to - from && name.compare(this.#bytes, from, to) === 0) return expected;
    const text = JSON.parse(this.#bytes.toString('utf8', from, to)) as string;
    const found = this.#index.get(text);
    if (found !== undefined) return found;
    if (this.strange.size < STRANGE_NAMES) this.strange.add(text);
    return NONE;
  }
}
