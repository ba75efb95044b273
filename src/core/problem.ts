import type { ErrorCode } from './errors.ts';

/** Something that keeps the daemon from starting (`error`) or that its operator should know (`warning`). */
export interface Problem {
  readonly code: ErrorCode;
  /** What is wrong, as one sentence without a full stop at its end. */
  readonly message: string;
  /** What to do about it, for example the SQL statement to run. */
  readonly repair: string;
  readonly severity: 'error' | 'warning';
  /** Where: `file:line:column` of the configuration, a server, a topic, a table. */
  readonly where?: string;
}
