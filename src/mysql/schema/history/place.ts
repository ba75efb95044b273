import type { Json } from '../../../core/position.ts';
import { binlogFileName } from '../../binlog/file-name.ts';
import { MysqlGtidSet } from '../../binlog/gtid-set.ts';
import type { Flavor } from '../../binlog/options.ts';
import { readNumber, readRecord, readText } from './fields.ts';

/** A place of the binlog, in the words of any server that has it. */
export interface HistoryPlace {
  /** Identity of the server that `file` and `position` are of. */
  readonly server: string;
  readonly file: string;
  readonly position: number;
  /** A place between transactions: all before it. The end of a statement: its own GTID. Null where there are none. */
  readonly gtids: string | null;
}

/**
 * Does `reached`, a place between transactions, lie at or after `place`? By file and offset on one server, which order all
 * transactions, with GTIDs and without; on another one by GTIDs. Null: nobody can tell.
 */
export function reaches(reached: HistoryPlace, place: HistoryPlace, flavor: Flavor): boolean | null {
  return reachesByFile(reached, place) ?? reachesByGtids(reached, place, flavor);
}

/** The same by file and offset alone; null where these are not of one server's files of one name. */
export function reachesByFile(reached: HistoryPlace, place: HistoryPlace): boolean | null {
  const [one, other] = [binlogFileName(reached.file), binlogFileName(place.file)];
  if (reached.server !== place.server || reached.file === '' || one.base !== other.base) return null;
  return one.number === other.number ? reached.position >= place.position : one.number > other.number;
}

/** The same by GTIDs alone; null where one of them has none. */
export function reachesByGtids({ gtids: reached }: HistoryPlace, { gtids }: HistoryPlace, flavor: Flavor): boolean | null {
  return reached !== null && gtids !== null ? holds(reached, gtids, flavor) : null;
}

function holds(set: string, part: string, flavor: Flavor): boolean {
  if (flavor === 'mysql') return MysqlGtidSet.parse(set).contains(MysqlGtidSet.parse(part));
  const known = new Map(sequences(set));
  return sequences(part).every(([domain, sequence]) => (known.get(domain) ?? -1n) >= sequence);
}

/** MariaDB: the sequence number of each domain. */
function sequences(gtids: string): [string, bigint][] {
  return gtids.split(',').flatMap((gtid) => {
    const [domain = '', , sequence] = gtid.trim().split('-');
    return sequence === undefined ? [] : [[domain, BigInt(sequence)] as [string, bigint]];
  });
}

export function writePlace({ server, file, position, gtids }: HistoryPlace): Json {
  return { server, file, position, gtids };
}

/** @throws RowcastError HISTORY_DAMAGED */
export function readPlace(json: Json | undefined): HistoryPlace {
  const { server, file, position, gtids } = readRecord(json);
  return { server: readText(server), file: readText(file), position: readNumber(position), gtids: gtids === null ? null : readText(gtids) };
}
