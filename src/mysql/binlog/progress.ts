import type { GtidParts } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Position } from '../../core/position.ts';
import { MariadbGtidSet, MysqlGtidSet, type GtidSet } from './gtid-set.ts';
import type { DecoderStart, Flavor } from './options.ts';
import type { Place } from './place.ts';
import type { PreparedPlace } from './xa.ts';

/** What is committed: file, offset and GTID set after the last whole transaction (Invariant 2), and whose file it is. */
export class Progress {
  readonly #flavor: Flavor;
  /** The server that is read. */
  readonly #reads: string | null;
  /** The server that file and position are of: the one that is read, once something is committed. */
  #server: string | null;
  file: string;
  position: number;
  #created: number | null;
  /** The last transaction had no GTID. */
  #anonymous: boolean;
  #set: GtidSet | null;
  /** Prepared before the position, and neither committed nor rolled back before it. */
  prepared: ReadonlyMap<string, PreparedPlace> = new Map();

  constructor(flavor: Flavor, start: DecoderStart) {
    this.#flavor = flavor;
    this.#server = start.serverUuid;
    this.#reads = start.reads === undefined ? start.serverUuid : start.reads;
    this.file = start.file;
    this.position = start.position;
    this.#created = start.created ?? null;
    this.#anonymous = start.anonymous ?? false;
    this.#set = start.gtid === null ? null : this.#parse(start.gtid);
  }

  /** True while neither GTIDs nor a file tell where reading began. */
  get unknown(): boolean {
    return this.file === '' && this.#set === null;
  }

  /** File and position are of the server that is read. */
  get placed(): boolean {
    return this.file !== '' && this.#server === this.#reads;
  }

  /** What was executed before the first file, unless it is known already; the answer is what was given. @throws RowcastError EVENT_CORRUPT */
  adopt(gtids: string): string {
    if (this.#set !== null) return gtids;
    try {
      this.#set = this.#parse(gtids);
      return gtids;
    } catch (cause) {
      throw new RowcastError('EVENT_CORRUPT', `the GTIDs executed before the file are not a GTID set: ${gtids.slice(0, 200)}`, { cause });
    }
  }

  /** A transaction ended at `place`, `gtid` its own or null. */
  commit(gtid: GtidParts | null, place: CommitPlace): void {
    if (gtid !== null) {
      this.#set ??= this.#parse('');
      this.#set.add(gtid.source, gtid.number);
    }
    this.#anonymous = gtid === null;
    this.move(place);
  }

  /** Nothing was committed, but what comes next is at `place`. */
  move({ file, position, created }: CommitPlace): void {
    this.#server = this.#reads;
    this.file = file;
    this.position = position;
    this.#created = created;
  }

  /** The FORMAT_DESCRIPTION event of a file of the server that is read tells when that was made. */
  describe({ file, created }: CommitPlace): void {
    if (file === this.file && this.#server === this.#reads) this.#created = created;
  }

  /** GTIDs of all that is committed; null where there are none. */
  get gtids(): string | null {
    return this.#set === null ? null : this.#set.toString();
  }

  /** The server that is read. */
  get server(): string | null {
    return this.#reads;
  }

  /**
   * `state`: `{ flavor, serverUuid, gtid, file, position, created, anonymous }`; `gtid` is null where there are none,
   * `created` where the file's beginning has not been seen. `prepared` is there where an XA transaction waits for its outcome.
   */
  toPosition(): Position {
    const gtid = this.gtids;
    const place = this.file === '' ? '' : `${this.file}:${this.position}`;
    const state = { flavor: this.#flavor, serverUuid: this.#server, gtid, file: this.file, position: this.position, created: this.#created, anonymous: this.#anonymous, ...(this.prepared.size === 0 ? {} : { prepared: [...this.prepared.values()].map((one) => ({ ...one })) }) };
    return { state, label: gtid === null || gtid === '' ? place : place === '' ? gtid : `${place} (${gtid})` };
  }

  #parse(text: string): GtidSet {
    return this.#flavor === 'mariadb' ? MariadbGtidSet.parse(text) : MysqlGtidSet.parse(text);
  }
}

/** Where a transaction ends: `Place` as the position sees it. */
export type CommitPlace = Pick<Place, 'file' | 'position' | 'created'>;
