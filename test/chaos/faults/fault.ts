import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Delivery, Stage } from '../stage/stage.ts';

/** Rows of the table of faults. */
export const ROWS = ['daemon', 'network', 'kafka', 'mysql', 'machine'] as const;
export type Row = (typeof ROWS)[number];

/** Something that goes wrong, and is put right again. */
export interface Fault {
  readonly name: string;
  readonly row: Row;
  /** How often it is chosen, beside others of its row. @default 4 */
  readonly weight?: number;
  /** Milliseconds after which the daemon must be ready again when all is right. @default 5000 */
  readonly readyMs?: number;
  /** The only way of delivery that has what it breaks. @default either */
  readonly delivery?: Delivery;
  /** Why it cannot be done on this machine; null where it can. */
  readonly unfit?: (stage: Stage) => string | null;
  /**
   * Does it, holds it for a while, and undoes it; resolves the moment when all is right again. Errors that may rightly end the
   * daemon meanwhile are allowed by it, as docs/delivery.md and docs/errors.md promise them.
   * @throws Error where what should happen did not
   */
  readonly inflict: (stage: Stage, random: Random) => Promise<void>;
  /** Puts back in place what the next fault needs and the daemon does not; after the daemon has recovered. */
  readonly afterwards?: (stage: Stage) => Promise<void>;
}

/** Milliseconds of one part of an outage: often shorter than every timeout of the daemon, now and then longer. */
export function some(random: Random): number {
  return random.below(3) === 0 ? random.between(3_500, 5_000) : random.between(200, 1_500);
}

/** Waits as long as `some`. */
export async function lasts(random: Random): Promise<void> {
  await sleep(some(random));
}
