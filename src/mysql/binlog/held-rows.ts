import { EventSpool, type HeldEvent, type SpoolMark } from './event-spool.ts';
import type { SpillFile } from './spill-file.ts';
import type { MappedTable } from './table-cache.ts';
import type { Valve } from './valve.ts';

/** A rows event that was read and is not told yet. */
export interface HeldPlace {
  /** Offset in its binlog file. */
  readonly position: number;
  readonly firstRow: number;
}

/** Bytes of an event: `bytes[start, end)`, without checksum. */
export interface EventBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Takes what was held, in order. */
export interface HeldTaker {
  /** The SQL text of the rows to come. */
  query(text: string): void;
  rows(mapped: MappedTable, event: EventBytes, place: HeldPlace): void;
}

export interface HeldMark {
  readonly spool: SpoolMark;
  readonly rows: number;
}

const ROWS = 1;
const QUERY = 2;

/** Rows events of captured tables as they came, with the tables that they are of, until it is known what becomes of them. */
export class HeldRows {
  readonly #spool: EventSpool;
  #tables: MappedTable[] = [];
  readonly #numbers = new Map<MappedTable, number>();
  #rows = 0;

  /** `bound`: bytes in memory; what comes after them goes to the file, or, without one, overflows. */
  constructor(bound: number, file: SpillFile | null) {
    this.#spool = new EventSpool(bound, file);
  }

  /** Rows events held; they are counted also where they overflowed. */
  get rows(): number {
    return this.#rows;
  }

  /** Nothing is held, no SQL text either. */
  get empty(): boolean {
    return this.#spool.count === 0;
  }

  get overflowed(): boolean {
    return this.#spool.overflowed;
  }

  /** Bytes of memory it takes. */
  get size(): number {
    return this.#spool.size;
  }

  /** @throws RowcastError HELD_UNWRITABLE */
  add(mapped: MappedTable, { bytes, start, end }: EventBytes, { position, firstRow }: HeldPlace): void | Promise<void> {
    this.#rows++;
    return this.#spool.append({ kind: ROWS, table: this.#numberOf(mapped), position, firstRow }, bytes, start, end);
  }

  /** @throws RowcastError HELD_UNWRITABLE */
  addQuery(text: string): void | Promise<void> {
    const bytes = Buffer.from(text);
    return this.#spool.append({ kind: QUERY, table: 0, position: 0, firstRow: 0 }, bytes, 0, bytes.length);
  }

  mark(): HeldMark {
    return { spool: this.#spool.mark(), rows: this.#rows };
  }

  /** Takes back what came after a mark. */
  cut({ spool, rows }: HeldMark): void {
    this.#spool.cut(spool);
    this.#rows = rows;
  }

  /** Takes all of it back. */
  drop(): void {
    this.cut(NOTHING);
  }

  /** @throws RowcastError HELD_UNWRITABLE, SOURCE_LOST, and what the taker throws */
  replay(taker: HeldTaker, valve: Valve): void | Promise<void> {
    const take = (event: HeldEvent): void => {
      if (event.kind === QUERY) taker.query(event.bytes.toString('utf8', event.start, event.end));
      else taker.rows(this.#tables[event.table] as MappedTable, event, event);
    };
    return this.#spool.replay(take, valve);
  }

  /** For good: nothing is written any more. */
  async close(): Promise<void> {
    await this.#spool.close();
  }

  clear(): void | Promise<void> {
    this.#tables = [];
    this.#numbers.clear();
    this.#rows = 0;
    return this.#spool.clear();
  }

  #numberOf(mapped: MappedTable): number {
    let number = this.#numbers.get(mapped);
    if (number === undefined) {
      number = this.#tables.push(mapped) - 1;
      this.#numbers.set(mapped, number);
    }
    return number;
  }
}

const NOTHING: HeldMark = { spool: { count: 0, memory: 0, file: 0 }, rows: 0 };
