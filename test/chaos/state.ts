import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Counts } from './checker/fold.ts';
import type { Delivery } from './stage/stage.ts';
import type { Trial } from './trial.ts';

/** What one stage, from its start to its end, has told. */
export interface Segment {
  /** The faults that it bore, the last of the run so far. */
  readonly trials: number;
  readonly counts: Counts;
  readonly transactions: number;
  /** What the comparisons of topics and tables, and the end, have found. */
  readonly findings: readonly string[];
}

/** A fault that has found something which was mended before the run went on. */
export interface Mended {
  readonly name: string;
  readonly seed: number;
  readonly findings: readonly string[];
  /** What was wrong, in a sentence. */
  readonly reason: string;
}

/** A run so far. It is all that a page is written from, and all that is needed to go on. */
export interface ChaosState {
  readonly seed: number;
  readonly faults: number;
  readonly only: string | null;
  readonly delivery: Delivery;
  readonly minute: number;
  readonly patience: number;
  versions: Readonly<Record<string, string>>;
  /** When it was begun, as ISO 8601. */
  readonly begun: string;
  /** Seconds that it has run, all parts together. */
  seconds: number;
  trials: Trial[];
  mended: Mended[];
  segments: Segment[];
  /** Damaged inputs of the decoder, by how they ended. */
  fuzz: { readonly inputs: number; readonly outcomes: Readonly<Record<string, number>>; readonly findings: readonly string[] } | null;
}

/** The state in a file; null where there is none. */
export function readState(path: string): ChaosState | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ChaosState) : null;
}

/** Forgets faults whose stage was stopped before its end, where topics and tables are compared: they are done again. */
export function dropUncompared(state: ChaosState): void {
  state.trials.length = state.segments.reduce((sum, { trials }) => sum + trials, 0);
}

/** What was found last is mended: its fault is done again, and stays on the page with the reason. @throws Error where nothing was found */
export function mend(state: ChaosState, reason: string): void {
  const at = state.trials.findLastIndex(({ findings }) => findings.length > 0);
  const trial = state.trials[at];
  if (trial === undefined) throw new Error('nothing was found that could be mended');
  state.mended.push({ name: trial.name, seed: trial.seed, findings: trial.findings, reason });
  state.trials.length = at;
  let before = 0;
  state.segments = state.segments.map((segment) => {
    const trials = Math.min(segment.trials, at - before);
    before += segment.trials;
    return trials === segment.trials ? segment : { ...segment, trials, findings: [] };
  });
}

/** Names the version that does the faults from now on, where it is another one. */
export function goOnWith(state: ChaosState, rowcast: string): void {
  const from = `, from fault ${String(state.trials.length + 1)} on `;
  // One that did no fault to its end is not told.
  const [known = ''] = (state.versions['Rowcast'] ?? '').split(from);
  if (!known.endsWith(rowcast)) state.versions = { ...state.versions, Rowcast: `${known}${from}${rowcast}` };
}

/** Replaces the file. */
export function writeState(path: string, state: ChaosState): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 1)}\n`);
  renameSync(`${path}.new`, path);
}

/** Whether anything at all was not as promised. */
export function isSound(state: ChaosState): boolean {
  return state.trials.every(({ findings }) => findings.length === 0) && state.segments.every(({ findings }) => findings.length === 0) && (state.fuzz?.findings.length ?? 0) === 0;
}
