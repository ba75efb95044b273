import { RowcastError } from '../../core/errors.ts';

/** Event types that matter to the framing (MySQL's `binlog_event.h`; 23 to 25 and 30 to 32 are rows events, 39 a partial one). */
const TABLE_MAP = 19;
const TRANSACTION_PAYLOAD = 40;
const ROWS = new Set([23, 24, 25, 30, 31, 32, 39, 166, 167, 168, 169, 170, 171]);
const HEADER = 19;

/**
 * The first bytes of an event that is being put together: the OK byte of its packet, the common header (timestamp 4, type
 * 1, server id 4, length 4, position 4, flags 2) and the table id of a rows event. Says no to an event that is too large
 * before the rest of it is read, and names its table where the TABLE_MAP event before it does.
 */
export class EventHead {
  readonly length = 1 + HEADER + 6;
  readonly bytes: Buffer = Buffer.alloc(1 + HEADER + 6);
  readonly #maxEvent: number;
  #map: Buffer = this.bytes;
  #mapStart = 0;
  #mapEnd = 0;

  constructor(maxEvent: number) {
    this.#maxEvent = maxEvent;
  }

  /** Looks at an event that is handed over, and remembers the TABLE_MAP among them. */
  see(bytes: Buffer, start: number, end: number): void {
    if (bytes[start + 4] !== TABLE_MAP) return;
    this.#map = bytes;
    this.#mapStart = start;
    this.#mapEnd = end;
  }

  /** The buffer that a remembered event may lie in is about to be written over. */
  reuse(bytes: Buffer): void {
    if (this.#map === bytes) this.#keep();
  }

  /**
   * The length of the event, which must agree with `payload`, the size of its packets (−1: not known yet).
   * @throws RowcastError ROW_TOO_LARGE, EVENT_CORRUPT
   */
  check(payload: number): number {
    const length = this.bytes.readUInt32LE(1 + 9);
    if (payload >= 0 && length + 1 !== payload) {
      throw new RowcastError('EVENT_CORRUPT', `the server's packets cannot be read: an event announced ${length} bytes in a packet of ${payload - 1}`);
    }
    if (length > this.#maxEvent) throw this.#tooLarge(length);
    return length;
  }

  #keep(): void {
    this.#map = Buffer.from(this.#map.subarray(this.#mapStart, this.#mapEnd));
    this.#mapEnd -= this.#mapStart;
    this.#mapStart = 0;
  }

  #tooLarge(length: number): RowcastError {
    const type = this.bytes[1 + 4] as number;
    const table = ROWS.has(type) ? this.#tableName() : null;
    const subject = table === null ? `a binlog event of type ${type}` : `a rows event of ${table}`;
    const facts = { bytes: length, limit: this.#maxEvent, eventType: type, ...(table === null ? {} : { table }) };
    const detail = type === TRANSACTION_PAYLOAD ? { facts, hint: PAYLOAD_HINT } : { facts };
    return new RowcastError('ROW_TOO_LARGE', `${subject} has ${length} bytes, more than the ${this.#maxEvent} that limits.row allows (two row images and 64 KiB)`, detail);
  }

  /** `database.table` of the remembered TABLE_MAP event when it has the same table id. */
  #tableName(): string | null {
    const map = this.#map;
    const at = this.#mapStart + HEADER;
    if (this.#mapEnd === 0 || map.compare(this.bytes, 1 + HEADER, 1 + HEADER + 6, at, at + 6) !== 0) return null;
    const database = at + 8;
    const databaseLength = map[database] as number;
    const table = database + databaseLength + 2;
    const tableLength = map[table] as number;
    const text = (from: number, length: number): string => map.toString('utf8', from + 1, from + 1 + length);
    return `${text(database, databaseLength)}.${text(table, tableLength)}`;
  }
}

const PAYLOAD_HINT = 'The event is a compressed transaction: set binlog_transaction_compression=OFF on the server and in every session, or raise limits.row.';
