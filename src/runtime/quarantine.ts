import { ByteWriter } from '../core/byte-writer.ts';
import type { Operation, RowsEvent } from '../core/change.ts';
import type { Router } from '../core/plan.ts';
import type { Counter, Header, Logger, Metrics, TopicWriter } from '../core/ports.ts';
import type { Json } from '../core/position.ts';
import { fill } from '../core/projection.ts';
import { NULL_COLUMN, RowImage } from '../core/row-image.ts';
import type { ImageLayout } from '../core/row-image.ts';
import type { Column, TableVersion } from '../core/table.ts';
import { tableLabel } from '../core/table.ts';
import type { RowsProcessor } from './left-out.ts';
import { countRows } from './left-out.ts';

export interface QuarantineParts {
  /** Where the rows go; opened when it is first asked for. */
  readonly topic: () => Promise<TopicWriter>;
  readonly hides: Router['hides'];
  /** False for operations that the table's route does not tell. */
  readonly wants: (database: string, table: string, operation: Operation) => boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Keeps rows whose columns nobody knows, apart from the others and as the binlog has them. */
export class Quarantine {
  readonly #parts: QuarantineParts;
  readonly #rows = new Map<string, number>();

  constructor(parts: QuarantineParts) {
    this.#parts = parts;
  }

  /** Rows since the start, by table; a table of which none came is missing. */
  get rows(): ReadonlyMap<string, number> {
    return this.#rows;
  }

  /** @throws RowcastError SINK_* when the place for the rows cannot be opened */
  async processor(version: TableVersion): Promise<RowsProcessor> {
    const { topic, hides, wants, metrics, logger } = this.#parts;
    const table = tableLabel(version);
    const whole = !hides(version.database, version.name);
    logger.error('rows of a table go to quarantine: nobody knows their columns', { table, ...version.unknown, rows: whole ? 'whole' : 'position, key and size, since the route hides columns or rows' });
    const counted: Counter = { add: (amount) => void this.#rows.set(table, (this.#rows.get(table) ?? 0) + amount) };
    return new QuarantinedRows(version, {
      topic: await topic(),
      counters: [counted, metrics.counter('rowcast_rows_quarantined_total', { table })],
      leftOut: metrics.counter('rowcast_rows_left_out_total', { reason: 'operation', table }),
      wants: (operation) => wants(version.database, version.name, operation),
      whole,
      key: keyOf(version, hides),
    });
  }
}

/** The key columns where the binlog names them and all may be shown. */
function keyOf({ database, name, columns, primaryKey }: TableVersion, hides: Router['hides']): readonly Column[] | null {
  const key = primaryKey.flatMap((index) => columns[index] ?? []);
  return key.length === 0 || key.some((column) => hides(database, name, column.name)) ? null : key;
}

interface RowsParts {
  readonly topic: TopicWriter;
  readonly counters: readonly Counter[];
  /** Counts rows of operations that are not wanted. */
  readonly leftOut: Counter;
  readonly wants: (operation: Operation) => boolean;
  /** The images may be kept. */
  readonly whole: boolean;
  readonly key: readonly Column[] | null;
}

/** An image that is kept: `bytes[start, end)` of the event. */
interface ShownImage {
  readonly kind: 'before' | 'after';
  readonly start: number;
  readonly end: number;
  readonly layout: ImageLayout | null;
}

/** Bytes that become base64 at a time; a multiple of three. */
const PIECE = 3 << 14;
const NO_HEADERS: readonly Header[] = [];

function keyBytes(text: string): ByteWriter {
  const writer = new ByteWriter(Buffer.byteLength(text));
  writer.utf8(text);
  return writer;
}

/** One message a row, keyed by its table: where it stands, and the bytes of its images. */
class QuarantinedRows implements RowsProcessor {
  readonly #version: TableVersion;
  readonly #parts: RowsParts;
  readonly #image: RowImage;
  readonly #messageKey: ByteWriter;

  constructor(version: TableVersion, parts: RowsParts) {
    this.#version = version;
    this.#parts = parts;
    this.#image = new RowImage(version);
    this.#messageKey = keyBytes(JSON.stringify(tableLabel(version)));
  }

  process(event: RowsEvent): void {
    const { wants, leftOut } = this.#parts;
    if (!wants(event.operation)) {
      leftOut.add(countRows(event, this.#image));
      return;
    }
    const { before, after } = event.partial ?? { before: null, after: null };
    const kinds = event.operation === 'update' ? (['before', 'after'] as const) : event.operation === 'insert' ? (['after'] as const) : (['before'] as const);
    let row = event.firstRow;
    for (let at = event.start; at < event.end || row === event.firstRow; row++) {
      const images: ShownImage[] = [];
      const start = at;
      let key: Json = null;
      for (const kind of kinds) {
        const layout = kind === 'before' ? before : after;
        this.#image.set(event.bytes, at, event.end, layout);
        const end = event.start === event.end ? at : this.#image.end();
        if (kind === kinds[0] && end > at) key = this.#key();
        if (this.#parts.whole) images.push({ kind, start: at, end, layout });
        at = end;
      }
      this.#write(event, { row, bytes: at - start, key }, images);
      if (event.start === event.end) break;
    }
  }

  /** The images go from the event into the message a piece at a time, so that a row takes no more memory than its message (Invariant 6). */
  #write(event: RowsEvent, row: Readonly<Record<string, Json>>, images: readonly ShownImage[]): void {
    const { transaction, operation, position, timestamp } = event;
    const { topic, counters } = this.#parts;
    const place = { gtid: transaction.gtid, file: transaction.file, position, timestamp };
    const head = JSON.stringify({ table: tableLabel(this.#version), operation, ...place, ...row });
    const tail = JSON.stringify({ code: this.#version.unknown?.code ?? null, why: this.#version.unknown?.why ?? null });
    do {
      const out = topic.begin(this.#messageKey);
      out.utf8(head.slice(0, -1));
      for (const image of images) this.#show(event.bytes, image, out);
      out.utf8(`,${tail.slice(1)}`);
    } while (!topic.end(NO_HEADERS));
    for (const counter of counters) counter.add(1);
  }

  /** The bytes of an image, and the types of the columns that are in it. */
  #show(bytes: Buffer, { kind, start, end, layout }: ShownImage, out: ByteWriter): void {
    const there = layout === null ? this.#version.columns : this.#version.columns.filter(({ index }) => (layout.bits[index] ?? -1) >= 0);
    out.latin1(`,"${kind}":{"image":"`);
    for (let at = start; at < end; at += PIECE) out.latin1(bytes.toString('base64', at, Math.min(end, at + PIECE)));
    out.utf8(`","columns":${JSON.stringify(there.map(({ index, sqlType }) => ({ column: index + 1, type: sqlType })))}}`);
  }

  #key(): Json {
    const { key } = this.#parts;
    if (key === null) return null;
    try {
      return Object.fromEntries(key.map((column) => [column.name, this.#text(column)]));
    } catch {
      // A value that only a fact nobody tells could show: the position must do.
      return null;
    }
  }

  #text({ codec, index }: Column): string | null {
    const at = this.#image.locate(index);
    const write = codec.writer('text', 'null');
    if (at <= NULL_COLUMN || write === undefined) return null;
    const scratch = new ByteWriter(64);
    fill(scratch, (out) => write(this.#image.bytes, at, out));
    return Buffer.from(scratch.view()).toString('utf8');
  }
}
