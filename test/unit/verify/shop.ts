import type { RowImage } from '../../../src/core/row-image.ts';
import type { Expected } from '../../../src/verify/expected.ts';
import { EnvelopeReader } from '../../../src/verify/formats/envelope.ts';
import type { Daemon, LogRecord, SelectedRow, TableRows, TopicLog } from '../../../src/verify/ports.ts';
import { digestsOf, recordOf, tableNamed } from './support.ts';

/** The table of a shop. */
export const table = tableNamed('t');
export const source = { database: 'shop', table: 't' };
export const READING = { reader: new EnvelopeReader({ inside: null, database: 'database', table: 'table' }), keyInside: null, shared: false };

/** A table in memory: v by id. Its SELECTs are numbered, and `before` is told of each. */
export class Shop {
  readonly rows = new Map<number, string>();
  readonly log: LogRecord[] = [];
  before: (select: number) => void = () => undefined;
  passes = true;
  #selects = 0;

  change(id: number, v: string | null, told = true): void {
    if (v === null) this.rows.delete(id);
    else this.rows.set(id, v);
    if (told) this.log.push(recordOf({ id }, v === null ? { op: 'delete', source, before: { id } } : { op: 'update', source, before: { id }, after: { id, v } }));
  }

  get topic(): TopicLog {
    return {
      topic: 't',
      starts: () => Promise.resolve([0n]),
      ends: () => Promise.resolve([BigInt(this.log.length)]),
      // Two records at a time, beyond the end too.
      fetch: (_partition, from) => Promise.resolve({ records: this.log.slice(Number(from), Number(from) + 2).map((record, i) => ({ ...record, offset: from + BigInt(i) })), next: from + BigInt(this.log.slice(Number(from), Number(from) + 2).length) }),
    };
  }

  get selects(): TableRows {
    const found = (ids: readonly number[], take: (row: SelectedRow) => void): void => {
      this.before(++this.#selects);
      for (const id of ids) if (this.rows.has(id)) take({ image: { id } as unknown as RowImage, key: [String(id)] });
    };
    return {
      find: (keys, take) => {
        found(keys.map(([key]) => Number(key)), take);
        return Promise.resolve();
      },
      chunk: (after, limit, take) => {
        const ids = [...this.rows.keys()].sort((a, b) => a - b).filter((id) => after === null || id > Number(after[0])).slice(0, limit);
        found(ids, take);
        return Promise.resolve({ rows: ids.length, bytes: ids.length * 10, last: ids.length === 0 ? null : [String(ids.at(-1))] });
      },
    };
  }

  /** What the topic should have of its rows. */
  get expected(): Expected {
    return { strange: new Set(), unanswered: 0, of: (image: unknown) => ({ id: JSON.stringify(image), digests: digestsOf(table.columns, { ...(image as object), v: this.rows.get((image as { id: number }).id) }) }) } as unknown as Expected;
  }

  /** A daemon that has told everything, unless `passes` says that it stands still. */
  get daemon(): Daemon {
    return { point: () => Promise.resolve({ label: 'end', state: null }), passed: () => Promise.resolve({ passed: this.passes, at: 'here' }) };
  }
}
