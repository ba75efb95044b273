import { ByteWriter } from '../core/byte-writer.ts';
import type { RowsEvent } from '../core/change.ts';
import { fill } from '../core/projection.ts';

/** Writes something that all rows of one event share. */
export type EventWriter = (event: RowsEvent, out: ByteWriter) => void;

/**
 * The bytes that all rows of one event share, encoded when the event changes. Event objects are reused, so an event is
 * known by its transaction's sequence, its position, its first row (those of a compressed transaction have one position)
 * and its query.
 */
export class EventCache {
  readonly #write: EventWriter;
  readonly #scratch = new ByteWriter(1024);
  /** What is in the scratch buffer: a view that is kept, because making one for each row would be garbage. */
  #bytes: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #position = -1;
  #firstRow = 0;
  #query: string | null = null;

  constructor(write: EventWriter) {
    this.#write = write;
  }

  copy(event: RowsEvent, out: ByteWriter): void {
    if (event.position !== this.#position || event.firstRow !== this.#firstRow || event.transaction.sequence !== this.#sequence || event.query !== this.#query) this.#encode(event);
    out.raw(this.#bytes);
  }

  #encode(event: RowsEvent): void {
    fill(this.#scratch, (scratch) => {
      this.#write(event, scratch);
      return 0;
    });
    this.#bytes = currentView(this.#scratch, this.#bytes);
    this.#sequence = event.transaction.sequence;
    this.#position = event.position;
    this.#firstRow = event.firstRow;
    this.#query = event.query;
  }
}

/** A view of what was written: the old one where it shows the same bytes still. */
export function currentView(scratch: ByteWriter, old: Buffer): Buffer {
  return old.length === scratch.at && old.buffer === scratch.bytes.buffer ? old : scratch.view();
}
