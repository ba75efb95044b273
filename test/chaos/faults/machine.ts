import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../support/mysql.ts';
import { until } from '../../support/wait.ts';
import type { Random } from '../random.ts';
import { DATABASE } from '../stage/mysql-pair.ts';
import type { Mount } from '../stage/mounts.ts';
import type { Stage } from '../stage/stage.ts';
import type { Fault } from './fault.ts';

const HOUR_MS = 3_600_000;
const LIMIT_MB = 256;

/** The machine that the daemon runs on. */
export const MACHINE_FAULTS: readonly Fault[] = [
  {
    name: 'the folder of the checkpoint full',
    row: 'machine',
    unfit: noDisk,
    inflict: (stage, random) => withDisk(stage, async (disk) => {
      const filler = `${disk.path}/filler`;
      fillUp(filler);
      try {
        await writesState(stage, random);
      } finally {
        truncateSync(filler, 0);
      }
    }),
  },
  {
    name: 'the folder of the checkpoint read-only',
    row: 'machine',
    unfit: noDisk,
    inflict: (stage, random) => withDisk(stage, async (disk) => {
      await readOnly(disk);
      try {
        await writesState(stage, random);
      } finally {
        disk.again('rw');
      }
    }),
  },
  {
    name: 'a torn file of the checkpoint',
    row: 'machine',
    readyMs: 10_000,
    delivery: 'at-least-once',
    inflict: async ({ supervisor, checkpoint }, random) => {
      supervisor.allow(['CHECKPOINT_DAMAGED']);
      supervisor.hold();
      await supervisor.kill();
      const whole = readFileSync(checkpoint);
      writeFileSync(checkpoint, torn(whole, random));
      supervisor.release();
      try {
        await supervisor.ended();
      } finally {
        writeFileSync(checkpoint, whole);
      }
      supervisor.resume();
    },
  },
  {
    name: 'a torn new file beside the checkpoint',
    row: 'machine',
    weight: 2,
    readyMs: 10_000,
    delivery: 'at-least-once',
    inflict: async ({ supervisor, checkpoint }, random) => {
      supervisor.hold();
      await supervisor.kill();
      const whole = readFileSync(checkpoint);
      writeFileSync(`${checkpoint}.new`, whole.subarray(0, random.below(whole.length)));
      supervisor.release();
      await until('the next one starts', () => supervisor.runs);
    },
  },
  jumped('the clock jumped by an hour forward', HOUR_MS),
  jumped('the clock jumped by an hour back', -HOUR_MS),
  {
    name: 'the memory of the process limited to 256 MB',
    row: 'machine',
    weight: 2,
    readyMs: 10_000,
    inflict: async ({ supervisor, writer }, random) => {
      supervisor.hold();
      await supervisor.kill();
      await writer.big(random.between(2_000, 20_000), 900);
      // As Node sizes its heap where a container allows this much.
      supervisor.release({ heap: LIMIT_MB / 2 });
      await until('the next one reads', async () => supervisor.runs && (await supervisor.daemon.readyz()).status === 200, 30_000);
      await writer.big(random.between(2_000, 20_000), 900);
      await writer.more(20);
      // What the system counted at the most: a limit of this size would have ended the process beyond it.
      const peak = supervisor.daemon.peakMemory() / 1024 / 1024;
      if (peak > LIMIT_MB) throw new Error(`the daemon took ${peak.toFixed(0)} MB`);
      supervisor.release();
    },
  },
];

function noDisk({ disks }: Stage): string | null {
  return typeof disks === 'string' ? disks : null;
}

async function withDisk(stage: Stage, act: (disk: Mount) => Promise<void>): Promise<void> {
  if (typeof stage.disks === 'string') throw new Error(stage.disks);
  await act(stage.disks.state);
}

/** Nobody may have a file open for writing at that moment: the daemon has, now and then. */
async function readOnly(disk: Mount): Promise<void> {
  await until('the disk is read-only', () => {
    disk.again('ro');
    return true;
  });
}

/** Writes until there is no space left, not even for a byte. */
function fillUp(path: string): void {
  writeFileSync(path, '');
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

/** Has the daemon write what it keeps, for a while that is now and then longer than the lock of its files lasts: a change of a table goes into the schema history. */
async function writesState(stage: Stage, random: Random): Promise<void> {
  await query(stage.mysql.primary, `alter table scrap comment 'change ${String(random.below(1_000_000))}'`, DATABASE);
  await sleep(random.of([500, 2_000, 7_000]));
}

/** A file of which only a beginning came to the disk, or all but a block in the middle. */
function torn(whole: Buffer, random: Random): Buffer {
  const at = random.between(1, whole.length - 2);
  return random.below(2) === 0 ? whole.subarray(0, at) : Buffer.from(whole).fill(0, at, at + 64);
}

/** The clock jumps and stays; lines that end meanwhile are opened again under the new time. Afterwards it jumps the other way. */
function jumped(name: string, ms: number): Fault {
  return {
    name,
    row: 'machine',
    inflict: async ({ supervisor, mysql, kafka }, random) => {
      await supervisor.shiftClock(ms);
      await sleep(random.between(200, 1_500));
      for (const line of random.of([[], [mysql.line], kafka.nodes.map((node) => node.line)])) line.end('reset');
    },
    afterwards: ({ supervisor }) => supervisor.shiftClock(0),
  };
}
