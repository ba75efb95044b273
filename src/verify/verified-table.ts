import type { RoutePlan } from '../core/plan.ts';
import type { RowEncoder } from '../core/ports.ts';
import type { MessageColumn } from './row-reader.ts';

/** A table that is compared, and how its rows look in messages. */
export interface VerifiedTable {
  /** Place among the tables of its topic. */
  readonly index: number;
  /** `database.table`. */
  readonly label: string;
  /** What messages call it: `tableText`. */
  readonly text: string;
  readonly plan: RoutePlan;
  readonly encoder: RowEncoder;
  /** The columns of its messages. */
  readonly columns: readonly MessageColumn[];
  /** What tells its rows apart: the keys of messages, or these of `columns`. */
  readonly identity: 'key' | readonly number[];
  /** Messages leave columns out that are NULL. */
  readonly omitsNulls: boolean;
}
