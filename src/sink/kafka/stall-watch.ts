/** Looks per limit: a stall is told after at most 1 + 1/LOOKS of it. */
const LOOKS = 4;

/**
 * Tells when nothing has moved for `limitMs` milliseconds while something should. On a slow line many bytes may wait in
 * front of a request, so that its own age says nothing: as long as bytes leave or answers come, it waits. One timer, and
 * none while nothing waits.
 */
export class StallWatch {
  readonly #limitMs: number;
  readonly #parts: { readonly waiting: () => boolean; readonly moved: () => number; readonly stalled: () => void };
  #timer: NodeJS.Timeout | null = null;
  #moved = 0;
  #still = 0;

  /** `moved` grows, by whatever measure, when something moves. */
  constructor(limitMs: number, parts: { waiting: () => boolean; moved: () => number; stalled: () => void }) {
    this.#limitMs = limitMs;
    this.#parts = parts;
  }

  /** Nothing has moved for a part of the limit, while something should. */
  get still(): boolean {
    return this.#timer !== null && this.#still > 0;
  }

  /** Something begins to wait. */
  begin(): void {
    if (this.#timer !== null) return;
    this.#moved = this.#parts.moved();
    this.#still = 0;
    this.#timer = setTimeout(() => { this.#look(); }, this.#limitMs / LOOKS);
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    this.#timer = null;
    if (!this.#parts.waiting()) return;
    const moved = this.#parts.moved();
    const still = moved === this.#moved ? this.#still + 1 : 0;
    if (still >= LOOKS) {
      this.#parts.stalled();
      return;
    }
    this.begin();
    this.#still = still;
  }
}
