import { readFileSync } from 'node:fs';
import { crc32 } from '@node-rs/crc32';
import type { RowsEvent, Transaction } from '../../../../src/core/change.ts';
import { RowcastError } from '../../../../src/core/errors.ts';
import { ABSENT, RowImage } from '../../../../src/core/row-image.ts';
import type { ColumnValue, TableVersion } from '../../../../src/core/table.ts';
import type { CatalogueColumn, TableCatalogue } from '../../../../src/mysql/binlog/catalogue.ts';
import { BinlogDecoder } from '../../../../src/mysql/binlog/decoder.ts';
import { changedTables } from '../../../../src/mysql/binlog/mentions.ts';
import type { DecoderOptions } from '../../../../src/mysql/binlog/options.ts';
import type { PreparedReader } from '../../../../src/mysql/binlog/xa.ts';
import { PayloadReader } from '../../../../src/mysql/stream/payload-reader.ts';

export interface Recording {
  readonly decoder: BinlogDecoder;
  /** What the handler, the catalogue and the observer were told, in order. */
  readonly calls: string[];
  readonly tables: TableVersion[];
  readonly transactions: Transaction[];
}

export function column(name: string, columnType: string, more: Partial<CatalogueColumn> = {}): CatalogueColumn {
  return { name, columnType, dataType: columnType.replace(/\W.*/u, ''), nullable: true, charset: null, labels: null, unsigned: /unsigned/u.test(columnType), keyOrder: null, ...more };
}

/** A catalogue that writes down the captured tables (those of `fix`) that a statement's words name, and asks for them anew. */
export function followed(describe: TableCatalogue['describe'], told: (verb: string, table: string, place: string) => void = () => undefined): TableCatalogue {
  return {
    describe,
    statement: ({ statement, query, place }) => {
      const tables = statement.kind === 'ddl' ? changedTables(statement, { database: query.database, captures: (database) => database === 'fix' }) : [];
      for (const { database, table } of tables) told(statement.verb, `${database}.${table}`, place.label);
      return { changed: tables.map(({ database, table }) => ({ database, name: table })), news: null };
    },
    shadowOf: () => null,
    writtenBy: () => undefined,
  };
}

/** A reader that finds nothing that was prepared before. */
export const nothingPrepared: PreparedReader = {
  reread: ({ xid }) => Promise.reject(new RowcastError('XA_PREPARE_LOST', `nothing of ${xid} is here`)),
  find: () => Promise.resolve(null),
};

/** A decoder whose calls are written down. Tables of database `fix` are captured. */
export function record(options: Partial<DecoderOptions> = {}, columns: readonly CatalogueColumn[] = []): Recording {
  const calls: string[] = [];
  const tables: TableVersion[] = [];
  const transactions: Transaction[] = [];
  let commit = -1;
  // A commit is told before the position moves, and written down with the position after it.
  const moved = (): void => {
    if (commit >= 0) calls[commit] = `commit ${decoder.position().label}`;
    commit = -1;
  };
  const decoder = new BinlogDecoder({
    handler: {
      notice: () => undefined, table: (version) => void (tables.push(version), calls.push(`table ${version.name}`)),
      begin: (transaction) => void (transactions.push(transaction), calls.push(`begin ${transaction.id}`)),
      rows: (event) => void calls.push(`${event.operation} ${event.table.name} at ${event.position}: ${rowsOf(event)}`),
      commit: () => void (commit = calls.push('commit') - 1),
    },
    observer: { alive: () => undefined, event: () => undefined, passed: (type) => void calls.push(`passed ${type}`), untold: (reason) => void calls.push(`untold ${reason}`) },
    captures: (database) => database === 'fix',
    catalogue: followed(() => ({ columns }), (verb, table) => void calls.push(`ddl ${verb} ${table}`)),
    charsets: new Map([[8, 'latin1'], [45, 'utf8mb4'], [63, 'binary'], [255, 'utf8mb4']]),
    flavor: 'mysql',
    start: { file: 'binlog.000001', position: 4, gtid: null, serverUuid: null },
    includeQuery: false,
    holding: { all: false, memory: 1 << 20, path: '/nowhere/held' }, prepared: nothingPrepared,
    ...options,
  });
  settling(decoder, moved);
  settling(decoder.payload, moved);
  return { decoder, calls, tables, transactions };
}

/** Has `settled` called after each event. */
function settling(taker: { event(...given: never[]): void | Promise<void> }, settled: () => void): void {
  const event = taker.event.bind(taker);
  taker.event = (...given) => {
    const pending = event(...given);
    if (pending instanceof Promise) return pending.then(settled);
    settled();
    return undefined;
  };
}

/** The images of an event: values in brackets, `-` for one that is not there, rows apart by commas, before and after image by an arrow. */
export function rowsOf(event: RowsEvent): string {
  if (event.start === event.end) return event.table.captured ? '' : 'not shown';
  const image = new RowImage(event.table);
  const images: string[] = [];
  for (let at = event.start; at < event.end; at = image.end()) {
    const isBefore = event.operation === 'delete' || (event.operation === 'update' && images.length % 2 === 0);
    image.set(event.bytes, at, event.end, (isBefore ? event.partial?.before : event.partial?.after) ?? null);
    images.push(`[${event.table.columns.map((_, i) => (image.locate(i) === ABSENT ? '-' : shown(image.read(i)))).join(' ')}]`);
  }
  return images.map((one, i) => (i === 0 ? '' : event.operation === 'update' && i % 2 === 1 ? '→' : ', ') + one).join('');
}

function shown(value: ColumnValue | null): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'object') return String(value);
  if ('text' in value) return value.text;
  if ('unscaled' in value) return `${value.unscaled}e-${value.scale}`;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : [...value].join('|');
}

/** The events of a binlog file, where they start and end. */
export function events(bytes: Buffer): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 4; at + 19 <= bytes.length; at += bytes.readUInt32LE(at + 9)) found.push([at, at + bytes.readUInt32LE(at + 9)]);
  return found;
}

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}.binlog`, import.meta.url));
}

/** Hands in the events of a file, those from offset `from` on and its FORMAT_DESCRIPTION. */
export function feed(run: Recording, file: Buffer, from = 4): void {
  const payloads = new PayloadReader(run.decoder.payload, 1 << 20, run.decoder);
  events(file).forEach(([start, end], index) => {
    if (index !== 0 && start < from) return;
    if (file[start + 4] !== 40) {
      void run.decoder.event(file, start, end);
      return;
    }
    payloads.whole(file, start, end);
    while (payloads.busy) void payloads.step();
  });
}

/** An event with header, body and, where asked for, checksum. */
export interface EventSpec {
  readonly type: number;
  readonly body?: Buffer;
  readonly flags?: number;
  /** Offset after it; 0: the server does not tell. */
  readonly next?: number;
  readonly timestamp?: number;
  readonly checksum?: boolean;
}

export function makeEvent({ type, body = Buffer.alloc(0), flags = 0, next = 0, timestamp = 1, checksum = false }: EventSpec): Buffer {
  const bytes = Buffer.alloc(19 + body.length + (checksum ? 4 : 0));
  bytes.writeUInt32LE(timestamp, 0);
  bytes[4] = type;
  bytes.writeUInt32LE(7, 5);
  bytes.writeUInt32LE(bytes.length, 9);
  bytes.writeUInt32LE(next, 13);
  bytes.writeUInt16LE(flags, 17);
  body.copy(bytes, 19);
  if (checksum) bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

/** A FORMAT_DESCRIPTION event of MySQL 9.7, after which events have no checksum. `created`: when the server that began with it was started. */
export function descriptionEvent(next = 0, created = 0): Buffer {
  const body = Buffer.alloc(2 + 50 + 4 + 1 + 42 + 5);
  body.writeUInt16LE(4, 0);
  body.write('9.7.4', 2);
  body.writeUInt32LE(created, 52);
  body[56] = 19;
  body.fill(1, 57, 57 + 42);
  return makeEvent({ type: 15, body, next });
}

/** The GTID event of MariaDB with sequence number `sequence` in domain 0. */
export function mariadbGtidEvent(sequence: number, flags: number): Buffer {
  const body = Buffer.alloc(19);
  body.writeBigUInt64LE(BigInt(sequence), 0);
  body[12] = flags;
  return makeEvent({ type: 162, body });
}

/** The GTID_LIST event of MariaDB: the last sequence number of domain 0. */
export function gtidListEvent(sequence: number): Buffer {
  const body = Buffer.alloc(20);
  body.writeUInt32LE(1, 0);
  body.writeUInt32LE(7, 8);
  body.writeBigUInt64LE(BigInt(sequence), 12);
  return makeEvent({ type: 163, body });
}

export function queryEvent(sql: string, database = '', next = 0): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32LE(9, 0);
  head[8] = Buffer.byteLength(database);
  return makeEvent({ type: 2, body: Buffer.concat([head, Buffer.from(`${database}\0${sql}`)]), next });
}

/** The TABLE_MAP event of `database`.t (id INT), with its column name where `named`. */
export function tableMapEvent(id: number, { database = 'fix', named = true }: { readonly database?: string; readonly named?: boolean } = {}): Buffer {
  const head = Buffer.alloc(8);
  head.writeUIntLE(id, 0, 6);
  const names = Buffer.from(`${String.fromCharCode(database.length)}${database}\0\x01t\0`, 'latin1');
  return makeEvent({ type: 19, body: Buffer.concat([head, names, Buffer.from([1, 3, 0, 0]), named ? Buffer.from([4, 3, 2, 0x69, 0x64, 1, 1, 0x00]) : Buffer.alloc(0)]) });
}

/** A WRITE_ROWS event of `values` for a table of one INT column. */
export function writeRowsEvent(id: number, values: readonly number[], { extra = Buffer.alloc(0), flags = 1 }: { readonly extra?: Buffer; readonly flags?: number } = {}): Buffer {
  const head = Buffer.alloc(10);
  head.writeUIntLE(id, 0, 6);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(2 + extra.length, 8);
  const rows = values.map((value) => Buffer.from([0, value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24]));
  return makeEvent({ type: 30, body: Buffer.concat([head, extra, Buffer.from([1, 1]), ...rows]) });
}

/** The code of the RowcastError that `act` throws or rejects with, `none` without one, and anything else as it is. */
export async function codeOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return 'none';
  } catch (error) {
    return error instanceof RowcastError ? error.code : String(error);
  }
}
