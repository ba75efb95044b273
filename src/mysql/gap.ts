import type { RowcastError } from '../core/errors.ts';
import type { GapNotice } from '../core/notice.ts';
import type { StartAt } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import { MysqlGtidSet } from './binlog/gtid-set.ts';
import { isPosition, readSaved } from './saved-position.ts';
import type { StartPoint, Whereabouts } from './stream/points.ts';
import type { BinlogSizes } from './stream/binlog-sizes.ts';
import { askText, compact, listBinlogs } from './stream/server-facts.ts';
import { earliest, latest } from './stream/start-point.ts';

/** What `source.onPurged` says besides `fail`. */
export type Resumption = GapNotice['resumedAt'];

/** A gap, and what was found where the binlog that would fill it is gone. */
export interface Gap extends Pick<GapNotice, 'resumedAt' | 'after' | 'transactions' | 'gtids' | 'bytes'> {
  /** The error that it is instead of. */
  readonly error: RowcastError;
}

/** How a gap is passed. */
export interface Passing {
  readonly server: Whereabouts;
  readonly resumedAt: Resumption;
  /** Of files that were seen before they were purged. */
  readonly sizes: BinlogSizes;
}

/** The place after a gap, and its size as far as GTIDs and remembered files tell. @throws RowcastError SOURCE_REFUSED without a binlog */
export async function passGap(from: Position | StartAt, error: RowcastError, { server, resumedAt, sizes }: Passing): Promise<{ readonly start: StartPoint; readonly gap: Gap }> {
  const start = await (resumedAt === 'earliest' ? earliest(server) : latest(server));
  const missed = await missedBetween(gtidsOf(from), start, server);
  return { start, gap: { resumedAt, after: labelOf(from), error, ...missed, bytes: await missedBytes(from, start, { server, sizes }) } };
}

/** Where reading was to begin, for people. */
export function labelOf(from: Position | StartAt): string | null {
  if (isPosition(from)) return from.label;
  if (typeof from === 'string') return null;
  if ('gtid' in from) return from.gtid;
  if ('timestamp' in from) return new Date(from.timestamp / 1000).toISOString();
  return `${from.file}:${from.position}`;
}

/** Everything read before, where GTIDs tell. */
function gtidsOf(from: Position | StartAt): string | null {
  if (isPosition(from)) {
    const { gtids, anonymous } = readSaved(from);
    return anonymous ? null : gtids;
  }
  return typeof from === 'object' && 'gtid' in from ? from.gtid : null;
}

/** Offsets are of one server's files. */
async function missedBytes(from: Position | StartAt, start: StartPoint, { server: { session, facts }, sizes }: Pick<Passing, 'server' | 'sizes'>): Promise<number | null> {
  const place = isPosition(from) ? readSaved(from) : typeof from === 'object' && 'file' in from ? { ...from, server: facts.identity } : null;
  if (place === null || place.server !== facts.identity) return null;
  // Of the files that are still there, those that reading at the end passes over count, too.
  sizes.listed(await listBinlogs(session));
  return sizes.between(place, start);
}

async function missedBetween(read: string | null, { gtids, anonymous }: StartPoint, { facts, session }: Whereabouts): Promise<Pick<GapNotice, 'transactions' | 'gtids'>> {
  if (read === null || gtids === null) return { transactions: null, gtids: null };
  if (facts.mariadb) return mariadbMissed(read, gtids);
  const missed = compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [gtids, read]));
  // Under any other gtid_mode there may be transactions without a GTID among them.
  return { gtids: missed, transactions: anonymous ? null : MysqlGtidSet.parse(missed).size };
}

/** By sequence numbers, which a domain counts up: `domain:first-last` of each. */
export function mariadbMissed(read: string, until: string): { readonly transactions: number; readonly gtids: string } {
  const before = new Map(read.split(',').map(partsOf));
  let transactions = 0;
  const ranges: string[] = [];
  for (const [domain, last] of until.split(',').map(partsOf)) {
    const first = (before.get(domain) ?? 0n) + 1n;
    if (last < first) continue;
    transactions += Number(last - first + 1n);
    ranges.push(first === last ? `${domain}:${first}` : `${domain}:${first}-${last}`);
  }
  return { transactions, gtids: ranges.join(',') };
}

function partsOf(gtid: string): [domain: string, sequence: bigint] {
  const [domain = '', , sequence = '0'] = gtid.split('-');
  return [domain, BigInt(sequence)];
}
