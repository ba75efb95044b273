import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { RowMessage, RowsEvent } from '../../core/change.ts';
import { Constant } from '../../core/constant.ts';
import { jsonStringBytes, writeJsonText } from '../../core/json-text.ts';
import type { Format, Header, RowEncoder } from '../../core/ports.ts';
import type { Projection } from '../../core/projection.ts';
import { AbsentColumns } from '../absent-columns.ts';
import { EventCache } from '../event-cache.ts';
import { imagesOf, keyWriter } from '../image-writer.ts';
import type { Images, ImageWriter } from '../image-writer.ts';
import type { FormatContext } from '../context.ts';
import { mayShowQuery } from '../query-text.ts';
import { SharedBytes, SharedGtid } from '../shared-bytes.ts';
import { isoMicros } from '../times.ts';
import { createPlainAnnouncer } from './plain-announcer.ts';
import { representPlain } from './representations.ts';

const NO_HEADERS: readonly Header[] = [];
const CLOSE = 0x7d;
const BEFORE = new Constant(Buffer.from(',"before":'));
const AFTER = new Constant(Buffer.from(',"after":'));
const OTHER_KEY = Buffer.from(',"otherKey":');
const ABSENT = Buffer.from(',"absent":');
const ROW = new Constant(Buffer.from(',"row":'));
const TRANSACTION = new Constant(Buffer.from('},"transaction":{"id":'));
const MILLION = 1_000_000;

/** The first field by operation. */
const OPERATIONS = { insert: new Constant(Buffer.from('{"op":"insert"')), update: new Constant(Buffer.from('{"op":"update"')), delete: new Constant(Buffer.from('{"op":"delete"')) } as const;
const KEY_CHANGES = { old: Buffer.from(',"keyChange":"old"'), new: Buffer.from(',"keyChange":"new"') } as const;

/**
 * Rowcast's own envelope, docs/formats.md: op, keyChange and otherKey for the halves of a row that changed its key,
 * source, transaction, before, after, and absent where the binlog does not tell every column. It has no processing time: the
 * same change is always the same bytes.
 */
export function createPlainFormat(context: FormatContext): Format {
  const shared = new SharedSource();
  return { encoder: (projection) => new PlainEncoder(projection, context, shared), announcer: createPlainAnnouncer(context) };
}

class PlainEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #images: Images;
  readonly #source: EventCache;
  readonly #transaction: EventCache;
  readonly #absent: AbsentColumns;

  constructor(projection: Projection, context: FormatContext, shared: SharedSource) {
    this.key = keyWriter(projection, representPlain);
    this.#images = imagesOf(projection, representPlain);
    this.#absent = new AbsentColumns(projection);
    const names = tableNames(projection, context);
    this.#source = new EventCache((event, out) => {
      out.raw(names);
      shared.write(event, out);
    });
    const showQuery = mayShowQuery(projection);
    this.#transaction = new EventCache((event, out) => {
      shared.writeTransaction(event, showQuery ? event.query : null, out);
    });
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { before, after, event, keyChange, otherKey } = message;
    out.constant(ofOperation(OPERATIONS, message.operation));
    if (keyChange !== 'none') out.raw(KEY_CHANGES[keyChange]);
    if (otherKey !== null) {
      out.raw(OTHER_KEY);
      this.key(otherKey, out);
    }
    this.#source.copy(event, out);
    out.constant(ROW);
    out.integer(message.row);
    this.#transaction.copy(event, out);
    if (before !== null) out.constant(BEFORE);
    else if (after !== null) out.constant(AFTER);
    if (before !== null && after !== null) {
      this.#images.two(before, AFTER, after, out);
    } else {
      const only = after ?? before;
      if (only !== null) this.#images.one(only, out);
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

/** What all tables write of the transactions that their rows are of. */
class SharedSource {
  readonly #second = new SharedBytes<number>((second) => isoMicros(second * MILLION).slice(0, -'000000Z'.length));
  readonly #server = new SharedBytes<number>((serverId) => `Z","serverId":${serverId},"threadId":`);
  readonly #thread = new SharedBytes<number | null>((threadId) => `${String(threadId)},"gtid":`);
  readonly #gtid = new SharedGtid();
  readonly #file = new SharedBytes<string>((file) => `,"file":${JSON.stringify(file)},"position":`);

  /** From the digits of the time to before `,"row":`. */
  write({ position, transaction }: RowsEvent, out: ByteWriter): void {
    const { gtidParts, serverId, threadId, committedMicros, file } = transaction;
    const second = Math.floor(committedMicros / MILLION);
    this.#second.write(second, out);
    out.digits(committedMicros - second * MILLION, 6);
    this.#server.write(serverId, out);
    this.#thread.write(threadId, out);
    this.#gtid.write(gtidParts, out);
    this.#file.write(file, out);
    out.integer(position);
  }

  /** Closes the source and writes the transaction. */
  writeTransaction({ transaction }: RowsEvent, query: string | null, out: ByteWriter): void {
    if (query !== null) {
      out.latin1(',"query":');
      writeJsonText(query, out);
    }
    out.constant(TRANSACTION);
    if (transaction.gtidParts === null) out.raw(jsonStringBytes(transaction.id));
    else this.#gtid.write(transaction.gtidParts, out);
    out.byte(CLOSE);
  }
}
