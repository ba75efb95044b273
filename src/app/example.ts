import { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage, RowsEvent, Transaction } from '../core/change.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { Format, RowEncoder } from '../core/ports.ts';
import type { Json } from '../core/position.ts';
import { parseJson } from '../core/position.ts';
import { fill } from '../core/projection.ts';
import { RowImage } from '../core/row-image.ts';
import { sampleValue } from '../mysql/columns/sample.ts';
import type { LiveTable } from '../mysql/schema/live-table.ts';

/** A message as a route would send it. */
export interface ExampleMessage {
  readonly key: Json;
  readonly value: Json;
}

/**
 * An insert of made-up values as the format writes it. Conditions are not asked: they may well refuse such a row.
 * @throws RowcastError EVENT_UNSUPPORTED, SCHEMA_MISMATCH where a column that is shown cannot be read
 */
export function exampleInsert(table: LiveTable, plan: RoutePlan, format: Format): ExampleMessage {
  const { key, value } = exampleTexts(sampleImage(table), plan, format);
  return { key: key === null ? null : parseJson(key), value: parseJson(value) };
}

/** The insert of an image, as its key and value are written. */
export function exampleTexts(image: RowImage, plan: RoutePlan, format: Format): { readonly key: string | null; readonly value: string } {
  const encoder = format.encoder(plan.projection);
  const message = insertOf(image);
  const written = (write: (out: ByteWriter) => void): string => {
    const out = new ByteWriter(4096);
    fill(out, (room) => {
      write(room);
      return 0;
    });
    return out.view().toString('utf8');
  };
  const writesKey = keyOf(encoder, plan, message);
  return {
    key: writesKey === null ? null : written(writesKey),
    value: written((out) => encoder.value(message, out)),
  };
}

/** What writes the key; null where messages have none. */
function keyOf(encoder: RowEncoder, { projection }: RoutePlan, message: RowMessage): ((out: ByteWriter) => void) | null {
  const { after } = message;
  if (projection.key.length > 0 && after !== null) return encoder.keyed === false ? null : (out) => { encoder.key(after, out); };
  const { keyless } = encoder;
  return keyless === undefined ? null : (out) => { keyless(message, out); };
}

/** A row image without NULLs. */
function sampleImage({ version, descriptions }: LiveTable): RowImage {
  const nulls = Buffer.alloc((descriptions.length + 7) >> 3);
  const bytes = Buffer.concat([nulls, ...descriptions.map(sampleValue)]);
  const image = new RowImage(version);
  image.set(bytes, 0, bytes.length);
  return image;
}

function insertOf(image: RowImage): RowMessage {
  const event: RowsEvent = { table: image.table, operation: 'insert', bytes: image.bytes, start: 0, end: image.bytes.length, partial: null, transaction: transaction(), position: POSITION, firstRow: 0, timestamp: Math.floor(Date.now() / 1000), query: null };
  return { operation: 'insert', before: null, after: image, event, row: 0, keyChange: 'none', otherKey: null, order: 1, tableOrder: 1, offset: 0 };
}

function transaction(): Transaction {
  return { sequence: 1, gtid: null, gtidParts: null, xid: null, file: FILE, serverId: 1, threadId: 1, committedMicros: Date.now() * 1000, id: `${FILE}:${POSITION}` };
}

const FILE = 'binlog.000001';
const POSITION = 4;
