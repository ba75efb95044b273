import type { Transaction } from '../../core/change.ts';
import type { TableVersion } from '../../core/table.ts';

/** Builds the text of a GTID when somebody asks. */
export interface GtidText {
  readonly source: string;
  readonly number: number | bigint;
  readonly separator: ':' | '-';
}

let sequences = 0;

/** A transaction as handlers see it; made at its first rows event. */
export class BinlogTransaction implements Transaction {
  readonly sequence = ++sequences;
  readonly file: string;
  readonly serverId: number;
  readonly threadId: number | null;
  readonly committedMicros: number;
  readonly xid = null;
  readonly #gtid: GtidText | null;
  readonly #start: number;
  #text: string | null = null;

  constructor(group: Group, file: string, serverId: number) {
    this.file = file;
    this.serverId = serverId;
    this.threadId = group.threadId;
    this.committedMicros = group.committedMicros;
    this.#gtid = group.gtid;
    this.#start = group.start;
  }

  get gtid(): string | null {
    if (this.#text === null && this.#gtid !== null) this.#text = textOf(this.#gtid);
    return this.#text;
  }

  get id(): string {
    return this.gtid ?? `${this.file}:${this.#start}`;
  }
}

function textOf({ source, separator, number }: GtidText): string {
  return `${source}${separator}${number.toString()}`;
}

/** The GTID of a group, null without one. */
export function gtidOf({ gtid }: Group): string | null {
  return gtid === null ? null : textOf(gtid);
}

/** What is known of the open group of events: a transaction, or a statement that is one by itself. */
export interface Group {
  readonly gtid: GtidText | null;
  /** Offset of its first event. */
  readonly start: number;
  committedMicros: number;
  threadId: number | null;
  /** BEGIN was seen, or is implied: only COMMIT, ROLLBACK or XID ends it. */
  begun: boolean;
  /** Prepared now, committed or not later. */
  xa: boolean;
  /** Rows events of captured tables that were handed over. */
  told: number;
  /** The table of the last of them. */
  toldTable: TableVersion | null;
  /** `told` at each savepoint, by its name in lower case; null while there is none. */
  savepoints: Map<string, number> | null;
}

/** A group that begins at offset `start`. */
export function newGroup(gtid: GtidText | null, start: number, committedMicros: number): Group {
  return { gtid, start, committedMicros, threadId: null, begun: false, xa: false, told: 0, toldTable: null, savepoints: null };
}
