import { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { Operation, RowMessage, RowsEvent, Transaction } from '../../../src/core/change.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { RoutePlan } from '../../../src/core/plan.ts';
import type { Counter, Header, Logger, Metrics, RowEncoder, TopicWriter } from '../../../src/core/ports.ts';
import type { RowImage } from '../../../src/core/row-image.ts';
import type { Column, ColumnCodec, ColumnValue, TableVersion } from '../../../src/core/table.ts';
import { Misfits } from '../../../src/runtime/misfits.ts';
import type { MisfitParts } from '../../../src/runtime/misfits.ts';

/** One unsigned byte a value: the smallest codec there can be. */
const byteCodec: ColumnCodec = {
  skip: (_, at) => at + 1,
  read: (bytes, at) => BigInt(bytes[at] ?? 0),
  writer: () => (bytes, at, out) => {
    out.integer(bytes[at] ?? 0);
    return at + 1;
  },
};

function column(index: number, name: string): Column {
  return { index, name, type: { family: 'integer', bytes: 1, unsigned: true }, nullable: true, sqlType: 'tinyint unsigned', codec: byteCodec };
}

/** `shop.t (id, v)` with one byte a column. */
export const TABLE: TableVersion = { database: 'shop', name: 't', columns: [column(0, 'id'), column(1, 'v')], primaryKey: [0], captured: true };

export const TRANSACTION: Transaction = { sequence: 1, gtid: null, gtidParts: null, xid: null, file: 'binlog.000007', serverId: 1, threadId: null, committedMicros: 0, id: 'binlog.000007:4' };

/** A row image of two bytes, or one with v NULL. */
export function image(id: number, v: number | null): number[] {
  return v === null ? [0b10, id] : [0, id, v];
}

export function rowsEvent(operation: Operation, ...images: readonly number[][]): RowsEvent {
  const bytes = Buffer.from([0xee, ...images.flat(), 0xee]);
  return { table: TABLE, operation, bytes, start: 1, end: bytes.length - 1, partial: null, transaction: TRANSACTION, position: 120, firstRow: 0, timestamp: 0, query: null };
}

export function plan(over: Partial<RoutePlan> = {}, keyed = true): RoutePlan {
  const columns = TABLE.columns.map((each) => ({ column: each, name: each.name, mask: null }));
  return {
    index: 0,
    route: 'routes[0]',
    projection: { table: TABLE, columns, key: keyed ? columns.slice(0, 1) : [] },
    topic: 'shop.t',
    where: null,
    when: null,
    operations: new Set<Operation>(['insert', 'update', 'delete']),
    tombstones: true,
    onError: 'fail',
    onTooLarge: 'fail',
    deadLetter: null,
    ...over,
  };
}

/** Writes `i1=5`, `u1=5>6`, `d1=5`, with the other key and the row behind it. */
export class TinyEncoder implements RowEncoder {
  key(row: RowImage, out: ByteWriter): void {
    out.latin1(show(row.read(0)));
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { before, after, operation, keyChange, otherKey, row } = message;
    const id = show((after ?? before)?.read(0) ?? null);
    const values = [before, after].flatMap((each) => (each === null ? [] : [show(each.read(1))]));
    out.latin1(`${operation.charAt(0)}${id}=${values.join('>')}#${row}${keyChange === 'none' ? '' : `${keyChange}:${show(otherKey?.read(0) ?? null)}`}`);
  }

  headers(message: RowMessage): readonly Header[] {
    return message.keyChange === 'none' ? [] : [{ name: message.keyChange, value: Buffer.from('x') }];
  }
}

/** Remembers messages as text; its buffer begins too small, so that every first message is written twice. */
export class TextTopic implements TopicWriter {
  readonly messages: string[] = [];
  /** The most bytes of key and value, and of names and values of headers. */
  limit = Infinity;
  #buffer = new ByteWriter(2);
  #key = '';
  #keyBytes = 0;

  begin(key: ByteWriter | null): ByteWriter {
    this.#key = key === null ? 'null' : key.view().toString();
    this.#keyBytes = key === null ? 0 : key.at;
    this.#buffer.at = 0;
    return this.#buffer;
  }

  end(headers: readonly Header[]): boolean {
    this.#check(this.#keyBytes + this.#buffer.at + headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0));
    if (this.#buffer.overflowed) {
      this.#buffer.grow(this.#buffer.at, 0);
      return false;
    }
    this.#push(this.#buffer.view().toString(), headers);
    return true;
  }

  tombstone(key: ByteWriter | null, headers: readonly Header[]): void {
    this.#key = key === null ? '-' : key.view().toString();
    this.#push('null', headers);
  }

  fit(key: number, value: number): void {
    this.#check(Math.max(0, key) + value);
  }

  #check(bytes: number): void {
    if (bytes > this.limit) throw new RowcastError('ROW_TOO_LARGE', `a message of ${bytes} bytes`, { facts: { topic: 'shop.t', bytes, limit: this.limit } });
  }

  #push(value: string, headers: readonly Header[]): void {
    this.messages.push(`${this.#key} ${value}${headers.map((header) => ` ${header.name}`).join('')}`);
  }
}

/** Policies of a route, with what they do remembered. */
export function misfitsOf(over: Pick<MisfitParts, 'plan' | 'encoder'> & Partial<MisfitParts>): Misfits {
  return new Misfits({ encoderOf: () => over.encoder, deadLetters: null, leftOut: () => new Count(), metrics: QUIET_METRICS, logger: QUIET_LOGGER, ...over });
}

const quiet = (): void => undefined;
export const QUIET_LOGGER: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
export const QUIET_METRICS: Metrics = { counter: () => new Count(), gauge: () => ({ set: quiet }), histogram: () => ({ observe: quiet }) };

export class Count implements Counter {
  value = 0;

  add(amount: number): void {
    this.value += amount;
  }
}

function show(value: ColumnValue | null): string {
  return typeof value === 'bigint' ? value.toString() : 'null';
}
