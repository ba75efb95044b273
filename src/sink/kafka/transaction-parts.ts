import type { RowcastError } from '../../core/errors.ts';
import type { Position } from '../../core/position.ts';
import type { SourceSeam } from '../../core/source-seam.ts';
import type { Partition } from './partition.ts';
import type { TopicPartition } from './protocol/transactions.ts';

/** The coordinator, as it is needed here. */
export interface TransactionLife {
  add(partitions: readonly TopicPartition[]): Promise<void>;
  end(commit: boolean): Promise<void>;
  /** Whether we are still who we were; only between two transactions. */
  probe(): Promise<void>;
}

/** Told how transactions go. */
export interface TransactionEvents {
  /** Durable, with the position; null for a part of one that was split. `seconds` it took. */
  committed(position: Position | null, seconds: number): void;
  /** It was not committed, or nobody knows: what was handed over since the last one that was is lost, and nothing is sent any more. */
  lost(error: RowcastError): void;
  /** It lasts about as long as it may, and the source is inside one of its own. */
  overlong(): void;
}

export interface TransactionLimits {
  /** Milliseconds after which one that is not small is ended, at the next end of one of the source's. */
  readonly intervalMs: number;
  /** Bytes after which it is. */
  readonly bytes: number;
  /** Milliseconds after which it is called overlong. */
  readonly overlongMs: number;
}

export interface TransactionParts {
  readonly life: TransactionLife;
  readonly seam: SourceSeam;
  readonly events: TransactionEvents;
  readonly limits: TransactionLimits;
  /** The partition that positions go to. */
  readonly positions: () => Partition;
  /** Writes a position there. */
  readonly write: (position: Position) => void;
}
