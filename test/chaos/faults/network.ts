import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Direction, Line } from '../stage/line.ts';
import type { Stage } from '../stage/stage.ts';
import { lasts, type Fault } from './fault.ts';

/** A line of the daemon, or all of one kind. */
interface Side {
  readonly name: string;
  lines(stage: Stage, random: Random): readonly Line[];
}

const SIDES: readonly Side[] = [
  { name: 'MySQL', lines: ({ mysql }) => [mysql.line] },
  { name: 'one broker', lines: ({ kafka }, random) => [random.of(kafka.nodes).line] },
  { name: 'all brokers', lines: ({ kafka }) => kafka.nodes.map(({ line }) => line) },
];

const DIRECTIONS: readonly (readonly Direction[])[] = [['up', 'down'], ['up', 'down'], ['up'], ['down']];

/** The lines between the daemon and its servers, each side. */
export const NETWORK_FAULTS: readonly Fault[] = SIDES.flatMap((side) => [
  ended(side, 'cut'),
  ended(side, 'reset'),
  {
    name: `half open: ${side.name}`,
    row: 'network',
    inflict: async (stage, random) => {
      const directions = random.of(DIRECTIONS);
      const restored = side.lines(stage, random).map((line) => line.silence(directions));
      await lasts(random);
      for (const restore of restored) restore();
    },
    // What was asked on a connection that is dead without a word is missed after `requestTimeout`, 3 s here, and asked again.
    readyMs: 8_000,
  } satisfies Fault,
  slowed(side, '200 ms delay', { delayMs: 200 }),
  slowed(side, '100 kB/s', { bytesPerSecond: 100_000 }),
  {
    name: side.name === 'MySQL' ? 'cut in the middle of an event' : `cut in the middle of a request: ${side.name}`,
    row: 'network',
    inflict: async (stage, random) => {
      const lines = side.name === 'MySQL' ? [stage.mysql.line] : stage.kafka.nodes.map(({ line }) => line);
      const after = { direction: side.name === 'MySQL' ? 'down' : 'up', bytes: random.between(2_000, 60_000), how: random.of(['cut', 'reset'] as const) } as const;
      const happened = lines.map((line) => line.endAfter(after));
      await stage.writer.big(600, 900);
      await Promise.race([side.name === 'all brokers' ? Promise.all(happened) : Promise.race(happened), sleep(10_000)]);
      for (const line of lines) line.disarm();
    },
  } satisfies Fault,
]);

function ended(side: Side, how: 'cut' | 'reset'): Fault {
  return {
    name: `${how}: ${side.name}`,
    row: 'network',
    inflict: async (stage, random) => {
      const lines = side.lines(stage, random);
      for (let times = random.between(1, 3); times > 0; times--) {
        for (const line of lines) line.end(how);
        if (times > 1) await sleep(random.below(400));
      }
    },
  };
}

function slowed(side: Side, name: string, weather: { readonly delayMs?: number; readonly bytesPerSecond?: number }): Fault {
  return {
    name: `${name}: ${side.name}`,
    row: 'network',
    weight: 2,
    inflict: async (stage, random) => {
      const lines = side.lines(stage, random);
      for (const line of lines) line.slow(weather);
      try {
        await lasts(random);
      } finally {
        for (const line of lines) line.slow(null);
      }
    },
  };
}
