import type { Gate } from '../core/ports.ts';

/** Told when reading must stop and when it may go on. */
export interface GateEvents {
  shut(): void;
  opened(): void;
  /** The sink has taken something, or reading stops to wait for that. */
  moved?(): void;
}

/**
 * Counts the bytes held for the sink and shuts above `limit` until half of it is free again (Invariant 6). What one
 * event adds after the gate has shut is beyond the limit; an event is bounded by `limits.row`.
 */
export class ByteGate implements Gate {
  readonly limit: number;
  #held = 0;
  #shut = false;
  #events: GateEvents;

  constructor(limit: number, events: GateEvents) {
    this.limit = limit;
    this.#events = events;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  get isShut(): boolean {
    return this.#shut;
  }

  take(bytes: number): void {
    this.#held += bytes;
    if (!this.#shut && this.#held > this.limit) {
      this.#shut = true;
      this.#events.moved?.();
      this.#events.shut();
    }
  }

  give(bytes: number): void {
    this.#held -= bytes;
    this.#events.moved?.();
    if (this.#shut && this.#held * 2 <= this.limit) {
      this.#shut = false;
      this.#events.opened();
    }
  }
}
