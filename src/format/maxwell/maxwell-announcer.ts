import { ByteWriter } from '../../core/byte-writer.ts';
import type { NoticePlace, SchemaNotice, TableChange } from '../../core/notice.ts';
import type { Announcer, SideMessage } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { createPlainAnnouncer } from '../plain/plain-announcer.ts';
import { nameUuid } from './key.ts';
import type { MaxwellOptions } from './options.ts';
import { hashOf } from './partition.ts';
import { tableDefinition } from './table-definition.ts';

const DATABASE_VERBS = { CREATE: 'database-create', ALTER: 'database-alter', DROP: 'database-drop' } as const;
/** The character set that a statement about a database names, in quotes or not. */
const CHARSET = /\bchar(?:acter\s+set|set)\s*=?\s*['"`]?(\w+)/i;

/** Maxwell tells the database that went, not its tables. */
const DROPS_DATABASE = /^(?:\s|\/\*.*?\*\/)*drop\s+(?:database|schema)\b/is;

/**
 * What Maxwell sends with `output_ddl`: `table-create`, `table-alter` (renames too), `table-drop` and those of databases, to
 * the partition of their database. It tells no TRUNCATE, and no CREATE INDEX and DROP INDEX. A gap, which it has no message for, is told as the plain format does.
 */
export function createMaxwellAnnouncer(options: MaxwellOptions, context: FormatContext): Announcer {
  const plain = createPlainAnnouncer(context);
  return {
    schemaChange: (notice) => (notice.kind === 'truncate' ? [] : statements(notice, options)),
    truncate: () => [],
    gap: (notice) => plain.gap(notice),
  };
}

function statements(notice: SchemaNotice, options: MaxwellOptions): readonly SideMessage[] {
  const { changes, place, sql, database } = notice;
  if (changes.length > 0 && !DROPS_DATABASE.test(sql)) return changes.filter((change) => !isIndex(change, notice)).map((change) => message(ofTable(change, options), { database: nameBefore(change).database, sql, place }, options));
  const statement = ofDatabase(notice);
  return statement === null ? [] : [message(statement, { database, sql, place }, options)];
}

/** CREATE INDEX and DROP INDEX are not told; ALTER TABLE is, whatever it changes. */
function isIndex({ kind }: TableChange, { verb }: SchemaNotice): boolean {
  return kind === 'alter' && verb !== 'ALTER';
}

/** A renamed table goes by the name it had. */
function nameBefore({ table, renamedFrom }: TableChange): { readonly database: string; readonly name: string } {
  return renamedFrom ?? table;
}

function ofTable(change: TableChange, { quirks }: MaxwellOptions): object {
  const { database, name } = nameBefore(change);
  const old = tableDefinition(change.before, quirks);
  const def = tableDefinition(change.after, quirks);
  switch (change.kind) {
    case 'create':
      return { type: 'table-create', database, table: name, def };
    case 'drop':
      return { type: 'table-drop', database, table: name };
    default:
      return { type: 'table-alter', database, table: name, old, def };
  }
}

/** Null for a statement that Maxwell has no message for. */
function ofDatabase({ verb, sql, database }: SchemaNotice): object | null {
  if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return null;
  const type = DATABASE_VERBS[verb];
  return verb === 'DROP' ? { type, database } : { type, database, charset: CHARSET.exec(sql)?.[1]?.toLowerCase() ?? null };
}

interface Statement {
  readonly database: string;
  readonly sql: string;
  readonly place: NoticePlace;
}

function message(head: object, { database, sql, place }: Statement, options: MaxwellOptions): SideMessage {
  const { transaction, position, timestamp } = place;
  const value = {
    ...head,
    ts: timestamp * 1000,
    sql,
    ...(options.binlogPosition ? { position: `${transaction.file}:${position}` } : {}),
    ...(options.gtidPosition ? { gtid: transaction.gtid } : {}),
  };
  const uuid = nameUuid(`${transaction.id}:${position}:${JSON.stringify(head)}`);
  return { key: Buffer.from(options.quirks ? uuid : `"${uuid}"`), bareKey: options.quirks, value: Buffer.from(JSON.stringify(value)), headers: [], partition: partitionOf(database, options) };
}

function partitionOf(database: string, { partitionHash }: MaxwellOptions): number {
  const text = new ByteWriter(database.length * 3);
  text.utf8(database);
  return hashOf(partitionHash)(text);
}
