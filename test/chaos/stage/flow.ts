import type { Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** How bytes move. */
export interface Weather {
  /** Milliseconds that each byte takes longer. */
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
}

/** One direction of one connection: bytes in order, late or slow as the weather is. */
export class Flow {
  weather: Weather | null = null;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #queue: { readonly bytes: Buffer; readonly due: number }[] = [];
  #size = 0;
  #moving: Promise<void> | null = null;
  #vanishes = false;
  #finished = false;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
  }

  take(bytes: Buffer): void {
    if (this.#vanishes) return;
    this.#queue.push({ bytes, due: performance.now() + (this.weather?.delayMs ?? 0) });
    this.#size += bytes.length;
    if (this.#size > MOST_BYTES) this.#from.pause();
    this.#start();
  }

  /** Resolves when everything taken so far is passed on. */
  async idle(): Promise<void> {
    while (this.#moving !== null) await this.#moving;
  }

  /** The other side has said that it sends no more. */
  finish(): void {
    this.#finished = true;
    void this.idle().then(() => this.#to.end());
  }

  /** Drops what waits and what comes. */
  vanish(): void {
    this.#vanishes = true;
    this.#queue.length = 0;
    this.#size = 0;
    this.#from.resume();
  }

  #start(): void {
    this.#moving ??= this.#move().finally(() => {
      this.#moving = null;
      if (this.#queue.length > 0 && !this.#to.destroyed) this.#start();
    });
  }

  async #move(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined && !this.#to.destroyed; next = this.#queue.shift()) {
      const wait = next.due - performance.now();
      if (wait > 0) await sleep(wait);
      for (let at = 0; at < next.bytes.length && !this.#vanishes; at += SLICE) await this.#write(next.bytes.subarray(at, at + SLICE));
      this.#size = Math.max(0, this.#size - next.bytes.length);
      if (this.#size <= MOST_BYTES && !this.#finished) this.#from.resume();
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    const pace = this.weather?.bytesPerSecond;
    if (pace !== undefined) await sleep((bytes.length / pace) * 1000);
    if (this.#to.destroyed || this.#to.writableEnded || this.#vanishes) return;
    if (!this.#to.write(bytes)) await Promise.race([once(this.#to, 'drain'), once(this.#to, 'close')]).catch(() => undefined);
  }
}

/** Bytes that wait in a direction before its sender is held back. */
const MOST_BYTES = 1 << 18;
const SLICE = 1 << 14;
