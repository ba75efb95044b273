import type { Operation, RowsEvent } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { RowImage } from '../core/row-image.ts';
import type { LeftOutReason } from './left-out.ts';

/** What becomes of a change: an operation to tell, or the reason why it is left out. */
export type Verdict = Operation | LeftOutReason;

/**
 * Asks a route's conditions about a change. `where` is asked of each image: a row that leaves the set is told as a
 * delete, one that enters it as an insert. `when` is then asked of what would be told, and only leaves out.
 */
export class Selection {
  readonly #plan: RoutePlan;

  constructor(plan: RoutePlan) {
    this.#plan = plan;
  }

  /** @throws RowcastError CONDITION_FAILED, unless the route lets such changes pass */
  judge(event: RowsEvent, before: RowImage | null, after: RowImage | null): Verdict {
    try {
      return this.#ask(event, before, after);
    } catch (error) {
      if (!(error instanceof RowcastError) || error.code !== 'CONDITION_FAILED' || this.#plan.onError !== 'pass') throw error;
      return event.operation;
    }
  }

  /** Whether an image may be shown where the change could not be judged: not when it is known to be outside of the set. */
  shows(image: RowImage): boolean {
    try {
      return this.#plan.where === null || this.#plan.where.test(image);
    } catch {
      // Nobody knows; it is what the error is about.
      return true;
    }
  }

  #ask(event: RowsEvent, before: RowImage | null, after: RowImage | null): Verdict {
    const { where, when } = this.#plan;
    const operation = where === null ? event.operation : transition(event.operation, before !== null && where.test(before), after !== null && where.test(after));
    if (operation === 'where' || when === null) return operation;
    const told = when.test(operation, event, operation === 'insert' ? null : before, operation === 'delete' ? null : after);
    return told ? operation : 'when';
  }
}

/** What an operation is to a consumer who only knows the rows of the set. */
function transition(operation: Operation, was: boolean, is: boolean): Operation | 'where' {
  if (was && is) return operation;
  if (is) return 'insert';
  return was ? 'delete' : 'where';
}
