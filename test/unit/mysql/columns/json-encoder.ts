/** Writes MySQL's binary JSON, independent of the code under test. */

export type Node =
  | null
  | boolean
  | string
  | readonly Node[]
  | { readonly object: readonly (readonly [string, Node])[] }
  | { readonly int16: number }
  | { readonly uint16: number }
  | { readonly int32: number }
  | { readonly uint32: number }
  | { readonly int64: bigint }
  | { readonly uint64: bigint }
  | { readonly double: number }
  | { readonly opaque: number; readonly bytes: Buffer };

interface Encoded {
  readonly type: number;
  readonly body: Buffer;
}

/** A whole document; `large` uses the form with four-byte offsets for all containers. */
export function encodeDocument(node: Node, large = false): Buffer {
  const { type, body } = encode(node, large);
  return Buffer.concat([Buffer.of(type), body]);
}

function encode(node: Node, large: boolean): Encoded {
  if (node === null) return { type: 4, body: Buffer.of(0) };
  if (typeof node === 'boolean') return { type: 4, body: Buffer.of(node ? 1 : 2) };
  if (typeof node === 'string') return { type: 12, body: Buffer.concat([lengthOf(Buffer.byteLength(node)), Buffer.from(node)]) };
  if (isList(node)) return container(node.map((value) => ['', value] as const), large, false);
  if ('object' in node) return container(node.object, large, true);
  if ('opaque' in node) return { type: 15, body: Buffer.concat([Buffer.of(node.opaque), lengthOf(node.bytes.length), node.bytes]) };
  return number(node);
}

function isList(node: object): node is readonly Node[] {
  return Array.isArray(node);
}

function number(node: Extract<Node, { int16: number } | { uint16: number } | { int32: number } | { uint32: number } | { int64: bigint } | { uint64: bigint } | { double: number }>): Encoded {
  const body = Buffer.alloc(8);
  if ('int16' in node) return { type: 5, body: body.subarray(0, body.writeInt16LE(node.int16)) };
  if ('uint16' in node) return { type: 6, body: body.subarray(0, body.writeUInt16LE(node.uint16)) };
  if ('int32' in node) return { type: 7, body: body.subarray(0, body.writeInt32LE(node.int32)) };
  if ('uint32' in node) return { type: 8, body: body.subarray(0, body.writeUInt32LE(node.uint32)) };
  if ('int64' in node) return { type: 9, body: body.subarray(0, body.writeBigInt64LE(node.int64)) };
  if ('uint64' in node) return { type: 10, body: body.subarray(0, body.writeBigUInt64LE(node.uint64)) };
  return { type: 11, body: body.subarray(0, body.writeDoubleLE(node.double)) };
}

function container(entries: readonly (readonly [string, Node])[], large: boolean, object: boolean): Encoded {
  const width = large ? 4 : 2;
  const keys = object ? entries.map(([key]) => Buffer.from(key)) : [];
  const values = entries.map(([, value]) => encode(value, large));
  const header = 2 * width + keys.length * (width + 2) + values.length * (width + 1);
  const heads: Buffer[] = [];
  const tails: Buffer[] = [...keys];
  let offset = header;
  for (const key of keys) {
    heads.push(uint(offset, width), uint(key.length, 2));
    offset += key.length;
  }
  for (const { type, body } of values) {
    if (type === 4 || type === 5 || type === 6 || (large && (type === 7 || type === 8))) {
      heads.push(Buffer.of(type), Buffer.concat([body, Buffer.alloc(width)]).subarray(0, width));
      continue;
    }
    heads.push(Buffer.of(type), uint(offset, width));
    tails.push(body);
    offset += body.length;
  }
  return { type: (object ? 0 : 2) + (large ? 1 : 0), body: Buffer.concat([uint(entries.length, width), uint(offset, width), ...heads, ...tails]) };
}

function uint(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntLE(value, 0, width);
  return bytes;
}

function lengthOf(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>= 7;
  }
  return Buffer.from([...bytes, rest]);
}
