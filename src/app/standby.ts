import { hostname } from 'node:os';
import type { Config } from '../config/compile.ts';
import type { Candidate, Election, Leadership } from '../core/election.ts';
import { timesOf } from '../core/election.ts';
import { asRowcastError } from '../core/errors.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import { LockElection } from '../mysql/lock-election.ts';
import { GroupElection } from '../sink/kafka/group-election.ts';
import { Fitness } from './fitness.ts';
import { groupOf, kafkaOptions } from './kafka-options.ts';
import { deliver } from './turn.ts';
import type { Ground } from './turn.ts';

/**
 * Stands by, leads, and stands by again, until the process is to end. Who is no leader any more lets go of everything before
 * it stands again: the next turn begins with the position that is saved then.
 * @returns as `deliver`
 * @throws RowcastError what ended it
 */
export async function takeTurns(ground: Ground, recaptureSchema: boolean): Promise<string | null> {
  const { config, logger, front, waiting, ending } = ground;
  const fitness = new Fitness(config, { logger, waiting });
  const election = electionOf(config, candidateOf(ground, fitness), logger);
  try {
    for (let first = true; ; first = false) {
      waiting.standby();
      const looked = fitness.watch(ending.signal);
      // So that it joins with what the first look finds, and not twice.
      if (first) await looked;
      const leadership = await election.win(ending.signal);
      fitness.rest();
      if (leadership === null) return null;
      logger.info('this daemon leads');
      front.metrics.counter('rowcast_leadership_changes_total', { change: 'won' }).add(1);
      const lost = await turn(ground, { recaptureSchema: recaptureSchema && first, leadership });
      if (!(lost instanceof Error)) return lost;
      front.metrics.counter('rowcast_leadership_changes_total', { change: 'lost' }).add(1);
      logger.warn('this daemon leads no more, and stands by', { code: lost.code, error: lost.message });
      front.leadership.leader = null;
      waiting.leader(null);
    }
  } finally {
    fitness.rest();
    await election.close();
  }
}

/** One turn; the answer is what it ended with, or the error with which leadership was lost. @throws RowcastError any other error */
async function turn(ground: Ground, options: { readonly recaptureSchema: boolean; readonly leadership: Leadership }): Promise<string | null | RowcastError> {
  try {
    return await deliver(ground, options);
  } catch (thrown) {
    const error = asRowcastError(thrown);
    if (!(await isReplaced(error, options.leadership))) throw error;
    await options.leadership.resign();
    return error;
  }
}

/** A position that was taken by somebody who did not stand for election (a daemon without `standby`) is no loss of leadership: both would go on taking it from each other. */
async function isReplaced(error: RowcastError, leadership: Leadership): Promise<boolean> {
  if (error.code === 'LEADERSHIP_LOST') return true;
  return error.code === 'SINK_FENCED' && !(await leadership.confirm());
}

function candidateOf({ logger, front, waiting }: Ground, fitness: Fitness): Candidate {
  let away = false;
  return {
    label: `${hostname()}:${String(process.pid)}`,
    fit: () => fitness.fit,
    leader: (label) => {
      if (label !== null && label !== front.leadership.leader) logger.info('a daemon leads', { leader: label });
      front.leadership.leader = label;
      waiting.leader(label);
    },
    trouble: (error) => {
      if (error !== null && !away) logger.warn('nobody can be asked who leads, trying again', { code: error.code, error: error.message });
      away = error !== null;
      waiting.unasked(error);
    },
  };
}

/** Of a Kafka sink, its brokers; else the source's server. */
function electionOf(config: Config, candidate: Candidate, logger: Logger): Election {
  const { sink, source, name, standby } = config;
  const times = timesOf(standby?.timeout ?? 0);
  if (sink.type === 'kafka') return new GroupElection({ ...kafkaOptions(config, sink), group: groupOf(name), times }, candidate, logger);
  const { host, port, user, password, tls, connectTimeout } = source;
  return new LockElection({ host, port, user, password, tls, connectTimeout, name, times }, candidate);
}
