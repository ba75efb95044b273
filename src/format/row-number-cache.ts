import { ByteWriter } from '../core/byte-writer.ts';
import type { RowsEvent } from '../core/change.ts';
import { putDigits } from '../core/digits.ts';
import { fill } from '../core/projection.ts';
import type { EventWriter } from './event-cache.ts';
import { currentView, EventMark } from './event-cache.ts';

/** What stands around the number of a row, and is the same for all rows of an event. */
export interface AroundRowNumber {
  /** Called before the first row of an event is written. */
  readonly begin: () => void;
  readonly before: EventWriter;
  readonly after: EventWriter;
}

/**
 * What differs between the rows of one event in nothing but the number of the row: copied in one go from an event's second
 * row on, and the digits put over those that stand there. It is encoded anew where the number has more digits than before.
 */
export class RowNumberCache {
  readonly #around: AroundRowNumber;
  readonly #event = new EventMark();
  /** Made at the first event of several rows. */
  #scratch: ByteWriter | null = null;
  /** What is in the scratch buffer: a view that is kept, because making one for each row would be garbage. */
  #bytes: Buffer = NOTHING;
  /** The last view by how many digits there were: events that follow each other are most often as long with as many. */
  readonly #views: Buffer[] = [];
  /** Where the digits begin in it, and how many there are. */
  #digitsAt = 0;
  #digits = 0;
  /** The numbers that have as many digits: `from` is the first of them, `beyond` the first after them; 0: nothing is kept of this event. */
  #from = 0;
  #beyond = 0;

  constructor(around: AroundRowNumber) {
    this.#around = around;
  }

  /** Writes all of it for the row of this number. */
  write(event: RowsEvent, row: number, out: ByteWriter): void {
    const met = this.#event.meets(event);
    if (!met) {
      this.#beyond = 0;
      this.#around.begin();
    }
    if (!met || row >= MOST) {
      this.#encode(event, row, out);
      return;
    }
    if (row < this.#from || row >= this.#beyond) this.#keep(event, row);
    const at = out.at + this.#digitsAt;
    out.raw(this.#bytes);
    putDigits(out.bytes, at, row, this.#digits);
  }

  #encode(event: RowsEvent, row: number, out: ByteWriter): void {
    this.#around.before(event, out);
    out.integer(row);
    this.#around.after(event, out);
  }

  #keep(event: RowsEvent, row: number): void {
    const scratch = (this.#scratch ??= new ByteWriter(ROOM));
    fill(scratch, () => {
      this.#around.before(event, scratch);
      this.#digitsAt = scratch.at;
      scratch.integer(row);
      this.#digits = scratch.at - this.#digitsAt;
      this.#around.after(event, scratch);
      return 0;
    });
    this.#bytes = currentView(scratch, this.#views[this.#digits] ?? NOTHING);
    this.#views[this.#digits] = this.#bytes;
    this.#from = this.#digits === 1 ? 0 : 10 ** (this.#digits - 1);
    this.#beyond = 10 ** this.#digits;
  }
}

/** Numbers from here on are not put over others; those of rows in a compressed transaction of more than 4 GiB are so large. */
const MOST = 2 ** 32;
const ROOM = 1024;
const NOTHING = Buffer.alloc(0);
