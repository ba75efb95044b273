/**
 * The header of every event, 19 bytes, little-endian (MySQL `binlog_event.h`):
 *   4 timestamp, seconds · 1 type · 4 server id · 4 size of the whole event · 4 offset after it, modulo 2^32 · 2 flags
 */
export const HEADER = 19;

/** Bytes that an event may have besides its row images: header, checksum, bitmaps, small rows beside a large one. */
export const EVENT_SPARE = 64 * 1024;

/** Event types: up to 42 MySQL's (`Log_event_type`), from 160 MariaDB's. */
export const EVENT = {
  QUERY: 2,
  STOP: 3,
  ROTATE: 4,
  INTVAR: 5,
  APPEND_BLOCK: 9,
  DELETE_FILE: 11,
  RAND: 13,
  USER_VAR: 14,
  FORMAT_DESCRIPTION: 15,
  XID: 16,
  BEGIN_LOAD_QUERY: 17,
  EXECUTE_LOAD_QUERY: 18,
  TABLE_MAP: 19,
  WRITE_ROWS_V1: 23,
  UPDATE_ROWS_V1: 24,
  DELETE_ROWS_V1: 25,
  INCIDENT: 26,
  HEARTBEAT: 27,
  ROWS_QUERY: 29,
  WRITE_ROWS: 30,
  UPDATE_ROWS: 31,
  DELETE_ROWS: 32,
  GTID: 33,
  ANONYMOUS_GTID: 34,
  PREVIOUS_GTIDS: 35,
  TRANSACTION_CONTEXT: 36,
  VIEW_CHANGE: 37,
  XA_PREPARE: 38,
  PARTIAL_UPDATE_ROWS: 39,
  TRANSACTION_PAYLOAD: 40,
  HEARTBEAT_V2: 41,
  GTID_TAGGED: 42,
  ANNOTATE_ROWS: 160,
  BINLOG_CHECKPOINT: 161,
  MARIADB_GTID: 162,
  MARIADB_GTID_LIST: 163,
  START_ENCRYPTION: 164,
  QUERY_COMPRESSED: 165,
  WRITE_ROWS_COMPRESSED_V1: 166,
  WRITE_ROWS_COMPRESSED: 169,
  DELETE_ROWS_COMPRESSED: 171,
} as const;

/** Flags of the header. */
export const FLAG = {
  /** The file is open for writing; cleared when the checksum was made. */
  IN_USE: 0x01,
  /** Made by the server for this connection; not in the file. */
  ARTIFICIAL: 0x20,
  IGNORABLE: 0x80,
} as const;

export function u32(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0;
}

export function u16(bytes: Buffer, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}
