import type { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage } from '../core/change.ts';
import type { ColumnCut } from '../core/column-cut.ts';
import { withCuts } from '../core/column-cut.ts';
import { RowcastError } from '../core/errors.ts';
import type { RowEncoder } from '../core/ports.ts';
import type { Projection } from '../core/projection.ts';
import type { RowImage } from '../core/row-image.ts';

/** The header of a message with values that were cut: by image and column, the bytes that each has whole. */
export const TRUNCATED_HEADER = '__rowcast.truncated';

/** Each time a message does not fit yet, twice as much is cut of it as it is too large: some values that were counted may not be in it. */
const TRIES = 6;
/** The header takes so many bytes besides its value, at most. */
const HEADER_BYTES = 40;

type Images = Pick<RowMessage, 'before' | 'after'>;

/** A value that can be cut. */
interface Candidate {
  readonly cut: ColumnCut;
  readonly image: 'before' | 'after';
  /** In the message. */
  readonly size: number;
  /** By itself. */
  readonly original: number;
}

/**
 * Tells messages that are too large with their longest values cut: all values longer than a common length are cut to it, as
 * little as makes the message fit. Key and partition are those of the whole row (Invariant 3).
 */
export class Truncation {
  /** Writes what `fitted` has set. */
  readonly encoder: RowEncoder;
  readonly #cuts: readonly ColumnCut[];
  readonly #header: { readonly name: string; value: Uint8Array } = { name: TRUNCATED_HEADER, value: Buffer.alloc(0) };
  #candidates: readonly Candidate[] = [];

  /** @param whole encodes messages whole; `encoder` makes one of the same kind. */
  constructor(projection: Projection, whole: RowEncoder, encoder: (projection: Projection) => RowEncoder) {
    const { projection: cuttable, cuts } = withCuts(projection);
    this.#cuts = cuts;
    this.encoder = this.#telling(encoder(cuttable), whole);
  }

  /**
   * Has `send` send the message with `encoder`, cut as far as it must be.
   * @throws RowcastError ROW_TOO_LARGE where it does not fit even so; and what `send` throws
   */
  fitted(message: Images, tooLarge: RowcastError, send: () => void): void {
    const { before, after } = message;
    this.#candidates = [...this.#of('before', before), ...this.#of('after', after)].sort((a, b) => b.size - a.size);
    let error = tooLarge;
    let surplus = excess(error) + HEADER_BYTES + this.#headerValue(0, () => true).length;
    for (let left = TRIES; left > 0; left--) {
      const most = commonLength(this.#candidates, surplus);
      if (most < 0) break;
      for (const cut of this.#cuts) cut.most = most;
      try {
        send();
        return;
      } catch (failure) {
        if (!isTooLarge(failure)) throw failure;
        error = failure;
        surplus += Math.max(1, 2 * excess(failure));
      }
    }
    throw new RowcastError('ROW_TOO_LARGE', `${tooLarge.message}, and cutting its columns does not make it fit`, { facts: tooLarge.facts, hint: tooLarge.hint, cause: error });
  }

  #of(name: 'before' | 'after', image: RowImage | null): Candidate[] {
    if (image === null) return [];
    return this.#cuts.flatMap((cut) => {
      const at = image.locate(cut.index);
      return at < 0 ? [] : [{ cut, image: name, size: cut.size(image.bytes, at), original: cut.original(image.bytes, at) }];
    });
  }

  /** Headers come after the value, which says what of it was cut. */
  #telling(cutting: RowEncoder, whole: RowEncoder): RowEncoder {
    const partition = whole.partition?.bind(whole);
    return {
      key: (image, out) => whole.key(image, out),
      value: (message, out) => this.#value(cutting, message, out),
      headers: (message, tombstone) => (tombstone === true ? whole.headers(message, true) : [...whole.headers(message, false), this.#header]),
      ...(partition === undefined ? {} : { partition }),
      lastRow: cutting.lastRow,
    };
  }

  #value(cutting: RowEncoder, message: RowMessage, out: ByteWriter): void {
    for (const cut of this.#cuts) cut.made = 0;
    cutting.value(message, out);
    const most = this.#cuts[0]?.most ?? Infinity;
    // A format may show one of the images only: of a value cut once that would be too long in both, that is the one after.
    const made = (cut: ColumnCut, image: Candidate['image']): boolean => {
      const later = image === 'before' && this.#candidates.some((other) => other.cut === cut && other.image === 'after' && other.size > most);
      return cut.made > (later ? 1 : 0);
    };
    this.#header.value = this.#headerValue(most, ({ cut, image }) => made(cut, image));
  }

  #headerValue(most: number, made: (candidate: Candidate) => boolean): Buffer {
    const lists: Partial<Record<Candidate['image'], Record<string, number>>> = {};
    for (const candidate of this.#candidates) {
      if (candidate.size > most && made(candidate)) (lists[candidate.image] ??= {})[candidate.cut.name] = candidate.original;
    }
    return Buffer.from(JSON.stringify(lists));
  }
}

function isTooLarge(error: unknown): error is RowcastError {
  return error instanceof RowcastError && error.code === 'ROW_TOO_LARGE';
}

/** By how many bytes the message is too large. */
function excess({ facts }: RowcastError): number {
  return Number(facts['bytes'] ?? 0) - Number(facts['limit'] ?? 0);
}

/** The length to which the longest values, the longest first, must be cut to spare so many bytes; negative where they do not have them. */
function commonLength(candidates: readonly Candidate[], surplus: number): number {
  let sum = 0;
  for (const [index, { size }] of candidates.entries()) {
    sum += size;
    const most = Math.floor((sum - surplus) / (index + 1));
    if (most >= (candidates[index + 1]?.size ?? 0)) return most;
  }
  return -1;
}
