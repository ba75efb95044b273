import type { GtidParts, Transaction } from '../../core/change.ts';
import type { TableVersion } from '../../core/table.ts';
import type { HeldMark } from './held-rows.ts';
import type { XaCommit } from './xa.ts';

let sequences = 0;

/** A transaction as handlers see it; made at its first rows event. */
export class BinlogTransaction implements Transaction {
  readonly sequence = ++sequences;
  readonly file: string;
  readonly serverId: number;
  readonly threadId: number | null;
  readonly committedMicros: number;
  readonly xid: bigint | null;
  readonly gtidParts: GtidParts | null;
  readonly #start: number;
  readonly #commit: XaCommit | null;
  #text: string | null = null;

  constructor(group: Group, file: string, serverId: number) {
    this.file = file;
    this.serverId = serverId;
    this.threadId = group.threadId;
    this.#commit = group.commit;
    this.committedMicros = group.commit === null ? group.committedMicros : group.commit.committedMicros;
    this.xid = group.xid;
    this.gtidParts = group.commit === null ? group.gtid : group.commit.gtid;
    this.#start = group.start;
  }

  get gtid(): string | null {
    if (this.#text === null && this.gtidParts !== null) this.#text = textOf(this.gtidParts);
    return this.#text;
  }

  get id(): string {
    return this.gtid ?? this.#commit?.place ?? `${this.file}:${this.#start}`;
  }
}

function textOf({ source, separator, number }: GtidParts): string {
  return `${source}${separator}${number.toString()}`;
}

/** The GTID of a group, null without one. */
export function gtidOf({ gtid }: Group): string | null {
  return gtid === null ? null : textOf(gtid);
}

/** What is known of the open group of events: a transaction, or a statement that is one by itself. */
export interface Group {
  readonly gtid: GtidParts | null;
  /** Offset of its first event. */
  readonly start: number;
  committedMicros: number;
  threadId: number | null;
  /** Of its rows. */
  serverId: number;
  /** Number in its XID event, once that is known. */
  xid: bigint | null;
  /** BEGIN was seen, or is implied: only COMMIT, ROLLBACK or XID ends it. */
  begun: boolean;
  /** Rows of captured tables wait for its end. */
  held: boolean;
  /** Prepared now, committed or not later. */
  xa: boolean;
  /** The server says that all its rows are of tables with transactions: without an end they do not count. */
  transactional: boolean;
  /** The server was started anew in the middle of it. */
  broken: boolean;
  /** What its rows are told with where that is not the group itself. */
  commit: XaCommit | null;
  /** Rows events of captured tables that were handed over as they came. */
  told: number;
  /** The table of the last of them. */
  toldTable: TableVersion | null;
  /** What was told and held at each savepoint, by its name in lower case; null while there is none. */
  savepoints: Map<string, { readonly told: number; readonly held: HeldMark }> | null;
}

/** A group that begins at offset `start`. */
export function newGroup(gtid: GtidParts | null, start: number, { committedMicros, held }: Pick<Group, 'committedMicros' | 'held'>): Group {
  return { gtid, start, committedMicros, threadId: null, serverId: 0, xid: null, begun: false, held, xa: false, transactional: false, broken: false, commit: null, told: 0, toldTable: null, savepoints: null };
}
