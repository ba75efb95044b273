import { createHash } from 'node:crypto';
import type { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { Projection } from '../../core/projection.ts';
import { columnAbsent, NULL_COLUMN } from '../../core/row-image.ts';
import type { RowImage } from '../../core/row-image.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { WriterOf } from '../row-object.ts';
import type { MaxwellOptions } from './options.ts';

const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const UUID_VERSION = 0x50;
const UUID_VARIANT = 0x80;

/**
 * Keys of `kafka_key_format`: `{"database":"shop","table":"t","pk.id":1}`, or `["shop","t",[{"id":1}]]`. Names of columns
 * are in small letters there. The writer @throws RowcastError COLUMN_ABSENT for a column that the binlog does not tell
 */
export function maxwellKey(projection: Projection, writerOf: WriterOf, { keyFormat }: MaxwellOptions): ImageWriter {
  const hash = keyFormat === 'hash';
  const start = keyStart(projection, keyFormat);
  const columns = projection.key.map((projected, place) => {
    const name = projected.name.toLowerCase();
    const between = place === 0 && !hash ? '' : ',';
    return { index: projected.column.index, lead: Buffer.from(`${between}${hash ? JSON.stringify(`pk.${name}`) : `{${JSON.stringify(name)}`}:`), write: writerOf(projected) };
  });
  return (image, out) => {
    out.raw(start);
    for (const { index, lead, write } of columns) {
      out.raw(lead);
      const at = image.locate(index);
      if (at >= 0) write(image.bytes, at, out);
      else if (at === NULL_COLUMN) out.raw(JSON_NULL);
      else throw columnAbsent(image.table, image.table.columns[index]?.name ?? '');
      if (!hash) out.byte(CLOSE);
    }
    endKey(hash, out);
  };
}

/**
 * Keys of tables without one: in the form `hash` with a UUID for each row, `{"database":"shop","table":"t","_uuid":"…"}`. It
 * is made from the place of the row in the binlog, so that a row told again has it again.
 */
export function maxwellKeylessKey(projection: Projection, { keyFormat }: MaxwellOptions): (message: RowMessage, out: ByteWriter) => void {
  const hash = keyFormat === 'hash';
  const start = Buffer.concat([keyStart(projection, keyFormat), Buffer.from(hash ? ',"_uuid":"' : '')]);
  return ({ event, row }, out) => {
    out.raw(start);
    if (hash) out.latin1(`${nameUuid(`${event.transaction.id}:${event.position}:${row}`)}"`);
    endKey(hash, out);
  };
}

function keyStart({ table }: Projection, keyFormat: MaxwellOptions['keyFormat']): Buffer {
  const database = JSON.stringify(table.database);
  const name = JSON.stringify(table.name);
  return Buffer.from(keyFormat === 'hash' ? `{"database":${database},"table":${name}` : `[${database},${name},[`);
}

function endKey(hash: boolean, out: ByteWriter): void {
  out.byte(hash ? CLOSE : CLOSE_LIST);
  if (!hash) out.byte(CLOSE_LIST);
}

/** A UUID of version 5 of a name, without a namespace. */
export function nameUuid(name: string): string {
  const bytes = createHash('sha1').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | UUID_VERSION;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | UUID_VARIANT;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The values of the key as a list, `[1,"a"]`. */
export function keyValues(projection: Projection, writerOf: WriterOf): ImageWriter {
  const columns = projection.key.map((projected) => ({ index: projected.column.index, write: writerOf(projected) }));
  return (image: RowImage, out) => {
    out.byte(OPEN_LIST);
    for (let i = 0; i < columns.length; i++) {
      const { index, write } = columns[i] as (typeof columns)[number];
      if (i > 0) out.byte(COMMA);
      const at = image.locate(index);
      if (at >= 0) write(image.bytes, at, out);
      else if (at === NULL_COLUMN) out.raw(JSON_NULL);
      else throw columnAbsent(image.table, image.table.columns[index]?.name ?? '');
    }
    out.byte(CLOSE_LIST);
  };
}
