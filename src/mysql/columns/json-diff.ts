import { RowcastError } from '../../core/errors.ts';
import { expand, findKey, readNode, writeNode, type JsonNode } from './json-tree.ts';

/** Operations (MySQL `json_diff.h`). */
const REPLACE = 0;
const INSERT = 1;
const REMOVE = 2;

/** A step of a path: a member's name in UTF-8, or the index of an array's cell. */
type Leg = Buffer | number;

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

/** Expanded nodes stay in the tree, so that a further change of the same value finds it expanded. */
function change(root: JsonNode, legs: readonly Leg[], { operation, value }: Change): JsonNode {
  const last = legs.at(-1);
  if (last === undefined) {
    if (operation !== REPLACE || value === null) throw damagedDiff('the document itself can only be replaced');
    return value;
  }
  const top = expand(root);
  let parent = top;
  for (const leg of legs.slice(0, -1)) parent = child(parent, leg);
  if (operation === REMOVE) remove(parent, last);
  else if (value === null || (operation !== REPLACE && operation !== INSERT)) throw damagedDiff(`operation ${operation} is not known`);
  else if (operation === REPLACE) containerOf(parent, last).values[placeOf(parent, last)] = value;
  else insert(parent, last, value);
  return top;
}

function child(parent: JsonNode, leg: Leg): JsonNode {
  const container = containerOf(parent, leg);
  const place = placeOf(parent, leg);
  const node = expand(container.values[place] as JsonNode);
  container.values[place] = node;
  return node;
}

function containerOf(node: JsonNode, leg: Leg): Extract<JsonNode, { keys: unknown }> {
  if (!('keys' in node) || (typeof leg === 'number') !== (node.keys === null)) throw damagedDiff('a path leads into what is no such container');
  return node;
}

/** Where the member or cell is, which must be there. */
function placeOf(parent: JsonNode, leg: Leg): number {
  const { keys, values } = containerOf(parent, leg);
  const place = typeof leg === 'number' ? leg : findKey(keys ?? [], leg);
  if (place < 0 || place >= values.length) throw damagedDiff('a path leads to nothing');
  return place;
}

/** A new member, or a new cell before the one that is there, after the last one where there is none. */
function insert(parent: JsonNode, leg: Leg, value: JsonNode): void {
  const { keys, values } = containerOf(parent, leg);
  if (typeof leg === 'number') {
    values.splice(leg, 0, value);
    return;
  }
  const place = findKey(keys ?? [], leg);
  if (place >= 0) throw damagedDiff('a member is added that is there');
  keys?.splice(-place - 1, 0, leg);
  values.splice(-place - 1, 0, value);
}

function remove(parent: JsonNode, leg: Leg): void {
  const { keys, values } = containerOf(parent, leg);
  const place = placeOf(parent, leg);
  keys?.splice(place, 1);
  values.splice(place, 1);
}

/** `$`, then `.name`, `."name"` (as a JSON string) and `[index]`, as the server writes them. */
function parsePath(text: string): Leg[] {
  const legs: Leg[] = [];
  let at = 1;
  while (at < text.length) {
    LEG.lastIndex = at;
    const [all, quoted, name, index] = LEG.exec(text) ?? [];
    if (all === undefined) break;
    legs.push(index !== undefined ? Number(index) : Buffer.from(quoted === undefined ? (name ?? '') : unquoted(quoted)));
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

const LEG = /\.("(?:[^"\\]|\\.)*")|\.([^."[\s]+)|\[(\d+)\]/suy;

function damagedDiff(what: string, cause?: unknown): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a partial update of a JSON column does not fit its document: ${what}`, { cause });
}
