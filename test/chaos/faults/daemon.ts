import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { API, type Fault as Loss } from '../../support/kafka-proxy.ts';
import { until } from '../../support/wait.ts';
import { wholeAtRest } from '../stage/rest.ts';
import { NAME, type Stage } from '../stage/stage.ts';
import type { Fault } from './fault.ts';

/** A daemon that was killed leaves a lock that its successor waits for: 4 s, and then the time to start. */
const AFTER_KILL_MS = 10_000;

/** The process of the daemon: killed at any instant and at named points, and stopped in its tracks. */
export const DAEMON_FAULTS: readonly Fault[] = [
  {
    name: 'killed',
    row: 'daemon',
    readyMs: AFTER_KILL_MS,
    inflict: async ({ supervisor }, random) => {
      await sleep(random.below(400));
      await supervisor.kill();
    },
  },
  {
    name: 'killed with a large transaction half sent',
    row: 'daemon',
    readyMs: AFTER_KILL_MS,
    inflict: async (stage, random) => {
      const before = sent(stage);
      const writing = stage.writer.big(1_500, 900);
      const part = random.between(50_000, 700_000);
      await until('a part of it is sent', () => sent(stage) > before + part, 15_000).catch(() => undefined);
      await stage.supervisor.kill();
      await writing;
    },
  },
  atRequest('killed after messages, before the commit', { api: API.endTransaction, loses: 'held' }),
  atRequest('killed after the commit, before its answer', { api: API.endTransaction, loses: 'answer' }),
  atRequest('killed after messages, before their answer', { api: API.produce, loses: 'answer' }),
  {
    name: 'killed while it saves',
    row: 'daemon',
    readyMs: AFTER_KILL_MS,
    inflict: async (stage, random) => {
      if (stage.delivery === 'exactly-once') await atPoint(stage, { api: API.produce, loses: random.below(2) === 0 ? 'held' : 'answer', about: `${NAME}.checkpoint` });
      else await whileFileIsWritten(stage);
    },
  },
  {
    name: 'killed while it starts',
    row: 'daemon',
    // One that died while it joined the group of those who may lead is waited for by Kafka, too: `standby.timeout`, 3 s here.
    readyMs: AFTER_KILL_MS + 3_000,
    inflict: async ({ supervisor }, random) => {
      for (let times = random.between(2, 3); times > 0; times--) {
        const before = supervisor.startedAt;
        await supervisor.kill();
        await until('the next one starts', () => supervisor.runs && supervisor.startedAt > before);
        await sleep(random.below(times === 1 ? 1_500 : 6_500));
      }
      await supervisor.kill();
    },
  },
  {
    name: 'ended by SIGTERM',
    row: 'daemon',
    weight: 2,
    inflict: async ({ supervisor }) => {
      const exit = await supervisor.drain();
      if (exit !== 0) throw new Error(`SIGTERM ended the daemon with ${String(exit)}`);
    },
  },
  {
    name: 'stopped in its tracks, longer than every timeout',
    row: 'daemon',
    weight: 2,
    inflict: async ({ supervisor }, random) => {
      const { process } = supervisor.daemon;
      process.kill('SIGSTOP');
      try {
        await sleep(random.between(5_500, 8_000));
      } finally {
        process.kill('SIGCONT');
      }
    },
  },
];

/** Killed when one request of a kind is met by a proxy before any broker; exactly-once alone has the requests of transactions. */
function atRequest(name: string, loss: Loss): Fault {
  return {
    name,
    row: 'daemon',
    readyMs: AFTER_KILL_MS,
    ...(loss.api === API.produce ? {} : { delivery: 'exactly-once' }),
    inflict: (stage, random) => atPoint(stage, { ...loss, after: random.below(4), outside: stage.delivery === 'at-least-once' }),
  };
}

async function atPoint(stage: Stage, loss: Loss): Promise<void> {
  const proxies = stage.kafka.nodes.map(({ proxy }) => proxy);
  const met = Promise.race(proxies.map((proxy) => proxy.fault(loss)));
  try {
    await until('the point is reached', () => Promise.race([met.then(() => true), sleep(50).then(() => false)]), 20_000);
  } finally {
    for (const proxy of proxies) proxy.disarm();
    stage.supervisor.hold();
    await stage.supervisor.kill();
    for (const proxy of proxies) proxy.release();
  }
  if (stage.delivery === 'exactly-once') await wholeAtRest(stage);
  stage.supervisor.release();
}

/** Killed between the first byte of the new file and its place. */
async function whileFileIsWritten(stage: Stage): Promise<void> {
  const abort = new AbortController();
  const file = `${basename(stage.checkpoint)}.new`;
  const seen = new Promise<void>((resolve) => {
    watch(dirname(stage.checkpoint), { signal: abort.signal }, (_, name) => {
      if (name !== file) return;
      stage.supervisor.daemon.process.kill('SIGKILL');
      resolve();
    });
  });
  try {
    await until('the checkpoint is saved', () => Promise.race([seen.then(() => true), sleep(50).then(() => false)]), 20_000);
  } finally {
    abort.abort();
    await stage.supervisor.kill();
  }
}

function sent({ kafka }: Stage): number {
  return kafka.nodes.reduce((sum, { line }) => sum + line.passed('up'), 0);
}
