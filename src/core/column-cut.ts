import { ByteWriter } from './byte-writer.ts';
import { escapedEnd, JSON_NULL, latin1End, writeJsonString, writeLatin1String } from './json-text.ts';
import type { ProjectedColumn, Projection } from './projection.ts';
import type { Column, ColumnWriter, Representation } from './table.ts';

/** Writes a value in `most` bytes or fewer, quotes included. */
type CutWriter = (bytes: Buffer, at: number, limit: { readonly out: ByteWriter; readonly most: number }) => void;

const QUOTE = 0x22;
const QUOTES = 2;
/** Text of the document `null` where documents are shown as text. */
const NULL_DOCUMENT = Buffer.from('"null"');
/** Characters that stand for whole bytes and can be cut behind: three bytes are four of base64. */
const GROUPS: Partial<Record<Representation, number>> = { base64: 4, 'base64-url': 4, hex: 2 };

/**
 * Cuts the values of one column, for messages that would be too large otherwise. Text is cut between two characters, binary
 * values between two bytes. A JSON document is not cut, as the rest would be none: it becomes the document `null`, whole.
 */
export class ColumnCut {
  /** Index of the column. */
  readonly index: number;
  /** Its name in messages. */
  readonly name: string;
  /** The most bytes that a value may take in the message, quotes included. */
  most = Infinity;
  /** Values cut since this was last set to 0. */
  made = 0;
  readonly #column: Column;
  #whole: ColumnWriter | null = null;

  constructor({ column, name }: ProjectedColumn) {
    this.index = column.index;
    this.name = name;
    this.#column = column;
  }

  /** The writer that cuts, over the one that does not; the same where that representation cannot be cut. */
  over(whole: ColumnWriter, as: Representation): ColumnWriter {
    const cut = cutWriter(this.#column, whole, as);
    if (cut === null) return whole;
    this.#whole = whole;
    return (bytes, at, out) => {
      if (sizeOf(whole, bytes, at) <= this.most) return whole(bytes, at, out);
      this.made++;
      cut(bytes, at, { out, most: this.most });
      return this.#column.codec.skip(bytes, at);
    };
  }

  /** Bytes that the value at `at` takes in a message, whole; 0 where its format shows it in a way that cannot be cut. */
  size(bytes: Buffer, at: number): number {
    return this.#whole === null ? 0 : sizeOf(this.#whole, bytes, at);
  }

  /** Bytes of the value itself: of its text in UTF-8, or of a binary value. */
  original(bytes: Buffer, at: number): number {
    const text = this.#column.codec.writer('text', 'string');
    return text === undefined ? 0 : sizeOf(text, bytes, at);
  }
}

/** The projection with columns that can be cut. Never those of the key, nor masked ones, which are short. */
export function withCuts(projection: Projection): { readonly projection: Projection; readonly cuts: readonly ColumnCut[] } {
  const cuts: ColumnCut[] = [];
  const columns = projection.columns.map((projected) => {
    if (projected.mask !== null || projection.key.includes(projected) || !isLong(projected.column)) return projected;
    const cut = new ColumnCut(projected);
    cuts.push(cut);
    return { ...projected, cut };
  });
  return { projection: { ...projection, columns }, cuts };
}

function isLong({ type }: Column): boolean {
  return type.family === 'text' || type.family === 'json' || (type.family === 'binary' && !type.fixed);
}

function cutWriter(column: Column, whole: ColumnWriter, as: Representation): CutWriter | null {
  const { type, codec } = column;
  if (type.family === 'json' || (type.family === 'text' && type.json === true)) {
    return (_bytes, _at, { out }) => out.raw(as === 'inline' || as === 'compact-inline' ? JSON_NULL : NULL_DOCUMENT);
  }
  const group = GROUPS[as];
  if (group !== undefined) return (bytes, at, { out, most }) => writeGroups(filled(whole, bytes, at), Math.floor(Math.max(0, most - QUOTES) / group) * group, out);
  const text = codec.writer('text', 'string');
  if (text === undefined || (as !== 'string' && as !== 'latin1-string')) return null;
  const [endOf, write] = as === 'string' ? ([escapedEnd, writeJsonString] as const) : ([latin1End, writeLatin1String] as const);
  return (bytes, at, { out, most }) => {
    const value = filled(text, bytes, at);
    write(value, 0, endOf(value, most - QUOTES), out);
  };
}

/** The first `length` characters between the quotes of a JSON string without escapes. */
function writeGroups(json: Buffer, length: number, out: ByteWriter): void {
  out.range(json, 0, 1 + length);
  out.byte(QUOTE);
}

/** Nothing written here stays, but `at` counts it. */
const NOWHERE = new ByteWriter(0);

function sizeOf(write: ColumnWriter, bytes: Buffer, at: number): number {
  NOWHERE.at = 0;
  write(bytes, at, NOWHERE);
  return NOWHERE.at;
}

/** In a buffer of just its size, which is given up after use: such values are large and rare (Invariant 6). */
function filled(write: ColumnWriter, bytes: Buffer, at: number): Buffer {
  const scratch = new ByteWriter(sizeOf(write, bytes, at));
  write(bytes, at, scratch);
  return scratch.view();
}
