import { faultNamed, faultsOf } from './faults/index.ts';
import { planOf, type Step } from './plan.ts';
import { randomOf } from './random.ts';
import { auditStage, closeStage, openStage, type Stage } from './stage/stage.ts';
import { verifyStage } from './stage/verify.ts';
import type { ChaosState, Segment } from './state.ts';
import { tryFault, type Trial } from './trial.ts';

/** Told while a run goes on. */
export interface RunEvents {
  /** A fault is over. */
  trial(trial: Trial, done: number): void;
  /** The state has changed. */
  changed(state: ChaosState): void;
  /** A line for people. */
  say(text: string): void;
}

/** Faults between two comparisons of topics and tables. */
const AUDIT_EACH = 20;

/** Does the faults of a run that are not done yet, until all are or the time is over. */
export async function runFaults(state: ChaosState, events: RunEvents, until: number): Promise<void> {
  const steps = planOf(faultsOf(state.only, state.delivery), state.faults, state.seed);
  while (state.trials.length < steps.length && performance.now() < until) {
    events.say('starting two MySQL, three Kafka, their lines and the daemon');
    const stage = await openStage({ delivery: state.delivery, random: randomOf(state.seed ^ state.trials.length), minute: state.minute, patience: state.patience });
    state.segments.push(await segment(stage, { state, events, steps, until }));
    events.changed(state);
  }
}

interface Run {
  readonly state: ChaosState;
  readonly events: RunEvents;
  readonly steps: readonly Step[];
  readonly until: number;
}

/** As many faults as one stage bears: after one that found something the next ones have a new stage. */
async function segment(stage: Stage, { state, events, steps, until }: Run): Promise<Segment> {
  const findings: string[] = [];
  const before = state.trials.length;
  try {
    for (let step = steps[state.trials.length]; step !== undefined && performance.now() < until; step = steps[state.trials.length]) {
      const trial = await tryFault(stage, faultNamed(step.name), step.seed);
      state.trials.push(trial);
      events.trial(trial, state.trials.length);
      events.changed(state);
      if (trial.findings.length > 0) break;
      if (state.trials.length % AUDIT_EACH === 0) findings.push(...(await auditStage(stage)));
      if (findings.length > 0) break;
    }
    if (findings.length === 0) findings.push(...(await auditStage(stage)), ...(await verifyStage(stage)));
  } catch (error) {
    findings.push(`the comparison failed: ${String(error)}`);
  } finally {
    findings.push(...(await closeStage(stage).catch((error: unknown) => [`the end failed: ${String(error)}`])));
  }
  const { counts, transactions } = stage.checker.fold;
  if (counts.lost > 0) findings.push(`lost: ${String(counts.lost)}`);
  for (const finding of findings) events.say(finding);
  return { trials: state.trials.length - before, counts: { ...counts }, transactions, findings };
}
