/**
 * Nanoseconds of processor time a row for keys, values, headers and partitions of each format, on real rows of the orders table (70 inserts, 20 updates, 10
 * deletes). Run by `npx tsx bench/micro/encode.ts [seconds a format]`; with `node --cpu-prof` it shows where they go.
 */
import { readFileSync } from 'node:fs';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import type { Operation, RowsEvent } from '../../src/core/change.ts';
import type { RowEncoder } from '../../src/core/ports.ts';
import type { Projection } from '../../src/core/projection.ts';
import { RowImage } from '../../src/core/row-image.ts';
import type { Column, TableVersion } from '../../src/core/table.ts';
import { CANAL_DEFAULTS } from '../../src/format/canal/options.ts';
import { CLOUDEVENTS_DEFAULTS } from '../../src/format/cloudevents/options.ts';
import { createFormat } from '../../src/format/formats.ts';
import type { FormatChoice } from '../../src/format/formats.ts';
import { MAXWELL_DEFAULTS } from '../../src/format/maxwell/options.ts';
import { MessageSlot } from '../../src/runtime/row-messages.ts';
import { describeColumn } from '../../src/mysql/columns/describe.ts';
import { TYPE } from '../../src/mysql/columns/description.ts';
import type { ColumnDescription } from '../../src/mysql/columns/description.ts';

const SECONDS = Number(process.argv[2] ?? 3);
const ROUNDS = 5;
const BASE: Omit<ColumnDescription, 'name' | 'typeCode' | 'meta'> = { unsigned: false, charset: null, labels: null, geometry: null, dimensions: null, declared: null };

/** The twelve columns as their TABLE_MAP event describes them. */
const COLUMNS: readonly (Pick<ColumnDescription, 'name' | 'typeCode' | 'meta'> & Partial<ColumnDescription>)[] = [
  { name: 'id', typeCode: TYPE.LONGLONG, meta: 0, unsigned: true },
  { name: 'customer_id', typeCode: TYPE.LONG, meta: 0 },
  { name: 'status', typeCode: TYPE.STRING, meta: TYPE.ENUM | (1 << 8), labels: ['new', 'paid', 'shipped', 'done'] },
  { name: 'total', typeCode: TYPE.NEWDECIMAL, meta: 12 | (2 << 8) },
  { name: 'currency', typeCode: TYPE.STRING, meta: TYPE.STRING | (12 << 8), charset: 'utf8mb4' },
  { name: 'note', typeCode: TYPE.VARCHAR, meta: 800, charset: 'utf8mb4' },
  { name: 'created_at', typeCode: TYPE.DATETIME2, meta: 3 },
  { name: 'updated_at', typeCode: TYPE.TIMESTAMP2, meta: 6 },
  { name: 'is_gift', typeCode: TYPE.TINY, meta: 0 },
  { name: 'weight', typeCode: TYPE.DOUBLE, meta: 8 },
  { name: 'tags', typeCode: TYPE.JSON, meta: 4 },
  { name: 'addr', typeCode: TYPE.VARCHAR, meta: 480, charset: 'utf8mb4' },
];

function ordersTable(): TableVersion {
  const columns = COLUMNS.map((each, index): Column => ({ ...describeColumn({ ...BASE, ...each }), index, name: each.name, nullable: index > 8 || index === 5 }));
  return { database: 'shop', name: 'orders', columns, primaryKey: [0], captured: true };
}

/** The events of one transaction of a hundred rows. */
function events(table: TableVersion): RowsEvent[] {
  const text = readFileSync(new URL('orders-rows.txt', import.meta.url), 'utf8').trimEnd();
  const transaction = { sequence: 1, gtid: '884a22a1-e74e-11f1-b14c-02fc00000001:20101', xid: null, file: 'binlog.000001', serverId: 1, threadId: 115, committedMicros: 1_795_447_511_487_592, id: '884a22a1-e74e-11f1-b14c-02fc00000001:20101' };
  return text.split('\n').map((line, place) => {
    const [operation = '', rows = ''] = line.split(' ');
    const bytes = Buffer.from(rows, 'base64');
    return { table, operation: operation as Operation, bytes, start: 0, end: bytes.length, partial: null, transaction, position: 1000 * (place + 1), firstRow: 0, timestamp: 1_795_447_511, query: null };
  });
}

/** Encodes every row of the events as the dispatcher would; the answer is how many rows there were. */
class Bench {
  readonly #encoder: RowEncoder;
  readonly #out = new ByteWriter(1 << 20);
  readonly #key = new ByteWriter(256);
  readonly #message: MessageSlot;
  readonly #before: RowImage;
  readonly #after: RowImage;
  rows = 0;
  bytes = 0;

  constructor(encoder: RowEncoder, event: RowsEvent) {
    this.#encoder = encoder;
    this.#message = new MessageSlot(event);
    this.#before = new RowImage(event.table);
    this.#after = new RowImage(event.table);
  }

  event(event: RowsEvent): void {
    const message = this.#message;
    message.event = event;
    message.row = 0;
    for (let at = event.start; at < event.end; message.row++) at = this.#row(event, at, message);
  }

  #row(event: RowsEvent, at: number, message: MessageSlot): number {
    const before = event.operation === 'insert' ? null : this.#before;
    const after = event.operation === 'delete' ? null : this.#after;
    before?.set(event.bytes, at, event.end);
    after?.set(event.bytes, before === null ? at : before.end(), event.end);
    message.change(event.operation, before, after);
    const last = after ?? this.#before;
    this.#key.at = 0;
    this.#out.at = 0;
    if (this.#encoder.keyed !== false) this.#encoder.key(last, this.#key);
    this.#encoder.value(message, this.#out);
    this.#encoder.headers(message);
    this.#encoder.partition?.(message);
    this.rows++;
    this.bytes += this.#out.at;
    return last.end();
  }
}

const table = ordersTable();
const projection: Projection = { table, columns: table.columns.map((column) => ({ column, name: column.name, mask: null })), key: table.columns.slice(0, 1).map((column) => ({ column, name: column.name, mask: null })) };
const transactions = events(table);
const clock = { nowMicros: () => Date.now() * 1000, monotonicMs: () => 0 };
const [first] = transactions;
if (first === undefined) throw new Error('there are no rows');

const FORMATS: Readonly<Record<string, FormatChoice>> = {
  plain: { type: 'plain' },
  debezium: { type: 'debezium' },
  maxwell: { type: 'maxwell', ...MAXWELL_DEFAULTS },
  canal: { type: 'canal', ...CANAL_DEFAULTS },
  'cloudevents structured': { type: 'cloudevents', ...CLOUDEVENTS_DEFAULTS },
  'cloudevents binary': { type: 'cloudevents', ...CLOUDEVENTS_DEFAULTS, mode: 'binary' },
};

for (const [name, choice] of Object.entries(FORMATS)) {
  const bench = new Bench(createFormat(choice, { serverName: 'shop', version: '0.1.0', connector: 'mysql', clock }).encoder(projection), first);
  const rounds = Array.from({ length: ROUNDS }, () => round(bench));
  console.log(`${name}: ${Math.min(...rounds).toFixed(0)} ns a row (rounds ${rounds.map((each) => each.toFixed(0)).join(', ')}), ${Math.round(bench.bytes / bench.rows)} bytes a value`);
}

/** Nanoseconds of processor time a row: other load on the machine does not count as ours. */
function round(bench: Bench): number {
  bench.rows = 0;
  bench.bytes = 0;
  const started = process.cpuUsage();
  const limit = (SECONDS / ROUNDS) * 1e6;
  let used = 0;
  while (used < limit) {
    for (let i = 0; i < 50; i++) for (const event of transactions) bench.event(event);
    const { user, system } = process.cpuUsage(started);
    used = user + system;
  }
  return (used * 1000) / bench.rows;
}
