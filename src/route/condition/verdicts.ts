import { ABSENT, NULL_COLUMN } from '../../core/row-image.ts';
import type { RowImage } from '../../core/row-image.ts';
import type { Column } from '../../core/table.ts';

/** Verdicts that are kept, a power of two. */
const SLOTS = 32;
/** Bytes that the columns of one may have. */
const SLOT_BYTES = 32;
/** Rows after which it is seen whether to keep verdicts pays. */
const TRIAL = 1024;

/**
 * What a condition said of the values that it was last asked about. Many are about a status or a flag: they see the same
 * few values over and over, and the same bytes of its columns give the same verdict.
 */
export class Verdicts {
  readonly #columns: readonly Column[];
  /** The values of the row that is asked about, one column after another. */
  readonly #row = new Uint8Array(SLOT_BYTES);
  #length = 0;
  #slot = 0;
  readonly #kept = new Uint8Array(SLOTS * SLOT_BYTES);
  /** Lengths by slot, and one more: 0 is an empty slot. */
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #answers = new Uint8Array(SLOTS);
  #asked = 0;
  #found = 0;
  #pays: boolean;

  /** @param columns all that the condition asks for */
  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#pays = columns.length > 0;
  }

  /** The verdict on the same values; null where it is not known. @throws RowcastError EVENT_CORRUPT */
  known(image: RowImage): boolean | null {
    this.#length = UNFIT;
    if (!this.#pays) return null;
    if (this.#asked++ === TRIAL) this.#look();
    if (!this.#gather(image)) return null;
    const slot = this.#slot;
    if (this.#lengths[slot] !== this.#length + 1 || !this.#same(slot * SLOT_BYTES)) return null;
    this.#found++;
    return this.#answers[slot] === 1;
  }

  /** Keeps the verdict on the image that `known` was last asked about. */
  keep(verdict: boolean): void {
    if (this.#length === UNFIT) return;
    this.#kept.set(this.#row, this.#slot * SLOT_BYTES);
    this.#lengths[this.#slot] = this.#length + 1;
    this.#answers[this.#slot] = verdict ? 1 : 0;
  }

  /** Values that hardly ever come again are not looked for any more. */
  #look(): void {
    this.#pays = this.#found > TRIAL / 2;
    this.#asked = 0;
    this.#found = 0;
  }

  /** False where the values do not fit, or one is missing. */
  #gather(image: RowImage): boolean {
    let length = 0;
    let hash = 0;
    for (const { index, codec } of this.#columns) {
      const at = image.locate(index);
      if (at === ABSENT || length === SLOT_BYTES) return false;
      this.#row[length++] = at === NULL_COLUMN ? 0 : 1;
      if (at === NULL_COLUMN) continue;
      const { bytes } = image;
      const end = codec.skip(bytes, at);
      if (length + end - at > SLOT_BYTES) return false;
      for (let i = at; i < end; i++) {
        const byte = bytes[i] as number;
        this.#row[length++] = byte;
        hash = (Math.imul(hash, 31) + byte) | 0;
      }
    }
    this.#length = length;
    this.#slot = (hash ^ (hash >>> 5)) & (SLOTS - 1);
    return true;
  }

  #same(from: number): boolean {
    for (let i = 0; i < this.#length; i++) if (this.#kept[from + i] !== this.#row[i]) return false;
    return true;
  }
}

const UNFIT = -1;
