import { parseArgs } from 'node:util';
import type { Delivery } from './stage/stage.ts';

/** How `npm run chaos` is asked to run. */
export interface ChaosOptions {
  readonly seed: number;
  readonly faults: number;
  /** Only the fault of this name, or those of this row. */
  readonly only: string | null;
  readonly delivery: Delivery;
  /** What is called a minute in the table of faults, in milliseconds. */
  readonly minute: number;
  /** How many times as long as promised the daemon may take to be ready, on a machine that does other things too. */
  readonly patience: number;
  /** File that keeps what was done, to go on after a stop. */
  readonly state: string;
  readonly resume: boolean;
  /** Why what was found last happened, now that it is mended; null where it is not. */
  readonly mended: string | null;
  /** Milliseconds after which no further fault is begun. */
  readonly limit: number;
  /** Damaged inputs for the decoder, at the end. */
  readonly fuzz: number;
  /** The state of a run of the other delivery, which the page tells as well; null for none. */
  readonly other: string | null;
  /** Where the page is written; null for none. */
  readonly report: string | null;
}

export const USAGE = `npm run chaos -- [options]
  --seed N         the seed of the run, which decides everything that is left to chance; printed; by default a new one
  --faults N       how many faults (500)
  --only NAME      only the fault of this name, or those of this row: daemon, network, kafka, mysql, machine
  --delivery D     exactly-once (the default) or at-least-once, where duplicates are counted and allowed
  --minute S       seconds that "a minute" lasts (60)
  --patience N     allow N times as long to be ready (1)
  --fuzz N         damaged inputs for the decoder afterwards (1000000; 0 for none)
  --hours H        begin no further fault after so many hours (3)
  --state FILE     what was done so far (chaos-<delivery>.json in the folder for temporary files)
  --resume         go on where FILE ends, with its seed
  --mended TEXT    with --resume: what was found last is mended, do its fault again; TEXT says on the page what was wrong
  --with FILE      the state of a run of the other delivery, to be on the page as well
  --report FILE    write the page there (docs/reliability.md after a run of 500 faults or more without --only)`;

/** @throws Error that tells what is wrong with the words */
export function optionsOf(words: readonly string[], defaults: { readonly seed: number; readonly folder: string }): ChaosOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seed: { type: 'string' }, faults: { type: 'string', default: '500' }, only: { type: 'string' }, delivery: { type: 'string', default: 'exactly-once' },
      minute: { type: 'string', default: '60' }, patience: { type: 'string', default: '1' }, fuzz: { type: 'string', default: '1000000' }, hours: { type: 'string', default: '3' },
      state: { type: 'string' }, resume: { type: 'boolean', default: false }, mended: { type: 'string' }, report: { type: 'string' }, with: { type: 'string' },
    },
  });
  const { delivery } = values;
  if (delivery !== 'exactly-once' && delivery !== 'at-least-once') throw new Error(`--delivery is exactly-once or at-least-once, not ${delivery}`);
  const faults = numberOf('faults', values.faults);
  const whole = faults >= 500 && values.only === undefined;
  return {
    seed: values.seed === undefined ? defaults.seed : numberOf('seed', values.seed),
    faults,
    only: values.only ?? null,
    delivery,
    minute: numberOf('minute', values.minute) * 1000,
    patience: numberOf('patience', values.patience),
    state: values.state ?? `${defaults.folder}/chaos-${delivery}.json`,
    resume: values.resume,
    mended: values.mended ?? null,
    limit: numberOf('hours', values.hours) * 3_600_000,
    fuzz: numberOf('fuzz', values.fuzz),
    other: values.with ?? null,
    report: values.report ?? (whole ? 'docs/reliability.md' : null),
  };
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) throw new Error(`--${name} takes a number, not '${text}'`);
  return number;
}
