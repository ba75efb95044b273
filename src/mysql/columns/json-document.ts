import { ByteWriter } from '../../core/byte-writer.ts';
import { Constant } from '../../core/constant.ts';
import { RowcastError } from '../../core/errors.ts';
import { JSON_FALSE, JSON_NULL, JSON_TRUE, writeEscaped } from '../../core/json-text.ts';
import { fill } from '../../core/projection.ts';
import type { DecimalShape } from './decimal-text.ts';
import { decimalShape, writeDecimal } from './decimal-text.ts';
import { float64le, int32le, uint16le, uint32le } from './fixed-width.ts';
import { writeInt64, writeUint64 } from './int64.ts';
import type { JsonDialect } from './json-dialect.ts';
import type { KnownKeys } from './json-keys.ts';
import { knownKeys } from './json-keys.ts';
import { JsonTokens } from './json-tokens.ts';

/** Value types of MySQL's binary JSON (`json_binary.h`). */
const SMALL_OBJECT = 0;
const LARGE_OBJECT = 1;
/** The last of the containers: 2 and 3 are arrays. */
const LARGE_ARRAY = 3;
const LITERAL = 4;
const INT16 = 5;
const UINT16 = 6;
const INT32 = 7;
const UINT32 = 8;
const INT64 = 9;
const UINT64 = 10;
const DOUBLE = 11;
const STRING = 12;
const OPAQUE = 15;

const TYPE_TIMESTAMP = 7;
const TYPE_DATE = 10;
const TYPE_DATETIME = 12;
const TYPE_NEWDECIMAL = 246;
/** The server refuses documents that are nested deeper. */
const MAX_DEPTH = 100;
const MAX_PRECISION = 81;
const MAX_LENGTH_BYTES = 5;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Prints documents of MySQL's binary JSON. Nothing outside a document is read, and a damaged one ends with
 * ROW_UNREADABLE: entries point only forward and inside their container, nesting is bounded, and all containers together
 * may not have more entries than the document has room for, so that entries that share a value cannot multiply.
 */
export class JsonPrinter {
  readonly #dialect: JsonDialect;
  readonly #nested: boolean;
  readonly #tokens: JsonTokens;
  readonly #known: KnownKeys;
  readonly #scratch = new ByteWriter(256);
  #bytes: Buffer = Buffer.alloc(0);
  #out: ByteWriter = new ByteWriter(0);
  /** Bytes of container headers that may still be read. */
  #room = 0;

  /** @param nested whether documents are printed as the inside of a JSON string */
  constructor(dialect: JsonDialect, nested: boolean) {
    this.#dialect = dialect;
    this.#nested = nested;
    this.#tokens = new JsonTokens(nested, dialect.spaced);
    this.#known = knownKeys(nested, dialect.spaced);
  }

  /** Prints bytes[from, to); an empty document is `null`. @throws RowcastError ROW_UNREADABLE */
  print(bytes: Buffer, from: number, to: number, out: ByteWriter): void {
    if (from === to) {
      out.constant(NULL);
      return;
    }
    // Most documents lie where the one before lay, and to keep a reference costs more than to compare one.
    if (this.#bytes !== bytes) this.#bytes = bytes;
    if (this.#out !== out) this.#out = out;
    this.#room = to - from;
    this.#value(bytes[from] as number, from + 1, to, 1);
  }

  #value(type: number, at: number, limit: number, depth: number): void {
    if (type <= LARGE_ARRAY) this.#container(type, at, limit, depth);
    else if (type === STRING) this.#string(at, limit);
    else if (type === OPAQUE) this.#opaque(at, limit);
    else this.#scalar(type, at, limit);
  }

  /** Layout: count, size, then for objects (key offset, key length) each, then (type, offset or value) each; keys and values. */
  #container(type: number, at: number, limit: number, depth: number): void {
    const bytes = this.#bytes;
    const out = this.#out;
    const large = type === LARGE_OBJECT || type === LARGE_ARRAY;
    const object = type === SMALL_OBJECT || type === LARGE_OBJECT;
    const width = large ? 4 : 2;
    if (depth > MAX_DEPTH || at + 2 * width > limit) throw damaged('a container that is cut off or nested too deep');
    const count = uintOf(bytes, at, large);
    const end = at + uintOf(bytes, at + width, large);
    const entries = at + 2 * width + (object ? count * (width + 2) : 0);
    const header = entries + count * (width + 1);
    this.#room -= header - at;
    if (end > limit || header > end || this.#room < 0) throw damaged('a container that is larger than its place');
    const known = type === SMALL_OBJECT && count > 0 ? this.#known.leads(bytes, at, count, end) : null;
    if (known === null) out.byte(object ? OPEN_OBJECT : OPEN_ARRAY);
    for (let i = 0, entry = entries; i < count; i++, entry += width + 1) {
      if (known !== null) {
        out.constant(known[i] as Constant);
      } else {
        if (i > 0) this.#tokens.separator(COMMA, out);
        if (object) this.#key(at, at + 2 * width + i * (width + 2), large, end);
      }
      const kind = bytes[entry] as number;
      if (kind === LITERAL || kind === INT16 || kind === UINT16 || (large && (kind === INT32 || kind === UINT32))) {
        this.#number(kind, entry + 1);
        continue;
      }
      const start = at + uintOf(bytes, entry + 1, large);
      if (start < header || start >= end) throw damaged('a value outside its container');
      this.#value(kind, start, end, depth + 1);
    }
    out.byte(object ? CLOSE_OBJECT : CLOSE_ARRAY);
  }

  /** The key whose entry is at `entry`, with what separates it from its value. */
  #key(object: number, entry: number, large: boolean, end: number): void {
    const bytes = this.#bytes;
    const from = object + uintOf(bytes, entry, large);
    const to = from + uint16le(bytes, entry + (large ? 4 : 2));
    if (to > end) throw damaged('a key outside its object');
    this.#quoted(from, to);
    this.#tokens.separator(COLON, this.#out);
  }

  #scalar(type: number, at: number, limit: number): void {
    if (at + widthOf(type) > limit) throw damaged('a value that is cut off');
    const bytes = this.#bytes;
    if (type === INT64) writeInt64(int32le(bytes, at + 4), int32le(bytes, at), this.#out);
    else if (type === UINT64) writeUint64(uint32le(bytes, at + 4), uint32le(bytes, at), this.#out);
    else if (type === DOUBLE) this.#dialect.double(float64le(bytes, at), this.#out);
    else this.#number(type, at);
  }

  /** What an entry may hold itself: a literal or an integer of up to 32 bits. */
  #number(type: number, at: number): void {
    const bytes = this.#bytes;
    const out = this.#out;
    if (type === INT16) out.integer((uint16le(bytes, at) << 16) >> 16);
    else if (type === UINT16) out.integer(uint16le(bytes, at));
    else if (type === LITERAL) writeLiteral(bytes[at] as number, out);
    else if (type === INT32) out.integer(int32le(bytes, at));
    else out.integer(uint32le(bytes, at));
  }

  #string(at: number, limit: number): void {
    const first = at < limit ? (this.#bytes[at] as number) : 0x80;
    const start = first < 0x80 ? at + 1 : dataStart(this.#bytes, at, limit);
    const stop = start + (first < 0x80 ? first : dataLength(this.#bytes, at));
    if (stop > limit) throw damaged('a string that is cut off');
    this.#quoted(start, stop);
  }

  #quoted(from: number, to: number): void {
    if (!this.#tokens.string(this.#bytes, from, to, this.#out)) throw damaged('text that is no valid UTF-8');
  }

  /** A type code of MySQL, a length and the value in that type's own form. */
  #opaque(at: number, limit: number): void {
    const bytes = this.#bytes;
    const start = dataStart(bytes, at + 1, limit);
    const stop = start + dataLength(bytes, at + 1);
    if (stop > limit) throw damaged('an opaque value that is cut off');
    const type = bytes[at] as number;
    if (type === TYPE_NEWDECIMAL) {
      this.#decimal(start, stop);
      return;
    }
    const temporal = (type >= TYPE_DATE && type <= TYPE_DATETIME) || type === TYPE_TIMESTAMP;
    if (temporal && stop - start < 8) throw damaged('a date or time that is cut off');
    this.#escaped((out) => {
      if (temporal) this.#dialect.temporal(type, bytes, start, out);
      else this.#dialect.opaque(type, bytes, { from: start, to: stop }, out);
    });
  }

  /** Text with quotes, which the dialect prints. */
  #escaped(print: (out: ByteWriter) => void): void {
    if (!this.#nested) {
      print(this.#out);
      return;
    }
    const scratch = this.#scratch;
    fill(scratch, (inner) => {
      print(inner);
      return inner.at;
    });
    writeEscaped(scratch.bytes, 0, scratch.at, this.#out);
  }

  /** Precision and scale, a byte each, then as in a DECIMAL column. */
  #decimal(from: number, to: number): void {
    const precision = this.#bytes[from] as number;
    const scale = this.#bytes[from + 1] as number;
    if (to - from < 2 || precision === 0 || precision > MAX_PRECISION || scale > precision) throw damaged('a decimal of an impossible size');
    const shape = shapeOf(precision, scale);
    if (to - from < 2 + shape.width) throw damaged('a decimal that is cut off');
    writeDecimal(this.#bytes, from + 2, shape, this.#out);
  }
}

function uintOf(bytes: Buffer, at: number, large: boolean): number {
  return large ? uint32le(bytes, at) : uint16le(bytes, at);
}

const TRUE = new Constant(JSON_TRUE);
const FALSE = new Constant(JSON_FALSE);
const NULL = new Constant(JSON_NULL);

function writeLiteral(value: number, out: ByteWriter): void {
  if (value === 1) out.constant(TRUE);
  else if (value === 2) out.constant(FALSE);
  else if (value === 0) out.constant(NULL);
  else throw damaged('an unknown literal');
}

function widthOf(type: number): number {
  if (type === LITERAL) return 1;
  if (type === INT16 || type === UINT16) return 2;
  if (type === INT32 || type === UINT32) return 4;
  if (type === INT64 || type === UINT64 || type === DOUBLE) return 8;
  throw damaged(`a value of the unknown type ${type}`);
}

/** Lengths of strings and opaque values: seven bits a byte, lowest first, the high bit set on all but the last. */
function dataStart(bytes: Buffer, at: number, limit: number): number {
  for (let i = 0; i < MAX_LENGTH_BYTES && at + i < limit; i++) {
    if ((bytes[at + i] as number) < 0x80) return at + i + 1;
  }
  throw damaged('a length that is cut off');
}

function dataLength(bytes: Buffer, at: number): number {
  let length = 0;
  for (let i = 0, unit = 1; i < MAX_LENGTH_BYTES; i++, unit *= 128) {
    const byte = bytes[at + i] as number;
    length += (byte & 0x7f) * unit;
    if (byte < 0x80) break;
  }
  return length;
}

const shapes = new Map<number, DecimalShape>();

function shapeOf(precision: number, scale: number): DecimalShape {
  const key = precision * 256 + scale;
  const known = shapes.get(key) ?? decimalShape(precision, scale);
  shapes.set(key, known);
  return known;
}

function damaged(what: string): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a JSON column holds a damaged document: ${what}`);
}
