import { Kept } from './kept.ts';

/** Bytes that are written again and again, in the form that they are copied in. */
export class Constant {
  readonly bytes: Buffer;
  readonly length: number;
  /**
   * The bytes, eight to a double, little-endian; the last one is filled up with zeros. Nobody calculates with them: to the
   * processor eight bytes are a number as good as any. Null where a native copy is faster, and where one would be NaN, whose
   * bits need not stay what they are; no eight bytes of valid UTF-8 are.
   */
  readonly doubles: readonly number[] | null;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.doubles = bytes.length > LOOP_LIMIT ? null : doublesOf(bytes);
  }
}

function doublesOf(bytes: Buffer): readonly number[] | null {
  // V8 keeps an array in which there ever was a fraction as bare doubles, and arrays of one kind are read faster than those of several.
  const doubles = [0.5];
  doubles.pop();
  const padded = Buffer.alloc((bytes.length + 7) & -8);
  bytes.copy(padded);
  for (let at = 0; at < padded.length; at += 8) doubles.push(padded.readDoubleLE(at));
  return doubles.some((double) => Number.isNaN(double)) ? null : doubles;
}

/**
 * The constant of these bytes: of short ones the same object as the last time, as a rule. Tables whose columns have the same
 * names share theirs, so that rows of many tables in turn find them in the processor's caches.
 */
export function sharedConstant(bytes: Buffer): Constant {
  if (bytes.length > SHORT) return new Constant(bytes);
  const text = bytes.toString('latin1');
  return SHARED.get(text) ?? SHARED.keep(text, new Constant(bytes));
}

/** Up to this many bytes a loop is faster than a native copy. */
const LOOP_LIMIT = 128;
const SHORT = 64;
/** Some megabytes at most. */
const SHARED = new Kept<Constant>(10_000);
