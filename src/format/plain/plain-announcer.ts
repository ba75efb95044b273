import type { GapNotice, NoticePlace, SchemaNotice, TruncateNotice } from '../../core/notice.ts';
import type { Announcer, SideMessage } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { isoMicros } from '../times.ts';

/** docs/formats.md: op `schema`, `truncate` and `gap`. Of a table as it was and is, everything that is known. */
export function createPlainAnnouncer(context: FormatContext): Announcer {
  return new PlainAnnouncer(context);
}

class PlainAnnouncer implements Announcer {
  readonly #context: FormatContext;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  schemaChange(notice: SchemaNotice | TruncateNotice): readonly SideMessage[] {
    if (notice.kind === 'truncate') return this.truncate(notice);
    const { place, sql, database, changes } = notice;
    return [message({ database }, { op: 'schema', ...this.#origin(place, { database }), sql, changes })];
  }

  truncate({ place, sql, table }: TruncateNotice): readonly SideMessage[] {
    const names = { database: table.database, table: table.name };
    return [message(names, { op: 'truncate', ...this.#origin(place, names), sql })];
  }

  gap({ kind, noticedAt, ...gap }: GapNotice): readonly SideMessage[] {
    const { serverName, connector } = this.#context;
    return [message({ name: serverName }, { op: kind, source: { name: serverName, connector, time: isoMicros(noticedAt * 1000) }, ...gap })];
  }

  #origin({ transaction, position }: NoticePlace, names: Readonly<Record<string, string>>): object {
    const { serverName: name, connector } = this.#context;
    const { committedMicros, serverId, threadId, gtid, file, id } = transaction;
    return { source: { name, connector, ...names, time: isoMicros(committedMicros), serverId, threadId, gtid, file, position }, transaction: { id } };
  }
}

function message(key: object, value: object): SideMessage {
  return { key: Buffer.from(JSON.stringify(key)), value: Buffer.from(JSON.stringify(value)), headers: [] };
}
