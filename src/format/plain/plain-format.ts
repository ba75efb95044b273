import type { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage, RowsEvent } from '../../core/change.ts';
import { jsonStringBytes, writeJsonText } from '../../core/json-text.ts';
import type { Format, Header, RowEncoder } from '../../core/ports.ts';
import type { Projection } from '../../core/projection.ts';
import { AbsentColumns } from '../absent-columns.ts';
import { EventCache } from '../event-cache.ts';
import { imageWriter, keyWriter } from '../image-writer.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { FormatContext } from '../context.ts';
import { mayShowQuery } from '../query-text.ts';
import { isoMicros } from '../times.ts';
import { createPlainAnnouncer } from './plain-announcer.ts';
import { representPlain } from './representations.ts';

const NO_HEADERS: readonly Header[] = [];
const CLOSE = 0x7d;
const BEFORE = Buffer.from(',"before":');
const AFTER = Buffer.from(',"after":');
const OTHER_KEY = Buffer.from(',"otherKey":');
const ABSENT = Buffer.from(',"absent":');
const ROW = Buffer.from(',"row":');

/** The first field by operation. */
const OPERATIONS = { insert: Buffer.from('{"op":"insert"'), update: Buffer.from('{"op":"update"'), delete: Buffer.from('{"op":"delete"') } as const;
const KEY_CHANGES = { old: Buffer.from(',"keyChange":"old"'), new: Buffer.from(',"keyChange":"new"') } as const;

/**
 * Rowcast's own envelope, docs/formats.md: op, keyChange and otherKey for the halves of a row that changed its key,
 * source, transaction, before, after, and absent where the binlog does not tell every column. It has no processing time: the
 * same change is always the same bytes.
 */
export function createPlainFormat(context: FormatContext): Format {
  return { encoder: (projection) => new PlainEncoder(projection, context), announcer: createPlainAnnouncer(context) };
}

class PlainEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #image: ImageWriter;
  readonly #source: EventCache;
  readonly #transaction: EventCache;
  readonly #absent: AbsentColumns;

  constructor(projection: Projection, context: FormatContext) {
    this.key = keyWriter(projection, representPlain);
    this.#image = imageWriter(projection, representPlain);
    this.#absent = new AbsentColumns(projection);
    const names = tableNames(projection, context);
    this.#source = new EventCache((event, out) => {
      writeSource(names, event, out);
    });
    const showQuery = mayShowQuery(projection);
    this.#transaction = new EventCache((event, out) => {
      writeTransaction(event, showQuery ? event.query : null, out);
    });
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { before, after, event, keyChange, otherKey } = message;
    out.raw(OPERATIONS[message.operation]);
    if (keyChange !== 'none') out.raw(KEY_CHANGES[keyChange]);
    if (otherKey !== null) {
      out.raw(OTHER_KEY);
      this.key(otherKey, out);
    }
    this.#source.copy(event, out);
    out.raw(ROW);
    out.integer(message.row);
    this.#transaction.copy(event, out);
    if (before !== null) {
      out.raw(BEFORE);
      this.#image(before, out);
    }
    if (after !== null) {
      out.raw(AFTER);
      this.#image(after, out);
    }
    const absent = this.#absent.of(message);
    if (absent !== null) {
      out.raw(ABSENT);
      out.raw(absent);
    }
    out.byte(CLOSE);
  }

  headers(): readonly Header[] {
    return NO_HEADERS;
  }
}

function tableNames(projection: Projection, context: FormatContext): Buffer {
  const { table } = projection;
  const text = JSON.stringify({ name: context.serverName, connector: context.connector, database: table.database, table: table.name });
  return Buffer.from(`,"source":${text.slice(0, -1)},"time":"`);
}

/** From `,"source":{` to before `,"row":`. */
function writeSource(names: Buffer, event: RowsEvent, out: ByteWriter): void {
  const { gtid, serverId, threadId, committedMicros, file } = event.transaction;
  out.raw(names);
  out.latin1(isoMicros(committedMicros));
  out.latin1('","serverId":');
  out.integer(serverId);
  out.latin1(',"threadId":');
  if (threadId === null) out.latin1('null');
  else out.integer(threadId);
  out.latin1(',"gtid":');
  writeTextOrNull(gtid, out);
  out.latin1(',"file":');
  writeJsonText(file, out);
  out.latin1(',"position":');
  out.integer(event.position);
}

/** Closes the source and writes the transaction. */
function writeTransaction(event: RowsEvent, query: string | null, out: ByteWriter): void {
  if (query !== null) {
    out.latin1(',"query":');
    writeJsonText(query, out);
  }
  out.latin1('},"transaction":{"id":');
  out.raw(jsonStringBytes(event.transaction.id));
  out.byte(CLOSE);
}

function writeTextOrNull(text: string | null, out: ByteWriter): void {
  if (text === null) out.latin1('null');
  else writeJsonText(text, out);
}
