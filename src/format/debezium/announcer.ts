import { ByteWriter } from '../../core/byte-writer.ts';
import type { GapNotice, SchemaNotice, TableChange, TruncateNotice } from '../../core/notice.ts';
import type { Announcer, SideMessage } from '../../core/ports.ts';
import { fill } from '../../core/projection.ts';
import type { FormatContext } from '../context.ts';
import type { DebeziumOptions } from './options.ts';
import { ProcessingTime } from './processing-time.ts';
import { GAP_SCHEMAS, schemaChangeSchemas } from './schema-change-schema.ts';
import { sideMessage, textMessage } from './side-message.ts';
import { sourceText } from './source-value.ts';
import { tableChange } from './table-change.ts';

/** A statement, or the part of one that is about one table. */
interface Part {
  readonly table: string | null;
  readonly ddl: string;
  readonly changes: readonly TableChange[];
}

/**
 * Schema changes and truncates in the shape of Debezium's own. A statement that is about several tables is a message
 * for each. Debezium knows no gaps: theirs is a message of Rowcast's.
 */
export class DebeziumAnnouncer implements Announcer {
  readonly #context: FormatContext;
  readonly #options: DebeziumOptions;
  readonly #envelope: (database: string, table: string) => string;
  readonly #time: ProcessingTime;

  /** @param envelope What comes before an envelope of the table: its schema, where there is one. */
  constructor(context: FormatContext, options: DebeziumOptions, envelope: (database: string, table: string) => string) {
    this.#context = context;
    this.#options = options;
    this.#envelope = envelope;
    this.#time = new ProcessingTime(context.clock);
  }

  /** Debezium's topic of schema changes does not tell of TRUNCATE. */
  schemaChange(notice: SchemaNotice | TruncateNotice): readonly SideMessage[] {
    if (notice.kind === 'truncate') return [];
    const { place, database } = notice;
    const schemas = this.#options.schemas ? schemaChangeSchemas(this.#context) : null;
    return partsOf(notice).map(({ table, ddl, changes }) => {
      const rest = { ts_ms: Math.floor(this.#context.clock.nowMicros() / 1000), databaseName: database, schemaName: null, ddl, tableChanges: changes.map(tableChange) };
      const value = `{"source":${sourceText(this.#context, place, { database, name: table })},${JSON.stringify(rest).slice(1)}`;
      return textMessage(JSON.stringify({ databaseName: database }), value, schemas);
    });
  }

  /** A flat message has no place for it, so there is none. */
  truncate({ place, table }: TruncateNotice): readonly SideMessage[] {
    if (this.#options.flat !== null) return [];
    const { database, name } = table;
    const opening = this.#envelope(database, name);
    const out = new ByteWriter(1024);
    this.#time.read();
    fill(out, () => {
      out.utf8(`${opening}{"before":null,"after":null,"source":${sourceText(this.#context, place, { database, name })},"transaction":null,"op":"t`);
      this.#time.write(out);
      if (opening !== '') out.latin1('}');
      return 0;
    });
    return [{ key: null, value: Uint8Array.from(out.view()), headers: [] }];
  }

  gap({ resumedAt, after, before, transactions, gtids, bytes, noticedAt }: GapNotice): readonly SideMessage[] {
    const { serverName } = this.#context;
    return [sideMessage({ serverName }, { serverName, ts_ms: noticedAt, resumedAt, after, before, transactions, gtids, bytes }, this.#options.schemas ? GAP_SCHEMAS : null)];
  }
}

/** A table's part of a statement has the statement's text; of a dropped table the text that Debezium gives it. */
function partsOf({ sql, changes }: SchemaNotice): readonly Part[] {
  if (changes.length === 0) return [{ table: null, ddl: sql, changes }];
  return changes.map((change) => {
    const { database, name } = change.table;
    return { table: name, ddl: change.kind === 'drop' ? `DROP TABLE ${backticked(database)}.${backticked(name)}` : sql, changes: [change] };
  });
}

function backticked(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
