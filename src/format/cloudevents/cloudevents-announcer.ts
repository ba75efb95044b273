import type { GapNotice, NoticePlace, SchemaNotice, TruncateNotice } from '../../core/notice.ts';
import type { Announcer, Header, SideMessage } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { createPlainAnnouncer } from '../plain/plain-announcer.ts';
import { isoMicros } from '../times.ts';
import { sourceOf } from './attributes.ts';
import type { CloudEventsOptions } from './options.ts';
import { STRUCTURED } from './structured-encoder.ts';

/** Attributes that are not the same for all events. */
interface Attributes {
  readonly id: string;
  readonly type: 'schema' | 'truncate' | 'gap';
  readonly subject: string;
  readonly time: string;
}

/** What the plain format tells besides rows, as events. */
export function createCloudEventsAnnouncer(options: CloudEventsOptions, context: FormatContext): Announcer {
  const plain = createPlainAnnouncer(context);
  const wrap = (messages: readonly SideMessage[], attributes: Attributes): readonly SideMessage[] => messages.map((message) => event(message, attributes, options, sourceOf(options, context)));
  const statement = (notice: SchemaNotice | TruncateNotice): Attributes => ({
    id: placeId(notice.place),
    type: notice.kind,
    subject: notice.kind === 'schema' ? notice.database : `${notice.table.database}.${notice.table.name}`,
    time: isoMicros(notice.place.transaction.committedMicros),
  });
  return {
    schemaChange: (notice) => wrap(plain.schemaChange(notice), statement(notice)),
    truncate: (notice) => wrap(plain.truncate(notice), statement(notice)),
    gap: (notice: GapNotice) => wrap(plain.gap(notice), { id: `gap:${notice.noticedAt}`, type: 'gap', subject: context.serverName, time: isoMicros(notice.noticedAt * 1000) }),
  };
}

/** A statement is the only event of its place. */
function placeId({ transaction, position }: NoticePlace): string {
  return `${transaction.id}:${position}`;
}

function event({ key, value }: SideMessage, { id, type, subject, time }: Attributes, { mode, typePrefix }: CloudEventsOptions, source: string): SideMessage {
  const attributes = { id, source, type: `${typePrefix}.${type}`, subject, time };
  if (mode === 'structured') {
    const text = JSON.stringify({ specversion: '1.0', ...attributes, datacontenttype: 'application/json', partitionkey: String(key) });
    return { key, value: Buffer.from(`${text.slice(0, -1)},"data":${String(value)}}`), headers: STRUCTURED };
  }
  return { key, value, headers: headersOf({ specversion: '1.0', ...attributes, partitionkey: String(key) }) };
}

function headersOf(attributes: Readonly<Record<string, string>>): readonly Header[] {
  const headers = Object.entries(attributes).map(([name, text]) => ({ name: `ce_${name}`, value: Buffer.from(text) }));
  return [...headers, { name: 'content-type', value: Buffer.from('application/json') }];
}
