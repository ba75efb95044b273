import { RowcastError } from '../../core/errors.ts';
import { expand, findKey, readNode, writeNode, type JsonNode } from './json-tree.ts';

/** Operations (MySQL `json_diff.h`). */
const REPLACE = 0;
const INSERT = 1;
const REMOVE = 2;

/** A cell of an array, counted from its beginning, or from its end (0: the last one). */
interface Cell {
  readonly index: number;
  readonly fromEnd: boolean;
}

/** A step of a path: a member's name in UTF-8, or a cell. */
type Leg = Buffer | Cell;

/** Room for the header of a document that changes from two-byte to four-byte offsets: at most doubled, and a little. */
const SPARE = 64;

/**
 * Applies the changes that a PARTIAL_UPDATE_ROWS event has of a document, and gives the document
 * that results. `diffs`, one after the other: 1 operation (replace, insert, remove) · packed length and text of a path ·
 * but for remove packed length and binary form of a value (MySQL `json_diff.cc`).
 * @throws RowcastError ROW_UNREADABLE where a change does not fit the document
 */
export function applyDiffs(document: Buffer, diffs: Buffer): Buffer {
  let root = readNode(document, 0, document.length);
  for (let at = 0; at < diffs.length; ) {
    const operation = diffs[at] as number;
    const path = chunkAt(diffs, at + 1);
    const value = operation === REMOVE ? null : chunkAt(diffs, path.end);
    const legs = parsePath(path.bytes.toString('utf8'));
    root = change(root, legs, { operation, value: value === null ? null : readNode(value.bytes, 0, value.bytes.length) });
    at = (value ?? path).end;
  }
  return writeNode(root, 2 * (document.length + diffs.length) + SPARE);
}

/** A packed length and as many bytes. */
function chunkAt(bytes: Buffer, at: number): { readonly bytes: Buffer; readonly end: number } {
  const first = at < bytes.length ? (bytes[at] as number) : 255;
  const width = first < 251 ? 0 : first === 252 ? 2 : first === 253 ? 3 : first === 254 ? 8 : -1;
  const start = at + 1 + width;
  if (width < 0 || start > bytes.length) throw damagedDiff('a length is cut off');
  const length = width === 0 ? first : width === 8 ? Number(bytes.readBigUInt64LE(at + 1)) : bytes.readUIntLE(at + 1, width);
  if (length > bytes.length - start) throw damagedDiff('a path or value is cut off');
  return { bytes: bytes.subarray(start, start + length), end: start + length };
}

interface Change {
  readonly operation: number;
  readonly value: JsonNode | null;
}

/** Where a value is: the container that holds it, and its place there. The document itself is the only cell of an array of one. */
interface Slot {
  readonly container: Container;
  readonly place: number;
}

type Container = Extract<JsonNode, { keys: unknown }>;

function change(root: JsonNode, legs: readonly Leg[], { operation, value }: Change): JsonNode {
  const holder: Container = { keys: null, values: [root] };
  let slot: Slot = { container: holder, place: 0 };
  if (operation === REPLACE && value !== null) {
    for (const leg of legs) slot = step(slot, leg);
    slot.container.values[slot.place] = value;
    return holder.values[0] as JsonNode;
  }
  const last = legs.at(-1);
  if (last === undefined) throw damagedDiff('the document itself can only be replaced');
  for (const leg of legs.slice(0, -1)) slot = step(slot, leg);
  const parent = containerIn(slot, last);
  if (operation === INSERT && value !== null) insert(parent, last, value);
  else if (operation === REMOVE) remove(parent, last);
  else throw damagedDiff(`operation ${operation} is not known`);
  return holder.values[0] as JsonNode;
}

/** The member or cell of the value in `slot`, which must be there. What is no array is the only cell of one, as in the server. */
function step(slot: Slot, leg: Leg): Slot {
  const node = expanded(slot);
  if (!(Buffer.isBuffer(leg)) && (!('keys' in node) || node.keys !== null)) {
    if (leg.index !== 0) throw damagedDiff('a path leads to nothing');
    return slot;
  }
  const container = containerIn(slot, leg);
  return { container, place: placeOf(container, leg) };
}

/** Expanded nodes stay in the tree, so that a further change of the same value finds it expanded. */
function expanded({ container, place }: Slot): JsonNode {
  const node = expand(container.values[place] as JsonNode);
  container.values[place] = node;
  return node;
}

function containerIn(slot: Slot, leg: Leg): Container {
  const node = expanded(slot);
  if (!('keys' in node) || (Buffer.isBuffer(leg)) === (node.keys === null)) throw damagedDiff('a path leads into what is no such container');
  return node;
}

function placeOf({ keys, values }: Container, leg: Leg): number {
  const place = Buffer.isBuffer(leg) ? findKey(keys ?? [], leg) : cellOf(leg, values.length);
  if (place < 0 || place >= values.length) throw damagedDiff('a path leads to nothing');
  return place;
}

function cellOf({ index, fromEnd }: Cell, length: number): number {
  return fromEnd ? length - 1 - index : index;
}

/** A new member, or a new cell before the one that is there; at the end of the array, or its beginning, where there is none. */
function insert({ keys, values }: Container, leg: Leg, value: JsonNode): void {
  if (!(Buffer.isBuffer(leg))) {
    values.splice(Math.max(0, cellOf(leg, values.length)), 0, value);
    return;
  }
  const place = findKey(keys ?? [], leg);
  if (place >= 0) throw damagedDiff('a member is added that is there');
  keys?.splice(-place - 1, 0, leg);
  values.splice(-place - 1, 0, value);
}

function remove(parent: Container, leg: Leg): void {
  const place = placeOf(parent, leg);
  parent.keys?.splice(place, 1);
  parent.values.splice(place, 1);
}

/** `$`, then `.name`, `."name"` (as a JSON string), `[index]`, `[last]` and `[last-index]`, as the server writes them. */
function parsePath(text: string): Leg[] {
  const legs: Leg[] = [];
  let at = 1;
  while (at < text.length) {
    LEG.lastIndex = at;
    const [all, quoted, name, index, last] = LEG.exec(text) ?? [];
    if (all === undefined) break;
    if (index !== undefined || last !== undefined) legs.push({ index: Number(index ?? (last?.slice(1) || 0)), fromEnd: last !== undefined });
    else legs.push(Buffer.from(quoted === undefined ? (name ?? '') : unquoted(quoted)));
    at += all.length;
  }
  if (!text.startsWith('$') || at !== text.length) throw damagedDiff('a path cannot be read');
  return legs;
}

function unquoted(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    throw damagedDiff('a name in a path cannot be read', cause);
  }
}

const LEG = /\.("(?:[^"\\]|\\.)*")|\.([^."[\s]+)|\[(\d+)\]|\[last(-\d+|)\]/suy;

function damagedDiff(what: string, cause?: unknown): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a partial update of a JSON column does not fit its document: ${what}`, { cause });
}
