let viewed: Uint8Array | null = null;
let view: DataView = new DataView(new ArrayBuffer(0));

/** The bytes of an event by words. The last is kept: its values come one after another, and a view takes long to make. */
export function viewOf(source: Uint8Array): DataView {
  if (source !== viewed) {
    viewed = source;
    view = new DataView(source.buffer, source.byteOffset, source.length);
  }
  return view;
}

/** How many bytes are the same from `one` and from `other` on, of `length`; all of them must be there. */
export function sameLength(bytes: Uint8Array, one: number, other: number, length: number): number {
  const words = viewOf(bytes);
  let at = 0;
  // No word ends where the bytes do: see `roomFor` of ByteWriter.
  for (const last = length - 9; at <= last; at += 8) {
    if (words.getInt32(one + at, true) !== words.getInt32(other + at, true)) break;
    if (words.getInt32(one + at + 4, true) !== words.getInt32(other + at + 4, true)) break;
  }
  while (at < length && bytes[one + at] === bytes[other + at]) at++;
  return at;
}
