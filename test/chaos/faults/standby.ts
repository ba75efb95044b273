import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/wait.ts';
import type { Random } from '../random.ts';
import { anotherDaemon, caughtUp, type Stage } from '../stage/stage.ts';
import type { Supervisor } from '../stage/supervisor.ts';
import type { Fault } from './fault.ts';

/** Seconds that a standby may take to lead after its leader was killed or stopped. */
const TAKE_OVER_S = 10;

/** What becomes of the leader when another daemon of its name stands by: of the row of the daemon. */
export const STANDBY_FAULTS: readonly Fault[] = [
  withStandby('stopped in its tracks, longer than every timeout, while a standby leads', async ({ supervisor }, second, random) => {
    const { process } = supervisor.daemon;
    process.kill('SIGSTOP');
    try {
      await leads(second);
      await sleep(random.between(4_000, 8_000));
    } finally {
      process.kill('SIGCONT');
    }
  }),
  withStandby('killed while another stands by', async ({ supervisor }, second) => {
    await supervisor.kill();
    await leads(second);
  }),
];

/** A second daemon stands by; after `lose` it leads, the first stands by, and what was written meanwhile has come. Then the second hands over. */
function withStandby(name: string, lose: (stage: Stage, second: Supervisor, random: Random) => Promise<void>): Fault {
  return {
    name,
    row: 'daemon',
    delivery: 'exactly-once',
    weight: 2,
    inflict: async (stage, random) => {
      const second = await anotherDaemon(stage);
      try {
        second.start();
        await until('the second stands by', () => says(second, 'standby'), 30_000);
        await lose(stage, second, random);
        await until('the first stands by', () => says(stage.supervisor, 'standby'), 30_000);
        await stage.writer.more(10);
        await caughtUp(stage);
        const exit = await second.stop();
        if (exit !== 0 || second.unexpected.length > 0) throw new Error(`the second ended with ${String(exit)}; ${second.unexpected.join('; ')}`);
      } finally {
        await second.remove();
      }
    },
  };
}

/** Waits until a daemon delivers. @throws Error where it takes longer than a take-over may */
async function leads(second: Supervisor): Promise<void> {
  await until('the standby leads', () => says(second, 'streaming'), TAKE_OVER_S * 1_000);
}

async function says({ daemon, runs }: Supervisor, reason: string): Promise<boolean> {
  if (!runs) return false;
  const readyz = await daemon.readyz();
  return readyz.status === 200 && readyz.reason === reason;
}
