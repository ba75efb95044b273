import { RowcastError } from '../../core/errors.ts';
import type { Position } from '../../core/position.ts';
import { MariadbGtidSet, MysqlGtidSet, type GtidSet } from './gtid-set.ts';
import type { DecoderStart, Flavor } from './options.ts';
import type { GtidText } from './transaction.ts';

/** What is committed: file, offset and GTID set after the last whole transaction (Invariant 2). */
export class Progress {
  readonly #flavor: Flavor;
  readonly #serverUuid: string | null;
  file: string;
  position: number;
  #set: GtidSet | null;

  constructor(flavor: Flavor, start: DecoderStart) {
    this.#flavor = flavor;
    this.#serverUuid = start.serverUuid;
    this.file = start.file;
    this.position = start.position;
    this.#set = start.gtid === null ? null : this.#parse(start.gtid);
  }

  /** What was executed before the first file, unless it is known already. @throws RowcastError EVENT_CORRUPT */
  adopt(gtids: string): void {
    if (this.#set !== null) return;
    try {
      this.#set = this.#parse(gtids);
    } catch (cause) {
      throw new RowcastError('EVENT_CORRUPT', `the GTIDs executed before the file are not a GTID set: ${gtids.slice(0, 200)}`, { cause });
    }
  }

  /** A transaction ended, `gtid` its own or null, with `file` and `position` after it. */
  commit(gtid: GtidText | null, file: string, position: number): void {
    if (gtid !== null) {
      this.#set ??= this.#parse('');
      this.#set.add(gtid.source, gtid.number);
    }
    this.file = file;
    this.position = position;
  }

  /** `state`: `{ flavor, serverUuid, gtid, file, position }`; `gtid` is null where there are none. */
  toPosition(): Position {
    const gtid = this.#set === null ? null : this.#set.toString();
    const place = `${this.file}:${this.position}`;
    const state = { flavor: this.#flavor, serverUuid: this.#serverUuid, gtid, file: this.file, position: this.position };
    return { state, label: gtid === null || gtid === '' ? place : `${place} (${gtid})` };
  }

  #parse(text: string): GtidSet {
    return this.#flavor === 'mariadb' ? MariadbGtidSet.parse(text) : MysqlGtidSet.parse(text);
  }
}
