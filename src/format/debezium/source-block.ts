import type { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage, RowsEvent } from '../../core/change.ts';
import { JSON_NULL, jsonStringBytes, writeJsonText } from '../../core/json-text.ts';
import type { Projection } from '../../core/projection.ts';
import type { TableVersion } from '../../core/table.ts';
import type { FormatContext } from '../context.ts';
import type { EventWriter } from '../event-cache.ts';
import { mayShowQuery } from '../query-text.ts';
import { writeMicros, writeMillis, writeNanos } from '../times.ts';

const TOTAL_ORDER = Buffer.from(',"total_order":');
const TABLE_ORDER = Buffer.from(',"data_collection_order":');
const END = Buffer.from('},"op":"');

/** Writes `,"source":{…,"pos":N,"row":`: what comes before the number of the row. */
export function sourceHead(table: TableVersion, context: FormatContext): EventWriter {
  const opening = JSON.stringify({ version: context.version, connector: context.connector, name: context.serverName });
  const start = Buffer.from(`,"source":${opening.slice(0, -1)},"ts_ms":`);
  const database = Buffer.from(`,"snapshot":"false","db":${JSON.stringify(table.database)},"sequence":null,"ts_us":`);
  const name = jsonStringBytes(table.name);
  return (event, out) => {
    const { committedMicros, serverId, gtid, file } = event.transaction;
    out.raw(start);
    writeMillis(committedMicros, out);
    out.raw(database);
    writeMicros(committedMicros, out);
    out.latin1(',"ts_ns":');
    writeNanos(committedMicros, out);
    out.latin1(',"table":');
    out.raw(name);
    out.latin1(',"server_id":');
    out.integer(serverId);
    out.latin1(',"gtid":');
    writeTextOrNull(gtid, out);
    out.latin1(',"file":');
    writeJsonText(file, out);
    out.latin1(',"pos":');
    out.integer(event.position);
    out.latin1(',"row":');
  };
}

/** Writes what comes after it, up to the letter of the operation, or where transactions are told up to their numbers in it. */
export function sourceTail(projection: Projection, transactions: boolean): EventWriter {
  const showQuery = mayShowQuery(projection);
  return (event, out) => {
    writeSourceEnd(event, showQuery ? event.query : null, out);
    if (!transactions) {
      out.latin1(',"transaction":null,"op":"');
      return;
    }
    out.latin1(',"transaction":{"id":');
    writeJsonText(event.transaction.id, out);
  };
}

/** The rest of `transaction` after its id, up to the letter of the operation. */
export function writeOrders(message: RowMessage, out: ByteWriter): void {
  out.raw(TOTAL_ORDER);
  out.integer(message.order);
  out.raw(TABLE_ORDER);
  out.integer(message.tableOrder);
  out.raw(END);
}

function writeSourceEnd(event: RowsEvent, query: string | null, out: ByteWriter): void {
  const { threadId } = event.transaction;
  out.latin1(',"thread":');
  if (threadId === null) out.raw(JSON_NULL);
  else out.integer(threadId);
  out.latin1(',"query":');
  writeTextOrNull(query, out);
  out.byte(CLOSE);
}

function writeTextOrNull(text: string | null, out: ByteWriter): void {
  if (text === null) out.raw(JSON_NULL);
  else writeJsonText(text, out);
}

const CLOSE = 0x7d;
