import { crc32 } from '@node-rs/crc32';
import type { RowsEvent } from '../../../../src/core/change.ts';
import { RowcastError } from '../../../../src/core/errors.ts';
import { BinlogDecoder } from '../../../../src/mysql/binlog/decoder.ts';
import type { Flavor } from '../../../../src/mysql/binlog/options.ts';
import { column, events, fixture, followed, nothingPrepared, rowsOf } from './support.ts';

/** Files of real servers whose events are damaged. */
export const DAMAGED = ['mysql-9.7-full', 'mariadb-10.11-full', 'mysql-9.7-minimal-anonymous'] as const;
/** Codes that a damaged event may end the stream with; anything else is a defect. */
export const HONEST: ReadonlySet<string> = new Set(['EVENT_CORRUPT', 'EVENT_UNSUPPORTED', 'SCHEMA_MISMATCH', 'STATEMENT_DML', 'SOURCE_REFUSED', 'ROW_UNREADABLE']);
const MYSQL = [column('id', 'int unsigned'), column('name', 'varchar(20)', { charset: 'utf8mb4' }), column('e', "enum('a','b')", { labels: ['a', 'b'], charset: 'utf8mb4' })];
const MARIADB = [column('id', 'int(10) unsigned'), column('y', 'year(4)'), column('u', 'bigint(20) unsigned'), column('n', 'varchar(20)'), column('e', "enum('a','b')"), column('k', 'uuid')];


/** Types that begin a transaction. */
export const BEGINS: ReadonlySet<number> = new Set([33, 34, 42, 162]);

/** The events from one that begins a transaction up to the next. */
export function groupFrom(list: readonly Buffer[], from: number): Buffer[] {
  const length = list.slice(from + 1).findIndex((bytes) => BEGINS.has(bytes[4] ?? 0));
  return length < 0 ? list.slice(from) : list.slice(from, from + 1 + length);
}

/** What was handed over, as text, and how it ended: `none` where nothing was wrong. */
export interface Outcome {
  readonly rows: string;
  readonly code: string;
}

/** Each event lies between bytes of `filler`. */
export function outcome(name: string, list: Iterable<Buffer>, filler = 0): Outcome {
  const rows: string[] = [];
  const decoder = decoderOf(name, (event) => {
    if (event.start < event.end) rows.push(rowsOf(event));
  });
  try {
    for (const bytes of list) {
      const framed = Buffer.concat([Buffer.alloc(8, filler), bytes, Buffer.alloc(64, filler)]);
      void decoder.event(framed, 8, 8 + bytes.length);
    }
  } catch (error) {
    return { rows: rows.join('; '), code: error instanceof RowcastError ? error.code : String(error) };
  }
  return { rows: rows.join('; '), code: 'none' };
}

/** The outcome with one filler around the events, and with another: they differ where something reads past the end of an event. */
export function outcomes(name: string, list: readonly Buffer[]): readonly [Outcome, Outcome] {
  return [outcome(name, list, 0x00), outcome(name, list, 0xff)];
}

/** An event with the length and the checksum of what it is now. */
export function refitted(part: Buffer): Buffer {
  const bytes = Buffer.concat([part, Buffer.alloc(4)]);
  bytes.writeUInt32LE(bytes.length, 9);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

/** Numbers below a limit, by chance. */
export type Chance = (below: number) => number;

/** Transactions of a file without checksums, each with one event damaged in one to three bits; endless. */
export function* damagedGroups(name: string, random: Chance): Generator<readonly Buffer[], never> {
  const file = withoutChecksums(fixture(name));
  const list = events(file).map(([start, end]) => file.subarray(start, end));
  const [description = file] = list;
  const groups = list.flatMap((bytes, index) => (BEGINS.has(bytes[4] ?? 0) ? [groupFrom(list, index)] : []));
  for (;;) {
    const copies = (groups[random(groups.length)] ?? []).map((bytes) => Buffer.from(bytes));
    const victim = copies[random(copies.length)] ?? Buffer.alloc(0);
    for (let flips = 1 + random(3); flips > 0; flips--) {
      const at = 19 + random(victim.length - 19);
      victim[at] = (victim[at] ?? 0) ^ (1 << random(8));
    }
    yield [description, ...copies];
  }
}

/** The same file without checksums. */
function withoutChecksums(file: Buffer): Buffer {
  const parts = [file.subarray(0, 4)];
  for (const [start, end] of events(file)) {
    const bytes = Buffer.from(file.subarray(start, parts.length === 1 ? end : end - 4));
    bytes.writeUInt32LE(bytes.length, 9);
    if (parts.length === 1) bytes[bytes.length - 5] = 0;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function flavorOf(name: string): Flavor {
  return name.startsWith('mariadb') ? 'mariadb' : 'mysql';
}

function decoderOf(name: string, rows: (event: RowsEvent) => void): BinlogDecoder {
  const nothing = (): void => undefined;
  return new BinlogDecoder({
    handler: { notice: nothing, table: nothing, begin: nothing, rows, commit: nothing },
    observer: { alive: nothing, event: nothing },
    captures: (database) => database === 'fix',
    catalogue: followed((_, __, mapped) => ({ columns: name.startsWith('mariadb') ? MARIADB : MYSQL.slice(0, mapped.length) })),
    charsets: new Map([[8, 'latin1'], [45, 'utf8mb4'], [63, 'binary'], [255, 'utf8mb4']]),
    flavor: flavorOf(name),
    start: { file: 'binlog.000001', position: 4, gtid: null, serverUuid: null },
    includeQuery: true, holding: { all: false, memory: 1 << 20, path: '/nowhere/held' }, prepared: nothingPrepared,
  });
}
