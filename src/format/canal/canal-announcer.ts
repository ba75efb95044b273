import type { NoticePlace, SchemaNotice, TableChange, TableName, TruncateNotice } from '../../core/notice.ts';
import type { Announcer, SideMessage } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { createPlainAnnouncer } from '../plain/plain-announcer.ts';
import { clauseType, ofDatabase } from './ddl-type.ts';

/** Statements go to the first partition, as in Canal. */
const PARTITION = 0;
const KINDS = { create: 'CREATE', alter: 'ALTER', rename: 'RENAME', drop: 'ERASE' } as const satisfies Readonly<Record<TableChange['kind'], string>>;

/** Flat messages with `isDdl`, one a statement, with the first of its tables. A gap, which Canal has no message for, is told as the plain format does. */
export function createCanalAnnouncer(context: FormatContext): Announcer {
  const plain = createPlainAnnouncer(context);
  return {
    schemaChange: (notice) => (notice.kind === 'truncate' ? truncate(notice, context) : [schemaMessage(notice, context)]),
    truncate: (notice) => truncate(notice, context),
    gap: (notice) => plain.gap(notice),
  };
}

function truncate({ place, sql, table }: TruncateNotice, context: FormatContext): readonly SideMessage[] {
  return [message({ type: 'TRUNCATE', database: table.database, table: table.name, sql, place }, context)];
}

function schemaMessage({ place, sql, verb, database, changes }: SchemaNotice, context: FormatContext): SideMessage {
  const [first] = changes;
  const table: TableName = first === undefined || ofDatabase(sql) ? { database, name: '' } : first.table;
  return message({ type: typeOf(first, verb, sql), database: table.database, table: table.name, sql, place }, context);
}

/** As Canal's, that of the first clause where it alters a table; what is about no table is a QUERY. */
function typeOf(change: TableChange | undefined, verb: string, sql: string): string {
  if (change === undefined || ofDatabase(sql)) return 'QUERY';
  if (change.kind !== 'alter') return KINDS[change.kind];
  if (verb === 'CREATE') return 'CINDEX';
  return verb === 'DROP' ? 'DINDEX' : clauseType(sql);
}

interface Statement {
  readonly type: string;
  readonly database: string;
  readonly table: string;
  readonly sql: string;
  readonly place: NoticePlace;
}

function message({ type, database, table, sql, place }: Statement, { clock }: FormatContext): SideMessage {
  const value = {
    data: null,
    database,
    es: place.timestamp * 1000,
    gtid: place.transaction.gtid ?? '',
    id: place.transaction.sequence,
    isDdl: true,
    mysqlType: null,
    old: null,
    pkNames: null,
    sql,
    sqlType: null,
    table,
    ts: Math.floor(clock.nowMicros() / 1000),
    type,
  };
  return { key: null, value: Buffer.from(JSON.stringify(value)), headers: [], partition: PARTITION };
}
