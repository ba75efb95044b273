// `npm run chaos`: faults by the hundred against real servers, and a page that tells what became of them.
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { ROOT } from '../support/built.ts';
import { fuzzDecoder } from './fuzz.ts';
import { optionsOf, USAGE, type ChaosOptions } from './options.ts';
import { reportOf } from './report.ts';
import { runFaults } from './run.ts';
import { dropUncompared, goOnWith, isSound, mend, readState, writeState, type ChaosState } from './state.ts';
import { versions } from './versions.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function begin(options: ChaosOptions): ChaosState {
  const { seed, faults, only, delivery, minute, patience } = options;
  return { seed, faults, only, delivery, minute, patience, versions: versions(), begun: new Date().toISOString(), seconds: 0, trials: [], mended: [], segments: [], fuzz: null };
}

/** The run in the file, as far as it goes on from there. */
function resume({ state: path, mended }: ChaosOptions): ChaosState | null {
  const state = readState(path);
  if (state === null) return null;
  if (mended !== null) mend(state, mended);
  dropUncompared(state);
  goOnWith(state, versions()['Rowcast'] ?? '');
  return state;
}

/** The page of this run, and of the other where there is one: exactly-once comes first. */
function page(state: ChaosState, path: string | null): string {
  const other = path === null ? null : readState(path);
  return reportOf([state, ...(other === null ? [] : [other])].sort((a, b) => (a.delivery < b.delivery ? 1 : -1)));
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    say(USAGE);
    return;
  }
  const options = optionsOf(process.argv.slice(2), { seed: Date.now() % 2 ** 31, folder: tmpdir() });
  const found = options.resume ? resume(options) : null;
  const state = found ?? begin(options);
  say(`seed ${String(state.seed)}, ${String(state.faults)} faults, ${state.delivery}; state in ${options.state}${found === null ? '' : `, going on after ${String(state.trials.length)}`}`);
  const started = performance.now();
  const before = state.seconds;
  const changed = (): void => {
    state.seconds = before + (performance.now() - started) / 1000;
    writeState(options.state, state);
  };
  await runFaults(state, {
    say,
    changed,
    trial: (trial, done) => {
      const outcome = trial.skipped === undefined ? `ready after ${trial.recovered?.toFixed(1) ?? '?'} s, ${trial.took.toFixed(1)} s in all` : `skipped: ${trial.skipped}`;
      say(`${String(done).padStart(4)} ${trial.row}: ${trial.name} (seed ${String(trial.seed)}): ${outcome}`);
      for (const finding of trial.findings) say(`     FOUND ${finding}`);
    },
  }, started + options.limit - before * 1000);
  if (state.trials.length < state.faults) {
    say(`the time is over after ${String(state.trials.length)} faults; go on with --resume --state ${options.state}`);
    process.exitCode = 2;
    return;
  }
  if (state.fuzz === null && options.fuzz > 0) {
    say(`${String(options.fuzz)} damaged inputs for the decoder`);
    state.fuzz = fuzzDecoder(options.fuzz, state.seed);
  }
  changed();
  if (options.report !== null) writeFileSync(join(ROOT, options.report), page(state, options.other));
  say(isSound(state) ? 'nothing was found' : 'FOUND something, see above');
  if (!isSound(state)) process.exitCode = 1;
}

// The checker's client drops connections that are not made yet, with more listeners on each than Node finds usual.
EventEmitter.defaultMaxListeners = 50;
await main();
