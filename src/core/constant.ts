/** Bytes that are written again and again, as the words that they are copied by. */
export class Constant {
  readonly bytes: Buffer;
  readonly length: number;
  /** The bytes, four to a word, little-endian; the last one is filled up with zeros. */
  readonly words: Int32Array;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.length = bytes.length;
    const padded = Buffer.alloc((bytes.length + WORD - 1) & -WORD);
    bytes.copy(padded);
    this.words = Int32Array.from({ length: padded.length / WORD }, (_, index) => padded.readInt32LE(index * WORD));
  }
}

/**
 * The constant of these bytes: of short ones the same object as the last time, as a rule. Tables whose columns have the same
 * names share theirs, so that rows of many tables in turn find them in the processor's caches.
 */
export function sharedConstant(bytes: Buffer): Constant {
  if (bytes.length > SHORT) return new Constant(bytes);
  const text = bytes.toString('latin1');
  const known = SHARED.get(text);
  if (known !== undefined) return known;
  const made = new Constant(bytes);
  if (SHARED.size >= KEPT) SHARED.clear();
  SHARED.set(text, made);
  return made;
}

const WORD = 4;
const SHORT = 64;
/** Constants that are kept for sharing: some megabytes at most. */
const KEPT = 10_000;
const SHARED = new Map<string, Constant>();
