import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Server } from '../scripts/servers/index.ts';
import { deferred } from '../src/core/deferred.ts';
import { goProgram } from './go-program.ts';
import { endsWithUs } from './leftovers.ts';

/** What `bench/arrivals` tells of a topic. */
export interface Arrivals {
  /** The row with the stamp 0 is there. */
  readonly begun: Promise<undefined>;
  /** Microseconds that each row was on its way, in the order of arrival, once all are there. Rejects where the consumer failed. */
  readonly all: Promise<readonly number[]>;
  stop(): void;
}

/**
 * Reads `rows` rows of a topic in a process of its own, without a group: to save offsets after each batch would add
 * milliseconds to every row, whoever sent it, and a collector that stands still would add its pauses.
 */
export async function watchArrivals({ port }: Server, topic: string, rows: number): Promise<Arrivals> {
  const child = endsWithUs(spawn(await goProgram('arrivals'), [`127.0.0.1:${port}`, topic, String(rows)], { stdio: ['ignore', 'pipe', 'inherit'] }));
  const begun = deferred<undefined>();
  const micros: number[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'begun') begun.resolve(undefined);
    else micros.push(Number(line));
  });
  const all = once(child, 'close').then(([code]) => {
    if (micros.length !== rows) throw new Error(`the consumer of ${topic} ended with ${String(code)} after ${micros.length} of ${rows} rows`);
    return micros;
  });
  return { begun: Promise.race([begun.promise, all.then(() => undefined)]), all, stop: () => void child.kill() };
}
