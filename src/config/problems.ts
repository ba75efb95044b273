import type { Problem } from '../core/problem.ts';
import type { Place } from './places.ts';

/** A problem of the file before it is given its file name. */
export interface Finding {
  readonly place: Place;
  readonly message: string;
  readonly repair: string;
  /** The value that could not be read, so that nothing more is said of it. */
  readonly unread?: string;
}

/** Findings as problems of `file`, in the order of the lines. */
export function toProblems(findings: readonly Finding[], file: string): Problem[] {
  return findings
    .toSorted((one, other) => one.place.line - other.place.line || one.place.column - other.place.column)
    .map(({ place, message, repair }) => ({ code: 'CONFIG_INVALID', severity: 'error', where: `${file}:${place.line}:${place.column}`, message, repair }));
}
