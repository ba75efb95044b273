import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { Operation, RowsEvent } from '../../core/change.ts';
import { writeJsonText } from '../../core/json-text.ts';
import type { Clock } from '../../core/ports.ts';
import type { Projection } from '../../core/projection.ts';
import { EventCache } from '../event-cache.ts';
import { writeMillis } from '../times.ts';

const GTID = Buffer.from('000,"gtid":');
const ID = Buffer.from(',"id":');
const TYPE = Buffer.from(',"type":"');
const OPERATIONS = { insert: Buffer.from('INSERT"}'), update: Buffer.from('UPDATE"}'), delete: Buffer.from('DELETE"}') } as const;

/** What a message holds besides its rows. */
export class CanalEnvelope {
  readonly #clock: Clock;
  readonly #head: EventCache;
  /** `,"pkNames":["id"],"sql":"","sqlType":` */
  readonly #keys: Buffer;
  /** `,"table":"t","ts":` */
  readonly #table: Buffer;

  constructor(projection: Projection, clock: Clock) {
    const { table, columns, key } = projection;
    const types = Object.fromEntries(columns.map((projected) => [projected.name, projected.column.sqlType]));
    const database = Buffer.from(`],"database":${JSON.stringify(table.database)},"es":`);
    const rest = Buffer.from(`,"isDdl":false,"mysqlType":${orderedJson(columns.map(({ name }) => name), types)},"old":`);
    const keys = columns.filter(({ column }) => key.some((each) => each.column === column)).map(({ name }) => name);
    this.#clock = clock;
    this.#keys = Buffer.from(`,"pkNames":${keys.length === 0 ? 'null' : JSON.stringify(keys)},"sql":"","sqlType":`);
    this.#table = Buffer.from(`,"table":${JSON.stringify(table.name)},"ts":`);
    this.#head = new EventCache((event, out) => {
      writeHead(event, database, rest, out);
    });
  }

  /** From the end of the rows to `"old":`. */
  head(event: RowsEvent, out: ByteWriter): void {
    this.#head.copy(event, out);
  }

  /** From the end of the old values to `"sqlType":`. */
  keys(out: ByteWriter): void {
    out.raw(this.#keys);
  }

  /** The rest. */
  tail(operation: Operation, out: ByteWriter): void {
    out.raw(this.#table);
    writeMillis(this.#clock.nowMicros(), out);
    out.raw(TYPE);
    out.raw(ofOperation(OPERATIONS, operation));
  }
}

function writeHead({ timestamp, transaction }: RowsEvent, database: Buffer, rest: Buffer, out: ByteWriter): void {
  out.raw(database);
  out.integer(timestamp);
  out.raw(GTID);
  writeJsonText(transaction.gtid ?? '', out);
  out.raw(ID);
  out.integer(transaction.sequence);
  out.raw(rest);
}

/** An object whose fields keep this order, whatever their names are. */
export function orderedJson(names: readonly string[], values: Readonly<Record<string, unknown>>): string {
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(values[name])}`).join(',')}}`;
}
