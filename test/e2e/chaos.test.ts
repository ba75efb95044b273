import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultNamed } from '../chaos/faults/index.ts';
import { randomOf } from '../chaos/random.ts';
import { auditStage, closeStage, openStage, type Stage } from '../chaos/stage/stage.ts';
import { verifyStage } from '../chaos/stage/verify.ts';
import { tryFault } from '../chaos/trial.ts';

/** A short version of `npm run chaos`: one stage, and faults of each row with seeds that do not change. */
const FAULTS: readonly (readonly [string, number])[] = [
  ['cut: MySQL', 1],
  ['half open: MySQL', 2],
  ['200 ms delay: MySQL', 3],
  ['cut in the middle of an event', 4],
  ['reset: all brokers', 5],
  ['half open: one broker', 6],
  ['100 kB/s: all brokers', 7],
  ['cut in the middle of a request: all brokers', 8],
  ['the dump thread killed', 9],
  ['FLUSH LOGS', 10],
  ['PURGE BINARY LOGS of what was read', 11],
  ['max_connections reached', 12],
  ['password changed', 13],
  ['killed and back', 14],
  ['failover to a GTID replica', 15],
  ['killed after messages, before the commit', 16],
  ['killed after the commit, before its answer', 17],
  ['killed while it saves', 18],
  ['leaders moved', 19],
  ['a topic deleted', 20],
  ['the ACL of its topics taken away', 21],
  ['a broker killed and back', 22],
  ['the folder of the checkpoint full', 23],
  ['the folder of the checkpoint read-only', 24],
  ['the clock jumped by an hour back', 25],
];

/** Other tests may run on the machine: they bound no times. */
const PATIENCE = 10;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ delivery: 'exactly-once', random: randomOf(26), patience: PATIENCE });
});

afterAll(async () => {
  expect(await closeStage(stage)).toEqual([]);
});

describe('rows are told once, whole and in order, and health is honest, through:', () => {
  it.each(FAULTS)('%s (seed %i)', async (name, seed) => {
    const trial = await tryFault(stage, faultNamed(name), seed);
    expect(trial.findings).toEqual([]);
  });

  it('and rowcast verify finds tables and topics equal while both change', async () => {
    expect(await verifyStage(stage)).toEqual([]);
  });

  it('and in the end the topics fold to what the tables hold', async () => {
    expect(await auditStage(stage)).toEqual([]);
    expect(stage.checker.fold.counts).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 });
  });
});
