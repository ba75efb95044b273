import { deferred, waitOr } from '../core/deferred.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Logger, Stream } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import type { BinlogDecoder } from './binlog/decoder.ts';
import type { Rest } from './binlog/rest.ts';
import type { SchemaFollower } from './schema/follower.ts';
import type { BinlogDump } from './stream/binlog-dump.ts';
import type { PreparedSource } from './stream/prepared-source.ts';

/** What a stream is made of. */
export interface ReadingParts {
  readonly dump: BinlogDump;
  readonly decoder: BinlogDecoder;
  readonly prepared: PreparedSource;
  readonly catalogue: SchemaFollower;
  readonly rest: Rest;
}

export interface ReadingContext {
  readonly ended: Promise<RowcastError | null>;
  readonly logger: Logger;
  /** Told when reading ends. */
  readonly closed: () => void;
}

/** A stream of the binlog, from its begin to its end. */
export class Reading implements Stream {
  readonly #parts: ReadingParts;
  readonly #context: ReadingContext;
  readonly ended: Promise<RowcastError | null>;
  #over = false;

  constructor(parts: ReadingParts, context: ReadingContext) {
    this.#parts = parts;
    this.#context = context;
    this.ended = context.ended;
  }

  position(): Position {
    return this.#parts.decoder.position();
  }

  pause(): void {
    const { dump, decoder, prepared } = this.#parts;
    dump.pause();
    decoder.pause();
    prepared.pause();
  }

  resume(): void {
    if (this.#over) return;
    const { dump, decoder, prepared } = this.#parts;
    prepared.resume();
    decoder.resume();
    dump.resume();
  }

  async close(patienceMs = 0): Promise<void> {
    const { dump, decoder, prepared, catalogue } = this.#parts;
    if (patienceMs > 0) await this.#come(patienceMs);
    this.#over = true;
    dump.close();
    catalogue.close();
    this.#context.closed();
    await prepared.close();
    await decoder.close();
  }

  /** Reads on until all that was handed over is before the position (Invariant 9), as long as that may take. */
  async #come(patienceMs: number): Promise<void> {
    const { dump, rest } = this.#parts;
    const { promise, resolve } = deferred<true>();
    rest.once(() => {
      this.#over = true;
      this.pause();
      resolve(true);
    });
    await waitOr(patienceMs, Promise.race([promise, dump.ended]));
    if (!this.#isOver()) this.#context.logger.info('reading ends inside a transaction; what was told of it is told again at the next start', { after: this.position().label });
  }

  /** Asked anew: it may have come meanwhile. */
  #isOver(): boolean {
    return this.#over;
  }
}
