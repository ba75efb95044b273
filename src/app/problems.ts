import type { ErrorCode } from '../core/errors.ts';
import { asRowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';

/** A thrown error as a problem, with its hint as the repair. */
export function problemOf(thrown: unknown, where?: string): Problem {
  const error = asRowcastError(thrown);
  return beforeStart({ code: error.code, message: error.message, repair: error.hint, severity: 'error', ...(where === undefined ? {} : { where }) });
}

/** Repairs for those who have not started yet, where the table of errors speaks to a daemon that is running. */
const REPAIRS: Partial<Record<ErrorCode, string>> = {
  SOURCE_LOST: 'Check source.host and source.port, that the server runs, and that no firewall is in between.',
  SINK_LOST: 'Check sink.brokers (and sink.tls, where the brokers ask for it), that they run, and that no firewall is in between.',
};

/** The problem with a repair that fits before a start. */
export function beforeStart(problem: Problem): Problem {
  return { ...problem, repair: REPAIRS[problem.code] ?? problem.repair };
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
