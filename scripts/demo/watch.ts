import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from './daemon.ts';
import type { Destination } from './destination.ts';
import type { Written } from './shop.ts';
import { tell } from './tell.ts';

/** What is watched, and how long. */
export interface Watched {
  readonly daemon: Daemon;
  readonly destination: Destination;
  readonly written: () => Promise<Written>;
  /** Seconds; Infinity until the signal. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/**
 * Prints the first messages, the status URL, and then every second how far it is.
 * @throws Error when the daemon ends, or when no message arrives within the limit
 */
export async function watch(watched: Watched): Promise<void> {
  const { destination, daemon, signal } = watched;
  const started = Date.now();
  await firstMessages(watched);
  tell(`\nstatus: ${daemon.statusUrl}   (/metrics and /readyz beside it; Ctrl-C stops everything)\n`);
  let before = await destination.count();
  let at = Date.now();
  while (!signal.aborted && Date.now() - started < watched.seconds * 1000) {
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    daemon.check();
    const { rows } = await watched.written();
    const messages = await destination.count();
    const rate = ((messages - before) * 1000) / (Date.now() - at);
    show(`${((Date.now() - started) / 1000).toFixed(0)} s: ${rows} rows written, ${messages} messages ${destination.place}, ${rate.toFixed(0)} messages/s`);
    before = messages;
    at = Date.now();
  }
  if (process.stdout.isTTY) tell('');
}

async function firstMessages({ destination, daemon, signal }: Watched): Promise<void> {
  const deadline = Date.now() + FIRST_LIMIT;
  while (!signal.aborted && (await destination.count()) < ENOUGH) {
    daemon.check();
    if (Date.now() > deadline) throw new Error(`no messages arrived within ${FIRST_LIMIT / 1000} s; ask ${daemon.statusUrl}`);
    await sleep(200, undefined, { signal }).catch(() => undefined);
  }
  tell(`\nthe first messages ${destination.place}:`);
  for (const line of await destination.first(8)) tell(line);
}

/** One line that changes in a terminal, a line each elsewhere. */
function show(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
  else tell(line);
}

const FIRST_LIMIT = 60_000;
/** How many messages must be there before the first are shown. */
const ENOUGH = 10;
