import { RowcastError } from '../../core/errors.ts';
import { FILE_START } from '../binlog/place.ts';
import type { BinlogSpot } from './binlog-scan.ts';
import type { Whereabouts } from './points.ts';
import { TransactionWalk } from './transaction-walk.ts';

/**
 * Reads a binlog file up to a place and makes sure that the place is between two transactions. The answer is MySQL's GTID
 * set before it: what the file says was executed before it, and its own transactions up to there; '' where there are no
 * GTIDs (and for MariaDB).
 * @throws RowcastError SOURCE_POSITION_FOREIGN when no transaction ends at the place
 */
export async function readGtidsBefore({ scan }: Pick<Whereabouts, 'scan'>, until: BinlogSpot): Promise<string> {
  const { file, position } = until;
  const walk = new TransactionWalk();
  let next = FILE_START;
  if (position > FILE_START) {
    await scan(file, (event) => {
      walk.see(event);
      next = event.place.position;
      return false;
    }, until);
  }
  // Offsets inside of MariaDB's transactions are not exact, so that this comes first.
  if (walk.inside) throw new RowcastError('SOURCE_POSITION_FOREIGN', `${file}:${position} is inside a transaction: the rest of it would be read without its beginning`, { hint: HINT });
  if (next !== position) throw new RowcastError('SOURCE_POSITION_FOREIGN', `${file}:${position} is not between two events; the nearest one is at ${next}`);
  return walk.gtids({ ended: true });
}

const HINT = 'Take the end of a transaction from SHOW BINLOG EVENTS: End_log_pos of an Xid, or of a COMMIT.';
