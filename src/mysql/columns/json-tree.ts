import { RowcastError } from '../../core/errors.ts';
import { uint16le, uint32le } from './fixed-width.ts';

/** Value types of MySQL's binary JSON (`json_binary.h`). */
const SMALL_OBJECT = 0;
const LARGE_OBJECT = 1;
const SMALL_ARRAY = 2;
const LARGE_ARRAY = 3;
const LITERAL = 4;
const INT16 = 5;
const UINT16 = 6;
const INT32 = 7;
const UINT32 = 8;
const STRING = 12;
const OPAQUE = 15;
const WIDTHS = new Map([[LITERAL, 1], [INT16, 2], [UINT16, 2], [INT32, 4], [UINT32, 4], [9, 8], [10, 8], [11, 8]]);
const MAX_DEPTH = 100;
const MAX_LENGTH_BYTES = 5;
const SMALL_LIMIT = 0xffff;

/** A value as it stands in a document: its type and its bytes, which mean the same wherever they are put. */
export interface RawNode {
  readonly type: number;
  readonly bytes: Buffer;
}

/** An object, its keys in the order of the binary form (by length, then by bytes). */
export interface ObjectNode {
  readonly keys: Buffer[];
  readonly values: JsonNode[];
}

export interface ArrayNode {
  readonly keys: null;
  readonly values: JsonNode[];
}

/** A document in part: what nobody has changed stays as its bytes. */
export type JsonNode = RawNode | ObjectNode | ArrayNode;

/** A whole document, `bytes[from, to)`; empty: the null literal. @throws RowcastError ROW_UNREADABLE */
export function readNode(bytes: Buffer, from: number, to: number): JsonNode {
  if (from === to) return { type: LITERAL, bytes: Buffer.from([0]) };
  return valueAt(bytes, from + 1, { type: bytes[from] as number, limit: to });
}

/** The container that a raw node is, its values raw; a scalar as it is. @throws RowcastError ROW_UNREADABLE */
export function expand(node: JsonNode): JsonNode {
  if ('keys' in node || node.type > LARGE_ARRAY) return node;
  const { bytes, type } = node;
  const large = type === LARGE_OBJECT || type === LARGE_ARRAY;
  const object = type === SMALL_OBJECT || type === LARGE_OBJECT;
  const width = large ? 4 : 2;
  const count = uintOf(bytes, 0, large);
  const header = 2 * width + count * (width + 1 + (object ? width + 2 : 0));
  if (header > bytes.length) throw damaged('a container that is larger than its place');
  const keys: Buffer[] = [];
  const values: JsonNode[] = [];
  let key = 2 * width;
  let entry = key + (object ? count * (width + 2) : 0);
  for (let i = 0; i < count; i++, entry += width + 1) {
    if (object) {
      keys.push(within(bytes, uintOf(bytes, key, large), uint16le(bytes, key + width)));
      key += width + 2;
    }
    values.push(entryAt(bytes, entry, { large, header }));
  }
  return object ? { keys, values } : { keys: null, values };
}

/** A value of which an entry of a container tells. */
function entryAt(bytes: Buffer, entry: number, { large, header }: { readonly large: boolean; readonly header: number }): RawNode {
  const type = bytes[entry] as number;
  if (isInline(type, large)) return valueAt(bytes, entry + 1, { type, limit: header });
  const at = uintOf(bytes, entry + 1, large);
  if (at < header) throw damaged('a value outside its container');
  return valueAt(bytes, at, { type, limit: bytes.length });
}

function isInline(type: number, large: boolean): boolean {
  return type === LITERAL || type === INT16 || type === UINT16 || (large && (type === INT32 || type === UINT32));
}

function valueAt(bytes: Buffer, at: number, { type, limit }: { readonly type: number; readonly limit: number }): RawNode {
  const length = lengthOf(bytes, at, { type, limit });
  if (at + length > limit) throw damaged('a value that is cut off');
  return { type, bytes: bytes.subarray(at, at + length) };
}

function lengthOf(bytes: Buffer, at: number, { type, limit }: { readonly type: number; readonly limit: number }): number {
  const fixed = WIDTHS.get(type);
  if (fixed !== undefined) return fixed;
  if (type <= LARGE_ARRAY) {
    const large = type === LARGE_OBJECT || type === LARGE_ARRAY;
    const width = large ? 4 : 2;
    const length = at + 2 * width > limit ? 0 : uintOf(bytes, at + width, large);
    if (length < 2 * width) throw damaged('a container that is cut off');
    return length;
  }
  if (type === STRING) return dataLength(bytes, at, limit);
  if (type === OPAQUE) return 1 + dataLength(bytes, at + 1, limit);
  throw damaged(`a value of the unknown type ${type}`);
}

/** The length and the data after it: seven bits a byte, lowest first, the high bit set on all but the last. */
function dataLength(bytes: Buffer, at: number, limit: number): number {
  let length = 0;
  for (let i = 0, unit = 1; i < MAX_LENGTH_BYTES && at + i < limit; i++, unit *= 128) {
    const byte = bytes[at + i] as number;
    length += (byte & 0x7f) * unit;
    if (byte < 0x80) return i + 1 + length;
  }
  throw damaged('a length that is cut off');
}

function within(bytes: Buffer, from: number, length: number): Buffer {
  if (from + length > bytes.length) throw damaged('a key outside its object');
  return bytes.subarray(from, from + length);
}

function uintOf(bytes: Buffer, at: number, large: boolean): number {
  return large ? uint32le(bytes, at) : uint16le(bytes, at);
}

/** How a container is written: with offsets of two bytes where they suffice, as the server does it. */
interface Layout {
  readonly type: number;
  readonly large: boolean;
  readonly size: number;
  readonly children: readonly (Layout | RawNode)[];
  readonly keys: readonly Buffer[] | null;
}

/**
 * The document in MySQL's binary form.
 * @param limit bytes that it may have: values that share bytes in a damaged document could otherwise grow without end
 * @throws RowcastError ROW_UNREADABLE
 */
export function writeNode(node: JsonNode, limit: number): Buffer {
  const layout = layoutOf(node, 1, limit);
  const out = Buffer.allocUnsafe(1 + sizeOf(layout));
  out[0] = layout.type;
  write(layout, out, 1);
  return out;
}

function layoutOf(node: JsonNode, depth: number, limit: number): Layout | RawNode {
  if (!('keys' in node)) return node;
  if (depth > MAX_DEPTH) throw damaged('a document that is nested too deep');
  const children = node.values.map((value) => layoutOf(value, depth + 1, limit));
  const { keys } = node;
  const small = containerSize(children, keys, false);
  const large = small > SMALL_LIMIT || children.length > SMALL_LIMIT;
  const size = large ? containerSize(children, keys, true) : small;
  if (size > limit) throw damaged('a document that is larger than all it was made of');
  return { type: (keys === null ? SMALL_ARRAY : SMALL_OBJECT) + (large ? 1 : 0), large, size, children, keys };
}

function containerSize(children: readonly (Layout | RawNode)[], keys: readonly Buffer[] | null, large: boolean): number {
  const width = large ? 4 : 2;
  let size = 2 * width + children.length * (width + 1);
  for (const key of keys ?? []) size += width + 2 + key.length;
  for (const child of children) if (!isInline(child.type, large)) size += sizeOf(child);
  return size;
}

function sizeOf(node: Layout | RawNode): number {
  return 'size' in node ? node.size : node.bytes.length;
}

function write(node: Layout | RawNode, out: Buffer, at: number): void {
  if ('size' in node) writeContainer(node, out, at);
  else node.bytes.copy(out, at);
}

/** Layout: count, size, then for objects (key offset, key length) each, then (type, offset or value) each; keys and values. */
function writeContainer({ children, keys, large, size }: Layout, out: Buffer, at: number): void {
  const width = large ? 4 : 2;
  out.writeUIntLE(children.length, at, width);
  out.writeUIntLE(size, at + width, width);
  let head = at + 2 * width;
  let data = head + children.length * (width + 1) + (keys === null ? 0 : children.length * (width + 2));
  for (const key of keys ?? []) {
    out.writeUIntLE(data - at, head, width);
    out.writeUInt16LE(key.length, head + width);
    head += width + 2;
    data += key.copy(out, data);
  }
  for (const child of children) {
    out[head] = child.type;
    if (isInline(child.type, large)) {
      out.fill(0, head + 1, head + 1 + width);
      write(child, out, head + 1);
    } else {
      out.writeUIntLE(data - at, head + 1, width);
      write(child, out, data);
      data += sizeOf(child);
    }
    head += width + 1;
  }
}

/** The key's place in an object: where it is, or, negative and one less, where it belongs. */
export function findKey(keys: readonly Buffer[], key: Buffer): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = keys[middle] as Buffer;
    const order = other.length === key.length ? other.compare(key) : other.length - key.length;
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -low - 1;
}

export function damaged(what: string): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a JSON column holds a damaged document: ${what}`);
}
