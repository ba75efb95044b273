import { RowcastError } from '../../core/errors.ts';
import { isFirstEver } from './binlog-files.ts';
import type { Whereabouts } from './points.ts';
import type { BinlogEnd, BinlogFile } from './server-facts.ts';
import { askText, compact, listBinlogs, readBinlogEnd } from './server-facts.ts';
import { TimeWalk } from './time-walk.ts';
import type { FoundTransaction } from './time-walk.ts';

/**
 * How far, in microseconds, the times of transactions may go back from one to the next: a file is passed over only when
 * its successor's first transaction is older than what is looked for by this much.
 */
const DISORDER = 3_600_000_000;

/**
 * The first transaction at or after a time (see `TimeWalk` for what a transaction's time is), or null where the binlog has
 * none yet, with the end up to which it was looked for.
 * @throws RowcastError SOURCE_POSITION_PURGED when transactions of that time may have been purged, SOURCE_REFUSED without a binlog
 */
export async function findTime(time: number, server: Whereabouts): Promise<{ readonly found: FoundTransaction | null; readonly end: BinlogEnd }> {
  const { session, facts, where } = server;
  const files = await listBinlogs(session);
  const end = await readBinlogEnd(session, facts);
  const [first] = files;
  if (end === null || first === undefined) throw new RowcastError('SOURCE_REFUSED', `${where} writes no binlog (log_bin is off)`);
  const file = await lastBefore(time - DISORDER, { files, end, server });
  const found = await firstFrom(time, file ?? first, { end, server });
  if (file === null && (await mayLack(time, first, { end, server }))) {
    throw new RowcastError('SOURCE_POSITION_PURGED', `${where} may have purged what was written at ${timeText(time)}: its oldest binlog file is ${first.name}, with transactions from ${found === null ? 'no time' : timeText(found.time)} on`);
  }
  return { found, end };
}

interface Search {
  readonly end: BinlogEnd;
  readonly server: Whereabouts;
}

/** A file whose first transaction is older than `time`, next to one whose first is not; null where no file is so old. */
async function lastBefore(time: number, { files, end, server }: Search & { readonly files: readonly BinlogFile[] }): Promise<BinlogFile | null> {
  let [low, high] = [-1, files.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const first = await firstFrom(-Infinity, files[middle] as BinlogFile, { end, server });
    if (first !== null && first.time < time) low = middle;
    else high = middle;
  }
  return files[low] ?? null;
}

/** The first transaction of `time` or later, from the beginning of a file on. */
async function firstFrom(time: number, file: BinlogFile, { end, server }: Search): Promise<FoundTransaction | null> {
  const walk = new TimeWalk(time);
  await server.scan(file.name, (event) => walk.see(event), end);
  return walk.found;
}

/** Whether transactions of `time` or later may have been in files that are gone. */
async function mayLack(time: number, first: BinlogFile, search: Search): Promise<boolean> {
  const oldest = await firstFrom(-Infinity, first, search);
  // What was written before the oldest transaction is older than it; before an empty file, older than the file.
  const begins = oldest?.time ?? ((await search.server.created(first.name)) + 1) * 1_000_000;
  return begins >= time && !(await isWhole(first, search.server));
}

/** Whether nothing was ever purged before the oldest file. */
async function isWhole(first: BinlogFile, { session, facts }: Whereabouts): Promise<boolean> {
  if (facts.mariadb) return compact(await askText(session, 'SELECT BINLOG_GTID_POS(?, 4)', [first.name])) === '';
  return isFirstEver(first.name) && compact(await askText(session, 'SELECT @@GLOBAL.gtid_purged')) === '';
}

function timeText(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
