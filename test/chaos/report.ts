import type { Counts } from './checker/fold.ts';
import { ROWS } from './faults/fault.ts';
import { isSound, type ChaosState } from './state.ts';
import type { Trial } from './trial.ts';

/** docs/reliability.md, from what runs have kept: one for each way of delivery. */
export function reportOf(states: readonly ChaosState[]): string {
  return `<!-- Written by npm run chaos. -->
# Reliability

Written by \`npm run chaos\` from its result. Two MySQL (one a GTID replica of the other), three Kafka brokers that are their own controllers, a TCP proxy between the daemon and each
of them, a writer that moves amounts between accounts, a checker that reads the topics from outside with read_committed, and one fault after another. Each fault is a few lines in
\`test/chaos/faults\`; what is checked is in \`test/chaos/checker\`.

**Lost**: a version of a row that never came. **Doubled**: a row told again. **Out of order**: a row after a later one of its key. **Torn**: a transaction of the source in two Kafka transactions, or
not whole. **Changed**: a row with another content than was written. Every twenty faults, and at the end, all tables are compared with what their topics fold to; at the end \`rowcast verify\` compares them too.
Throughout, \`/readyz\` may not say ready for longer than 8 s while rows are written and nothing moves, and must say it again within 5 s of recovery (8 s where packets had vanished, 10 s from the start of a process
whose predecessor was killed, whose lock lasts 4 s, and 13 s where several were killed while they started, one of which Kafka may wait for as a member of the group of those who may lead).

${states.map(section).join('\n')}`;
}

function section(state: ChaosState): string {
  const done = state.trials.filter(({ skipped }) => skipped === undefined);
  return `## ${state.delivery}: ${isSound(state) ? 'nothing was found' : 'something was found, below'}

${Object.entries(state.versions).map(([name, version]) => `${name} ${version}`).join(' · ')}. Begun ${state.begun}, ${(state.seconds / 60).toFixed(0)} minutes${state.patience === 1 ? '' : `, with ${String(state.patience)} times the time to be ready`}.
Seed ${String(state.seed)}: \`npm run chaos -- --seed ${String(state.seed)} --faults ${String(state.faults)} --delivery ${state.delivery}\` does the same faults in the same order.

${totals(state, done)}

| row | fault | times | longest recovery, s | found |
| --- | --- | --- | --- | --- |
${ROWS.flatMap((row) => table(row, state.trials)).join('\n')}

${fuzzed(state)}${mended(state)}${found(state)}`;
}

function totals(state: ChaosState, done: readonly Trial[]): string {
  const sum = (what: keyof Counts): string => state.segments.reduce((total, { counts }) => total + counts[what], 0).toLocaleString('en');
  const transactions = state.segments.reduce((total, segment) => total + segment.transactions, 0);
  const rows: readonly (readonly [string, string])[] = [
    ['delivery', state.delivery], ['faults', done.length.toLocaleString('en')], ['transactions of the source', transactions.toLocaleString('en')], ['rows in the topics', sum('rows')], ['lost', sum('lost')],
    [state.delivery === 'exactly-once' ? 'doubled' : 'doubled, which at-least-once allows after a restart', sum('doubled')], ['out of order', sum('outOfOrder')], ['torn transactions', state.delivery === 'exactly-once' ? sum('torn') : 'not promised'], ['changed', sum('changed')],
    ['longest recovery', `${longest(done)} s`], ['stages', String(state.segments.length)],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function table(row: string, trials: readonly Trial[]): string[] {
  const names = [...new Set(trials.filter((trial) => trial.row === row).map(({ name }) => name))].sort();
  return names.map((name) => {
    const all = trials.filter((trial) => trial.row === row && trial.name === name);
    const done = all.filter(({ skipped }) => skipped === undefined);
    const times = done.length === 0 ? `0: ${all[0]?.skipped ?? ''}` : String(done.length);
    return `| ${row} | ${name} | ${times} | ${longest(done)} | ${String(done.filter(({ findings }) => findings.length > 0).length)} |`;
  });
}

function longest(trials: readonly Trial[]): string {
  const times = trials.flatMap(({ recovered }) => recovered ?? []);
  return times.length === 0 ? '–' : Math.max(...times).toFixed(1);
}

function fuzzed({ fuzz }: ChaosState): string {
  if (fuzz === null) return '';
  const outcomes = Object.entries(fuzz.outcomes).sort(([, a], [, b]) => b - a).map(([code, times]) => `${code === 'none' ? 'read inside its bounds' : `\`${code}\``} ${times.toLocaleString('en')}`).join(', ');
  return `**Damaged binlog.** ${fuzz.inputs.toLocaleString('en')} transactions of real binlog without checksums, each with one to three bits turned, given to the decoder: ${outcomes}. ${fuzz.findings.length === 0 ? 'None hung, none was read past its end, none ended in another error.' : `${String(fuzz.findings.length)} were wrong.`}
`;
}

function mended(state: ChaosState): string {
  if (state.mended.length === 0) return '';
  const lines = state.mended.map(({ name, seed, findings, reason }) => `* ${name}, seed ${String(seed)}: ${line(findings)}. ${reason}`);
  return `\n**Found on the way, mended, and the fault done again before the run went on:**\n\n${lines.join('\n')}\n`;
}

function found(state: ChaosState): string {
  if (isSound(state)) return '';
  const faults = state.trials.filter(({ findings }) => findings.length > 0).map(({ name, seed, findings }) => `* ${name}, seed ${String(seed)}: ${line(findings)}`);
  const others = [...state.segments.flatMap(({ findings }) => findings), ...(state.fuzz?.findings ?? [])].map((text) => `* ${line([text])}`);
  return `\n**Found:**\n\n${[...faults, ...others].join('\n')}\n`;
}

/** The first line of each finding, short enough for a page; the log has all. */
function line(findings: readonly string[]): string {
  return findings.filter((text) => !text.startsWith('the end of its log')).map((text) => shorter(text.split('\n')[0] ?? '')).join('; ');
}

/** Without the folders of the machine, and without what would follow on further lines. */
function shorter(text: string): string {
  return text.replace(/(?:\/[\w.-]+)+\//g, '…/').replace(/\. The end of its log:$/, '').slice(0, 200);
}
