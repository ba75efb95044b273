/** Walks JSON as bytes, without making values of it. What is read must be JSON in UTF-8; what is not ends with `Malformed`. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
/** The largest of the four bytes that are blank between the parts of a document. */
const BLANK = 0x20;

/** Bytes that are no message of the format. */
export class Malformed extends Error {}

/** A part of some bytes: one JSON value. */
export interface Span {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Told of each member of an object: its name with the quotes around it, and its value, by offsets. */
export type MemberVisitor = (nameFrom: number, nameTo: number, valueFrom: number, valueTo: number) => void;

/** Where the next byte is that is no blank. */
export function skipBlank(bytes: Buffer, at: number): number {
  let next = at;
  while ((bytes[next] as number) <= BLANK) next++;
  return next;
}

/** Where the value that starts at `at` ends. @throws Malformed */
export function skipValue(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return skipContainer(bytes, at);
  let next = at;
  while (next < bytes.length && isScalar(bytes[next] as number)) next++;
  if (next === at) throw new Malformed(`no value at ${String(at)}`);
  return next;
}

/** Visits the members of the object that starts at `at`; the answer is where it ends. @throws Malformed */
export function eachMember(bytes: Buffer, at: number, visit: MemberVisitor): number {
  if (bytes[at] !== OPEN_OBJECT) throw new Malformed(`no object at ${String(at)}`);
  let next = skipBlank(bytes, at + 1);
  if (bytes[next] === CLOSE_OBJECT) return next + 1;
  for (;;) {
    const nameTo = skipString(bytes, next);
    const colon = skipBlank(bytes, nameTo);
    if (bytes[colon] !== COLON) throw new Malformed(`no colon at ${String(colon)}`);
    const valueFrom = skipBlank(bytes, colon + 1);
    const valueTo = skipValue(bytes, valueFrom);
    visit(next, nameTo, valueFrom, valueTo);
    next = skipBlank(bytes, valueTo);
    if (bytes[next] === CLOSE_OBJECT) return next + 1;
    if (bytes[next] !== COMMA) throw new Malformed(`no comma at ${String(next)}`);
    next = skipBlank(bytes, next + 1);
  }
}

/** The values of the array that starts at `at`. @throws Malformed */
export function elements(bytes: Buffer, at: number): Span[] {
  if (bytes[at] !== OPEN_ARRAY) throw new Malformed(`no array at ${String(at)}`);
  const found: Span[] = [];
  let next = skipBlank(bytes, at + 1);
  if (bytes[next] === CLOSE_ARRAY) return found;
  for (;;) {
    const to = skipValue(bytes, next);
    found.push({ bytes, from: next, to });
    next = skipBlank(bytes, to);
    if (bytes[next] === CLOSE_ARRAY) return found;
    if (bytes[next] !== COMMA) throw new Malformed(`no comma at ${String(next)}`);
    next = skipBlank(bytes, next + 1);
  }
}

/** True where the value is an object. */
export function isObject({ bytes, from }: Span): boolean {
  return bytes[from] === OPEN_OBJECT;
}

/** The text of a span. */
export function textOf({ bytes, from, to }: Span): string {
  return bytes.toString('utf8', from, to);
}

function skipString(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) throw new Malformed(`no string at ${String(at)}`);
  for (let next = at + 1; next < bytes.length; next++) {
    const byte = bytes[next];
    if (byte === BACKSLASH) next++;
    else if (byte === QUOTE) return next + 1;
  }
  throw new Malformed(`a string that does not end at ${String(at)}`);
}

function skipContainer(bytes: Buffer, at: number): number {
  let depth = 0;
  for (let next = at; next < bytes.length; ) {
    const byte = bytes[next] as number;
    if (byte === QUOTE) {
      next = skipString(bytes, next);
      continue;
    }
    next++;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) return next;
  }
  throw new Malformed(`a container that does not end at ${String(at)}`);
}

function isScalar(byte: number): boolean {
  return byte > BLANK && byte !== COMMA && byte !== CLOSE_OBJECT && byte !== CLOSE_ARRAY && byte !== COLON && byte !== QUOTE;
}
