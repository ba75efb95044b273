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

/** More problems than anybody reads at once. */
const MOST = 100;

/** Findings as problems of `file`, in the order of the lines; of very many the first. */
export function toProblems(findings: readonly Finding[], file: string): Problem[] {
  const sorted = findings.toSorted((one, other) => one.place.line - other.place.line || one.place.column - other.place.column);
  const problems = sorted.slice(0, MOST).map((finding) => problemAt(finding, file));
  const next = sorted[MOST];
  if (next === undefined) return problems;
  return [...problems, problemAt({ ...next, message: `and ${sorted.length - MOST} more problems from here on`, repair: 'Correct those above first.' }, file)];
}

function problemAt({ place, message, repair }: Finding, file: string): Problem {
  return { code: 'CONFIG_INVALID', severity: 'error', where: `${file}:${place.line}:${place.column}`, message, repair };
}
