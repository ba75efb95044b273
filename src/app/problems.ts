import type { RowcastError } from '../core/errors.ts';
import { asRowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';

/** A thrown error as a problem, with its hint as the repair. */
export function problemOf(thrown: unknown, where?: string): Problem {
  const error: RowcastError = asRowcastError(thrown);
  return { code: error.code, message: error.message, repair: error.hint, severity: 'error', ...(where === undefined ? {} : { where }) };
}

/** What `check` throws, as the answer to "what is wrong with this text"; null when it throws nothing. */
export function complaint(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return asRowcastError(error).message;
  }
}
