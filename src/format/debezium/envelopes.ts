import { tableLabel } from '../../core/table.ts';
import type { FormatContext } from '../context.ts';
import { envelopeSchema, schemaText } from './connect-schema.ts';
import type { SchemaGround } from './connect-schema.ts';
import type { DebeziumOptions } from './options.ts';
import { representDebezium } from './representations.ts';

/**
 * The schemas of envelopes by table, for messages that are about a table and no row. A table whose rows have not been
 * told yet has one without columns, which is enough for images that are null.
 */
export class Envelopes {
  readonly #context: FormatContext;
  readonly #options: DebeziumOptions;
  readonly #latest = new Map<string, SchemaGround>();

  constructor(context: FormatContext, options: DebeziumOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The latest version of a table. */
  seen(ground: SchemaGround): void {
    if (this.#options.schemas) this.#latest.set(tableLabel(ground.projection.table), ground);
  }

  /** What comes before an envelope: nothing where schemas are off. */
  opening(database: string, name: string): string {
    if (!this.#options.schemas) return '';
    return schemaText(envelopeSchema(this.#latest.get(tableLabel({ database, name })) ?? this.#unseen(database, name)));
  }

  #unseen(database: string, name: string): SchemaGround {
    const table = { database, name, columns: [], primaryKey: [], captured: true };
    return { context: this.#context, options: this.#options, represent: representDebezium(this.#options), projection: { table, columns: [], key: [] } };
  }
}
