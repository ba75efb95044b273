import type { GapNotice, SchemaNotice, SourceNotice, TableName, TruncateNotice } from '../core/notice.ts';
import type { NoticeRouter, NoticeTarget } from '../core/plan.ts';
import type { Announcer, Format, SideMessage, Sink } from '../core/ports.ts';
import { writeSideMessage } from './side-messages.ts';

export interface AnnouncementParts {
  readonly router: NoticeRouter;
  readonly sink: Sink;
  /** The format of a route, by its place in the file; of −1, that of the file. */
  readonly format: (route: number) => Format;
  /** Topic of gaps in the binlog. */
  readonly gapTopic: string;
}

/** Formats that want to tell something in a topic: each says it once, however many routes it serves. */
type Tellers = Map<Announcer, Map<string, TableName[]>>;

/** Turns what a source tells besides rows into messages. They are written before the position moves past it (Invariant 1). */
export class Announcements {
  readonly #parts: AnnouncementParts;

  constructor(parts: AnnouncementParts) {
    this.#parts = parts;
  }

  /** Settles when the messages are with the sink. @throws RowcastError SINK_*, ROW_TOO_LARGE */
  async notice(notice: SourceNotice): Promise<void> {
    if (notice.kind === 'gap') await this.#gap(notice);
    else if (notice.kind === 'schema') await this.#schema(notice);
    else await this.#truncate(notice);
  }

  /** Told once, in the format of the file: nobody knows which tables it concerns. */
  async #gap(notice: GapNotice): Promise<void> {
    const { format, gapTopic } = this.#parts;
    await this.#write(gapTopic, format(-1).announcer?.gap(notice) ?? []);
  }

  async #schema(notice: SchemaNotice): Promise<void> {
    const tellers: Tellers = new Map();
    if (notice.changes.length === 0) this.#add(tellers, this.#parts.router.schemaChanges(notice.database, null), null);
    for (const { table, renamedFrom } of notice.changes) {
      for (const name of renamedFrom === null ? [table] : [table, renamedFrom]) this.#add(tellers, this.#parts.router.schemaChanges(name.database, name.name), table);
    }
    for (const [announcer, topics] of tellers) {
      for (const [topic, tables] of topics) await this.#write(topic, announcer.schemaChange({ ...notice, changes: notice.changes.filter(({ table }) => tables.includes(table)) }));
    }
  }

  async #truncate(notice: TruncateNotice): Promise<void> {
    const { router, format } = this.#parts;
    const { database, name } = notice.table;
    const own = router.truncate(notice.table);
    if (own !== null) await this.#write(own.topic, format(own.route).announcer?.truncate(notice) ?? []);
    for (const { route, topic } of router.schemaChanges(database, name)) await this.#write(topic, format(route).announcer?.schemaChange(notice) ?? []);
  }

  #add(tellers: Tellers, targets: readonly NoticeTarget[], table: TableName | null): void {
    for (const { route, topic } of targets) {
      const { announcer } = this.#parts.format(route);
      if (announcer === undefined) continue;
      const topics = tellers.get(announcer) ?? new Map<string, TableName[]>();
      tellers.set(announcer, topics);
      const tables = topics.get(topic) ?? [];
      topics.set(topic, tables);
      if (table !== null && !tables.includes(table)) tables.push(table);
    }
  }

  async #write(topic: string, messages: readonly SideMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const writer = await this.#parts.sink.topic(topic);
    for (const message of messages) writeSideMessage(writer, message);
  }
}
