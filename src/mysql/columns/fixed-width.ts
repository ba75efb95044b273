import type { ColumnCodec } from '../../core/table.ts';

/** Little-endian and big-endian integers of a row image, read by index: no allocation, no checks (the image's end is checked once). */

export function uint16le(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

export function uint24le(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
}

export function int32le(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

export function uint32le(bytes: Uint8Array, at: number): number {
  return int32le(bytes, at) >>> 0;
}

export function uint24be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

export function uint32be(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) | uint24be(bytes, at + 1)) >>> 0;
}

/** A big-endian number of `count` bytes, 0 to 6; 0 for none. */
export function uintBe(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 256 + (bytes[at + i] as number);
  return value;
}

/** A little-endian number of `count` bytes, 1 to 4: the length prefix of strings and blobs. */
export function lengthPrefix(bytes: Uint8Array, at: number, count: number): number {
  if (count === 1) return bytes[at] as number;
  if (count === 2) return uint16le(bytes, at);
  return count === 3 ? uint24le(bytes, at) : uint32le(bytes, at);
}

const scratch = new DataView(new ArrayBuffer(8));

export function float32le(bytes: Uint8Array, at: number): number {
  scratch.setInt32(0, int32le(bytes, at), true);
  return scratch.getFloat32(0, true);
}

export function float64le(bytes: Uint8Array, at: number): number {
  scratch.setInt32(0, int32le(bytes, at), true);
  scratch.setInt32(4, int32le(bytes, at + 4), true);
  return scratch.getFloat64(0, true);
}

/** What a codec says of values that all have `width` bytes. */
export function fixedWidth(width: number): Pick<ColumnCodec, 'width' | 'skip'> {
  return { width, skip: (_bytes, at) => at + width };
}
