import type { ByteWriter } from '../../core/byte-writer.ts';
import { jsonStringBytes, writeJsonText } from '../../core/json-text.ts';
import type { Projection } from '../../core/projection.ts';
import type { EventWriter } from '../event-cache.ts';
import { mayShowQuery } from '../query-text.ts';
import { namingOf } from './naming.ts';
import type { MaxwellOptions } from './options.ts';

const MICROS = 1_000_000;

/** Names of fields by `output_naming_strategy`, each as `,"name":`, and what else never changes. */
export interface FieldNames {
  /** `{"database":…,"table":…` */
  readonly start: Buffer;
  readonly query: Buffer;
  /** `,"type":"` */
  readonly type: Buffer;
  readonly ts: Buffer;
  readonly xid: Buffer;
  readonly xoffset: Buffer;
  /** `,"commit":true` */
  readonly commit: Buffer;
  readonly position: Buffer;
  readonly gtid: Buffer;
  readonly serverId: Buffer;
  readonly threadId: Buffer;
  readonly pushTs: Buffer;
  readonly primaryKey: Buffer;
  /** With the columns of the key before it, where they are asked for: `,"primary_key_columns":["id"],"data":`. */
  readonly data: Buffer;
  readonly old: Buffer;
}

export function fieldNames(projection: Projection, { naming, primaryKeyColumns }: MaxwellOptions): FieldNames {
  const nameOf = namingOf(naming);
  const field = (name: string): Buffer => Buffer.from(`,${JSON.stringify(nameOf(name))}:`);
  const { database, name } = projection.table;
  const keyColumns = primaryKeyColumns ? [field('primary_key_columns'), Buffer.from(JSON.stringify(projection.key.map((column) => column.name)))] : [];
  return {
    start: Buffer.from(`{${JSON.stringify(nameOf('database'))}:${JSON.stringify(database)},${JSON.stringify(nameOf('table'))}:${JSON.stringify(name)}`),
    query: field('query'),
    type: Buffer.concat([field('type'), Buffer.from('"')]),
    ts: field('ts'),
    xid: field('xid'),
    xoffset: field('xoffset'),
    commit: Buffer.concat([field('commit'), Buffer.from('true')]),
    position: field('position'),
    gtid: field('gtid'),
    serverId: field('server_id'),
    threadId: field('thread_id'),
    pushTs: field('push_ts'),
    primaryKey: field('primary_key'),
    data: Buffer.concat([...keyColumns, field('data')]),
    old: field('old'),
  };
}

/** `{"database":…,"table":…,"query":…,"type":"`. */
export function writeStart(projection: Projection, { rowQuery, rowQueryMaxLength }: MaxwellOptions, names: FieldNames): EventWriter {
  const showQuery = rowQuery && mayShowQuery(projection);
  return ({ query }, out) => {
    out.raw(names.start);
    if (showQuery && query !== null) {
      out.raw(names.query);
      writeJsonText(rowQueryMaxLength > 0 ? query.slice(0, rowQueryMaxLength) : query, out);
    }
    out.raw(names.type);
  };
}

/** `,"ts":…,"xid":…`. */
export function writeTime({ commitInfo }: MaxwellOptions, names: FieldNames): EventWriter {
  return ({ timestamp, transaction }, out) => {
    out.raw(names.ts);
    out.integer(timestamp);
    if (commitInfo && transaction.xid !== null) {
      out.raw(names.xid);
      out.latin1(transaction.xid.toString());
    }
  };
}

/** `,"position":…,"gtid":…,"server_id":…,"thread_id":…`. */
export function writePlace({ binlogPosition, gtidPosition, serverId, threadId }: MaxwellOptions, names: FieldNames): EventWriter {
  return ({ position, transaction }, out) => {
    if (binlogPosition) {
      out.raw(names.position);
      out.raw(jsonStringBytes(`${transaction.file}:${position}`));
    }
    if (gtidPosition) {
      out.raw(names.gtid);
      if (transaction.gtid === null) out.latin1('null');
      else writeJsonText(transaction.gtid, out);
    }
    if (serverId) {
      out.raw(names.serverId);
      out.integer(transaction.serverId);
    }
    if (threadId && transaction.threadId !== null) {
      out.raw(names.threadId);
      out.integer(transaction.threadId);
    }
  };
}

/** `,"push_ts":1795447511.581`: seconds with a fraction, without zeros at its end but for one. */
export function pushTimestamp(names: FieldNames, micros: number, out: ByteWriter): void {
  const seconds = Math.floor(micros / MICROS);
  let rest = micros - seconds * MICROS;
  let digits = 6;
  for (; digits > 1 && rest % 10 === 0; digits--) rest /= 10;
  out.raw(names.pushTs);
  out.integer(seconds);
  out.latin1('.');
  out.digits(rest, digits);
}
