import { ByteWriter } from '../core/byte-writer.ts';
import type { RowsEvent } from '../core/change.ts';
import { fill } from '../core/projection.ts';

/** Writes something that all rows of one event share. */
export type EventWriter = (event: RowsEvent, out: ByteWriter) => void;

/**
 * Tells the rows of one event from those of the next. Event objects are reused, so an event is known by its transaction's
 * sequence, its position, its first row (those of a compressed transaction have one position) and its query.
 */
export class EventMark {
  #sequence = 0;
  #position = -1;
  #firstRow = 0;
  #query: string | null = null;

  /** False where the event is not that of the call before. */
  meets(event: RowsEvent): boolean {
    if (event.position === this.#position && event.firstRow === this.#firstRow && event.transaction.sequence === this.#sequence && event.query === this.#query) return true;
    this.#sequence = event.transaction.sequence;
    this.#position = event.position;
    this.#firstRow = event.firstRow;
    this.#query = event.query;
    return false;
  }
}

/** What all rows of one event share: written in place for its first row, kept and copied for those after it, so that an event of one row costs no copy. */
export class EventCache {
  readonly #write: EventWriter;
  readonly #event = new EventMark();
  /** Made at the first event of several rows. */
  #scratch: ByteWriter | null = null;
  /** What is in the scratch buffer: a view that is kept, because making one for each row would be garbage. */
  #bytes: Buffer = NOTHING;
  #kept = false;

  constructor(write: EventWriter) {
    this.#write = write;
  }

  /** True where the event is not that of the call before. */
  copy(event: RowsEvent, out: ByteWriter): boolean {
    if (!this.#event.meets(event)) {
      this.#kept = false;
      this.#write(event, out);
      return true;
    }
    if (!this.#kept) this.#keep(event);
    out.raw(this.#bytes);
    return false;
  }

  #keep(event: RowsEvent): void {
    const scratch = (this.#scratch ??= new ByteWriter(ROOM));
    fill(scratch, () => {
      this.#write(event, scratch);
      return 0;
    });
    this.#bytes = currentView(scratch, this.#bytes);
    this.#kept = true;
  }
}

const ROOM = 1024;
const NOTHING = Buffer.alloc(0);

/** A view of what was written: the old one where it shows the same bytes still. */
export function currentView(scratch: ByteWriter, old: Buffer): Buffer {
  return old.length === scratch.at && old.buffer === scratch.bytes.buffer ? old : scratch.view();
}
