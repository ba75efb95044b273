/** Bytes that are written again and again, as the words that they are copied by. */
export class Constant {
  readonly bytes: Buffer;
  /** The bytes, four to a word, little-endian; the last one is filled up with zeros. */
  readonly words: Int32Array;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    const padded = Buffer.alloc((bytes.length + WORD - 1) & -WORD);
    bytes.copy(padded);
    this.words = Int32Array.from({ length: padded.length / WORD }, (_, index) => padded.readInt32LE(index * WORD));
  }
}

const WORD = 4;
