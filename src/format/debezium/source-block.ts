import type { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage, RowsEvent } from '../../core/change.ts';
import { Constant, sharedConstant } from '../../core/constant.ts';
import { JSON_NULL, writeJsonText } from '../../core/json-text.ts';
import type { Projection } from '../../core/projection.ts';
import type { TableVersion } from '../../core/table.ts';
import type { FormatContext } from '../context.ts';
import type { EventWriter } from '../event-cache.ts';
import { mayShowQuery } from '../query-text.ts';
import { SharedBytes, SharedGtid } from '../shared-bytes.ts';
import { Moments } from '../times.ts';
import { ProcessingTime } from './processing-time.ts';

const NANOS = new Constant(Buffer.from(',"ts_ns":'));
const ROW = new Constant(Buffer.from(',"row":'));
const TOTAL_ORDER = Buffer.from(',"total_order":');
const TABLE_ORDER = Buffer.from(',"data_collection_order":');
const END = Buffer.from('},"op":"');

/** What all tables of a format write of the transactions that their rows are of. */
export class SharedSource {
  /** `,"source":{…,"ts_ms":`. */
  readonly opening: Constant;
  readonly server = new SharedBytes<number>((serverId) => `,"server_id":${serverId},"gtid":`);
  readonly gtid = new SharedGtid();
  readonly file = new SharedBytes<string>((file) => `,"file":${JSON.stringify(file)},"pos":`);
  /** The end of a source without a query, where nothing is told of transactions. */
  readonly end = new SharedBytes<number | null>((threadId) => `,"thread":${String(threadId)},"query":null},"transaction":null,"op":"`);
  readonly committed = new Moments();
  readonly time: ProcessingTime;

  constructor({ version, connector, serverName, clock }: FormatContext) {
    this.opening = new Constant(Buffer.from(`,"source":${JSON.stringify({ version, connector, name: serverName }).slice(0, -1)},"ts_ms":`));
    this.time = new ProcessingTime(clock);
  }
}

/** Writes `,"source":{…,"pos":N,"row":`: what comes before the number of the row. */
export function sourceHead(table: TableVersion, shared: SharedSource): EventWriter {
  const database = sharedConstant(Buffer.from(`,"snapshot":"false","db":${JSON.stringify(table.database)},"sequence":null,"ts_us":`));
  const name = new Constant(Buffer.from(`,"table":${JSON.stringify(table.name)}`));
  return (event, out) => {
    const { committedMicros, serverId, gtidParts, file } = event.transaction;
    const { committed } = shared;
    out.constant(shared.opening);
    committed.millis(committedMicros, out);
    out.constant(database);
    committed.micros(committedMicros, out);
    out.constant(NANOS);
    committed.nanos(committedMicros, out);
    out.constant(name);
    shared.server.write(serverId, out);
    shared.gtid.write(gtidParts, out);
    shared.file.write(file, out);
    out.integer(event.position);
    out.constant(ROW);
  };
}

/** Writes what comes after it, up to the letter of the operation, or where transactions are told up to their numbers in it. */
export function sourceTail(projection: Projection, shared: SharedSource, transactions: boolean): EventWriter {
  const showQuery = mayShowQuery(projection);
  return (event, out) => {
    const query = showQuery ? event.query : null;
    if (query === null && !transactions) {
      shared.end.write(event.transaction.threadId, out);
      return;
    }
    writeSourceEnd(event, query, out);
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
