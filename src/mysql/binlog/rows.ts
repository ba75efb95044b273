import { RowcastError } from '../../core/errors.ts';
import type { Operation, PartialImages, RowsEvent, Transaction } from '../../core/change.ts';
import type { TableVersion } from '../../core/table.ts';
import { plainRowsType } from './compressed-events.ts';
import { Cursor } from './cursor.ts';
import { EVENT, HEADER, u16, u32 } from './header.ts';

/** The one rows event that is handed out again and again. */
export interface RowsSlot extends RowsEvent {
  table: TableVersion;
  operation: Operation;
  bytes: Buffer;
  start: number;
  end: number;
  partial: PartialImages | null;
  transaction: Transaction;
  position: number;
  firstRow: number;
  timestamp: number;
  query: string | null;
}

/** Where the rows of an event lie. */
export interface RowsRange {
  columns: number;
  /** The event, or the rows alone where they were rewritten. */
  bytes: Buffer;
  start: number;
  end: number;
  /** Where the bitmaps are that say which columns the images hold: one, or two for an update. */
  bitmaps: number;
  /** Every image holds every column. */
  whole: boolean;
}

/** Table id of a rows event that only ends its statement. */
export const DUMMY_TABLE = 0xffffff;

/** Of the type without compression (`plainRowsType`). */
export function operationOf(type: number): Operation {
  if (type === EVENT.WRITE_ROWS || type === EVENT.WRITE_ROWS_V1) return 'insert';
  return isUpdate(type) ? 'update' : 'delete';
}

function isUpdate(type: number): boolean {
  return type === EVENT.UPDATE_ROWS || type === EVENT.UPDATE_ROWS_V1 || type === EVENT.PARTIAL_UPDATE_ROWS;
}

/** 6 bytes after the header, of TABLE_MAP and rows events alike; `end` is known to be far enough. */
export function tableIdAt(bytes: Buffer, start: number): number {
  return u32(bytes, start + HEADER) + u16(bytes, start + HEADER + 4) * 0x100000000;
}

/**
 * WRITE, UPDATE, PARTIAL_UPDATE, DELETE_ROWS (MySQL `rows_event.h`), after the header: 6 table id · 2 flags · from version 2 on 2 length
 * of extra data, these two included, and the data · packed number of columns · a bit each: present in the image ·
 * for updates the same for the after image · the rows, which MariaDB may have compressed.
 * @throws RowcastError EVENT_CORRUPT
 */
export function locateRows(bytes: Buffer, start: number, end: number, out: RowsRange): void {
  const type = plainRowsType(bytes[start + 4] as number);
  const version2 = type >= EVENT.WRITE_ROWS;
  const fixed = start + HEADER + 8;
  let at = version2 && fixed + 2 <= end ? fixed + u16(bytes, fixed) : fixed;
  if (at >= end || (version2 && at < fixed + 2)) throw new RowcastError('EVENT_CORRUPT', 'a rows event is too short');
  out.columns = bytes[at] as number;
  if (out.columns < 251) at++;
  else {
    const cursor = new Cursor(bytes, at, end);
    out.columns = cursor.packed();
    at = cursor.at;
  }
  const images = isUpdate(type) ? 2 : 1;
  const bitmap = (out.columns + 7) >> 3;
  if (bitmap * images > end - at) throw new RowcastError('EVENT_CORRUPT', 'the column bitmaps of a rows event run past its end');
  out.bitmaps = at;
  out.whole = allSet(bytes, at, out.columns) && (images === 1 || allSet(bytes, at + bitmap, out.columns));
  out.start = at + bitmap * images;
}

function allSet(bytes: Buffer, at: number, count: number): boolean {
  const full = count >> 3;
  for (let i = 0; i < full; i++) if (bytes[at + i] !== 0xff) return false;
  const rest = (1 << (count & 7)) - 1;
  return rest === 0 || ((bytes[at + full] as number) & rest) === rest;
}
