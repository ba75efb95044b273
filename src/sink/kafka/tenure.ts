import { Backoff } from '../../core/backoff.ts';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import type { CompactedTopic } from './compacted-topic.ts';
import type { TransactionCoordinator } from './coordinator.ts';
import { BATCH_HEADER } from './record-batch.ts';
import { mostBytes, type KeyedRecord } from './small-batch.ts';

export interface TenureOptions {
  readonly transactionalId: string;
  readonly coordinator: Pick<TransactionCoordinator, 'begin' | 'forget' | 'add' | 'end' | 'identity'>;
  readonly topic: Pick<CompactedTopic, 'place' | 'write'>;
  /** Whether this daemon wrote itself down as the owner last. */
  readonly isOurs: () => Promise<boolean>;
  readonly logger: Logger;
}

/** How work goes on after an error that may pass. */
export interface Patience {
  /** Tries in all, at least 1. */
  readonly tries: number;
  /** No try begins later than this, in milliseconds. @default Infinity */
  readonly forMs?: number;
}

/** How a write does. */
export interface WritePatience extends Patience {
  /** No batch is larger, in bytes. A single record that is, is one by itself. @default Infinity */
  readonly batchBytes?: number;
}

const FIRST_WAIT_MS = 50;

/**
 * The right to write a topic under a transactional id, until another daemon takes it: each write is a transaction of its
 * own, which the brokers refuse to whoever is fenced.
 */
export class Tenure {
  readonly #options: TenureOptions;
  /** Null: nobody knows what the brokers have, so an epoch begins before the next write. */
  #sequence: number | null = null;

  constructor(options: TenureOptions) {
    this.#options = options;
  }

  /** Takes the id from whoever has it. @throws RowcastError SINK_* */
  async begin(): Promise<void> {
    await this.#options.coordinator.begin();
    this.#sequence = 0;
  }

  /**
   * A new epoch. A coordinator that has moved, or was started again, forgets which epoch it raised by itself, and then calls
   * us fenced although nobody took over: who wrote itself down as the owner last, tells.
   * @throws RowcastError SINK_FENCED, SINK_*
   */
  async renew(): Promise<void> {
    const { coordinator, isOurs, logger, transactionalId } = this.#options;
    this.#sequence = null;
    try {
      await coordinator.begin();
    } catch (error) {
      if (!(error instanceof RowcastError) || error.code !== 'SINK_FENCED' || !(await isOurs())) throw error;
      logger.warn('the brokers take this daemon for another one since their coordinator moved; nobody else has taken the position, so it goes on', { transactionalId });
      coordinator.forget();
      await coordinator.begin();
    }
    this.#sequence = 0;
  }

  /**
   * Writes all of these in one transaction. One whose outcome is not known is written again, after a new epoch has ended the
   * first: the same keys get the same values.
   * @throws RowcastError SINK_FENCED, SINK_*, TRANSACTION_LOST
   */
  async write(records: readonly KeyedRecord[], { tries, forMs = Infinity, batchBytes = Infinity }: WritePatience): Promise<void> {
    const batches = batchesOf(records, batchBytes);
    await persist(() => this.#write(batches), { tries, forMs });
  }

  async #write(batches: readonly (readonly KeyedRecord[])[]): Promise<void> {
    const { coordinator, topic, transactionalId } = this.#options;
    if (this.#sequence === null) await this.renew();
    let sequence = this.#sequence ?? 0;
    this.#sequence = null;
    await coordinator.add([topic.place]);
    for (const records of batches) {
      await topic.write(records, { transactionalId, producer: coordinator.identity, sequence });
      sequence += records.length;
    }
    await coordinator.end(true);
    this.#sequence = sequence;
  }
}

/** Tries again what fails with an error that may pass, with waits that double. @throws RowcastError the last one */
export async function persist<T>(work: () => Promise<T>, { tries, forMs = Infinity }: Patience): Promise<T> {
  const deadline = performance.now() + forMs;
  const backoff = new Backoff(FIRST_WAIT_MS);
  for (let left = tries - 1; ; left--) {
    try {
      return await work();
    } catch (thrown) {
      const error = asRowcastError(thrown);
      if (!error.retry || left === 0 || performance.now() > deadline) throw error;
      // A new epoch tells whether another daemon took over, or the transaction was just too slow.
      if (error.code !== 'TRANSACTION_LOST') await backoff.pause();
    }
  }
}

function batchesOf(records: readonly KeyedRecord[], limit: number): KeyedRecord[][] {
  const batches: KeyedRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = mostBytes(record);
    if (batches.length === 0 || bytes + size > limit) {
      batches.push([]);
      bytes = BATCH_HEADER;
    }
    batches.at(-1)?.push(record);
    bytes += size;
  }
  return batches;
}
