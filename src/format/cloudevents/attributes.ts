import { ByteWriter } from '../../core/byte-writer.ts';
import type { PerOperation, RowMessage } from '../../core/change.ts';
import { fill } from '../../core/projection.ts';
import type { Projection } from '../../core/projection.ts';
import { tableLabel } from '../../core/table.ts';
import { currentView, EventCache } from '../event-cache.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { FormatContext } from '../context.ts';
import { isoMicros } from '../times.ts';
import type { CloudEventsOptions } from './options.ts';

/** Of the two halves of a row that changed its key, which have one place in the binlog. */
const HALVES = { none: Buffer.alloc(0), old: Buffer.from(':old'), new: Buffer.from(':new') } as const;

/** The attribute `source`. */
export function sourceOf({ source }: CloudEventsOptions, { serverName }: FormatContext): string {
  return source ?? `/rowcast/${serverName}`;
}

/** Attributes that are the same for all rows of a table. */
export interface TableAttributes {
  readonly source: string;
  readonly subject: string;
  readonly types: PerOperation<string>;
}

export function tableAttributes(projection: Projection, options: CloudEventsOptions, context: FormatContext): TableAttributes {
  const { typePrefix } = options;
  return {
    source: sourceOf(options, context),
    subject: tableLabel(projection.table),
    types: { insert: `${typePrefix}.insert`, update: `${typePrefix}.update`, delete: `${typePrefix}.delete` },
  };
}

/**
 * Attributes of a message as text, each valid until the next message. The `id` is the place of the row in the binlog, so a
 * row that is told again has it again, and no other row of the source has it: transaction, offset, number of the row.
 */
export class RowAttributes {
  readonly #place: EventCache;
  readonly #time: EventCache;
  readonly #key: ImageWriter;
  readonly #keyed: boolean;
  readonly #id = new ByteWriter(128);
  readonly #keyText = new ByteWriter(128);
  #idView: Buffer = Buffer.alloc(0);
  #keyView: Buffer = Buffer.alloc(0);

  constructor(projection: Projection, key: ImageWriter) {
    this.#key = key;
    this.#keyed = projection.key.length > 0;
    this.#place = new EventCache(({ transaction, position }, out) => {
      out.utf8(`${transaction.id}:${position}:`);
    });
    this.#time = new EventCache(({ transaction }, out) => {
      if (transaction.committedMicros > 0) out.latin1(isoMicros(transaction.committedMicros));
    });
  }

  id({ event, row, keyChange }: RowMessage): Buffer {
    fill(this.#id, (out) => {
      this.#place.copy(event, out);
      out.integer(row);
      out.raw(HALVES[keyChange]);
      return 0;
    });
    return (this.#idView = currentView(this.#id, this.#idView));
  }

  /** When it was committed; nothing where the server does not tell. */
  time({ event }: RowMessage, out: ByteWriter): void {
    this.#time.copy(event, out);
  }

  /** The key of the message, which is its `partitionkey` too; null without one. */
  partitionKey({ before, after }: RowMessage): Buffer | null {
    const image = after ?? before;
    if (!this.#keyed || image === null) return null;
    fill(this.#keyText, (out) => {
      this.#key(image, out);
      return 0;
    });
    return (this.#keyView = currentView(this.#keyText, this.#keyView));
  }
}
