import { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { RowsEvent } from '../../../src/core/change.ts';
import type { RoutePlan } from '../../../src/core/plan.ts';
import type { Format, Logger, Metrics } from '../../../src/core/ports.ts';
import type { Mask } from '../../../src/core/projection.ts';
import type { Column, ColumnCodec, ColumnType, TableVersion } from '../../../src/core/table.ts';
import { createFormat } from '../../../src/format/formats.ts';
import type { FormatChoice } from '../../../src/format/formats.ts';
import { binaryCodec } from '../../../src/mysql/columns/binary.ts';
import { charsetOf } from '../../../src/mysql/columns/charsets.ts';
import { jsonTextCodec } from '../../../src/mysql/columns/text-json.ts';
import { textCodec } from '../../../src/mysql/columns/text.ts';
import { LastRowHolder } from '../../../src/runtime/last-row.ts';
import { RouteRows } from '../../../src/runtime/route-rows.ts';
import { TransactionLog } from '../../../src/runtime/transaction-log.ts';
import { Count, misfitsOf, plan, TABLE, TextTopic, TRANSACTION } from './rows-fixture.ts';

const utf8 = charsetOf('utf8mb4');
if (utf8 === undefined) throw new Error('utf8mb4 is known');

function column(index: number, name: string, type: ColumnType, codec: ColumnCodec): Column {
  return { index, name, type, nullable: true, sqlType: name, codec };
}

const text = textCodec(2, utf8);
const TEXT = { family: 'text', charset: 'utf8mb4', maxBytes: 65_535 } as const;

/** `shop.wide (id, body, pic, doc, code)`: a byte, TEXT, BLOB, JSON as MariaDB keeps it, TEXT. */
export const WIDE: TableVersion = {
  database: 'shop',
  name: 'wide',
  columns: [
    { ...(TABLE.columns[0] as Column) },
    column(1, 'body', TEXT, text),
    column(2, 'pic', { family: 'binary', fixed: false, maxBytes: 65_535 }, binaryCodec(2)),
    column(3, 'doc', { ...TEXT, json: true }, jsonTextCodec(2, text)),
    column(4, 'code', TEXT, text),
  ],
  primaryKey: [0],
  captured: true,
};

/** A row image; a value is text or bytes, null for NULL. */
export function wide(id: number, values: { body?: string | Buffer | null; pic?: Buffer | null; doc?: string | null; code?: string | null } = {}): number[] {
  const { body = null, pic = null, doc = null, code = null } = values;
  const nulls = [body, pic, doc, code].reduce<number>((bits, value, index) => (value === null ? bits | (2 << index) : bits), 0);
  return [nulls, id, ...[body, pic, doc, code].flatMap((value) => (value === null ? [] : sized(Buffer.from(value))))];
}

function sized(value: Buffer): number[] {
  return [value.length & 0xff, value.length >> 8, ...value];
}

export function wideEvent(operation: RowsEvent['operation'], ...images: readonly number[][]): RowsEvent {
  const bytes = Buffer.from(images.flat());
  return { table: WIDE, operation, bytes, start: 0, end: bytes.length, partial: null, transaction: { ...TRANSACTION, gtid: 'u:7' }, position: 120, firstRow: 0, timestamp: 9, query: null };
}

/** Remembers the headers, too. */
export class HeaderTopic extends TextTopic {
  readonly told: { key: string; value: string; headers: Readonly<Record<string, string>> }[] = [];
  #begun: ByteWriter | null = null;

  override begin(key: ByteWriter | null): ByteWriter {
    this.#begun = super.begin(key);
    this.#key = key === null ? 'null' : key.view().toString();
    return this.#begun;
  }

  override end(headers: Parameters<TextTopic['end']>[0]): boolean {
    const kept = super.end(headers);
    if (kept) this.told.push({ key: this.#key, value: this.#begun?.view().toString() ?? '', headers: Object.fromEntries(headers.map(({ name, value }) => [name, Buffer.from(value).toString()])) });
    return kept;
  }

  #key = '';
}

export interface Built {
  readonly rows: RouteRows;
  readonly topic: HeaderTopic;
  readonly dead: HeaderTopic;
  readonly side: TextTopic;
  readonly log: TransactionLog;
  readonly holder: LastRowHolder;
  readonly left: Record<string, Count>;
  readonly counts: Record<string, number>;
  readonly said: Record<string, unknown>[];
}

export interface Choices {
  readonly over?: Partial<RoutePlan>;
  readonly format?: FormatChoice;
  readonly mask?: Readonly<Record<string, Mask>>;
  readonly exclude?: readonly string[];
  readonly key?: readonly string[];
}

/** A route over the wide table with its policies, in a real format. */
export function route({ over = {}, format: choice = { type: 'plain' }, mask = {}, exclude = [], key = ['id'] }: Choices = {}): Built {
  const columns = WIDE.columns.filter(({ name }) => !exclude.includes(name)).map((each) => ({ column: each, name: each.name, mask: mask[each.name] ?? null }));
  const made: RoutePlan = { ...plan(over), topic: 'shop.wide', deadLetter: 'dead', projection: { table: WIDE, columns, key: columns.filter(({ name }) => key.includes(name)) } };
  const format: Format = createFormat(choice, { serverName: 'crm', version: '0', connector: 'mysql', clock: { nowMicros: () => 0, monotonicMs: () => 0 } });
  const encoder = format.encoder(made.projection);
  const [topic, dead, side, holder] = [new HeaderTopic(), new HeaderTopic(), new TextTopic(), new LastRowHolder()];
  const left: Record<string, Count> = {};
  const counts: Record<string, number> = {};
  const said: Record<string, unknown>[] = [];
  const quiet = (): void => undefined;
  const logger: Logger = { debug: quiet, info: quiet, error: quiet, warn: (message, fields) => void said.push({ message, ...fields }) };
  const counter: Metrics['counter'] = (name, labels) => ({ add: (amount) => void (counts[`${name} ${Object.values(labels ?? {}).join()}`] = (counts[`${name} ${Object.values(labels ?? {}).join()}`] ?? 0) + amount) });
  const metrics: Metrics = { counter, gauge: () => ({ set: quiet }), histogram: () => ({ observe: quiet }) };
  const leftOut = (reason: string): Count => (left[reason] ??= new Count());
  const log = new TransactionLog({ topic: 'side', begin: () => ({ key: null, value: Buffer.from('BEGIN'), headers: [] }), end: (_, told) => ({ key: null, value: Buffer.from(`END ${told.map(({ messages }) => messages).join()}`), headers: [] }) }, side);
  const misfits = misfitsOf({ plan: made, encoder, encoderOf: (projection) => format.encoder(projection), deadLetters: dead, leftOut, metrics, logger });
  const rows = new RouteRows({ plan: made, encoder, keyChanges: format.keyChanges, topic, sent: new Count(), holder, log: log.table(WIDE), leftOut, misfits });
  return { rows, topic, dead, side, log, holder, left, counts, said };
}
