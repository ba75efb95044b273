import { describe, expect, it } from 'vitest';
import type { RowImage } from '../../../src/core/row-image.ts';
import { Candidates } from '../../../src/verify/candidates.ts';
import type { Expected } from '../../../src/verify/expected.ts';
import { EnvelopeReader } from '../../../src/verify/formats/envelope.ts';
import type { LogRecord, SelectedRow, TableRows, TopicLog } from '../../../src/verify/ports.ts';
import { scan } from '../../../src/verify/scan.ts';
import { Settling } from '../../../src/verify/settling.ts';
import { TopicRows } from '../../../src/verify/topic-rows.ts';
import { digestsOf, recordOf, tableNamed } from './support.ts';

const table = tableNamed('t');
const source = { database: 'shop', table: 't' };
const READING = { reader: new EnvelopeReader({ inside: null, database: 'database', table: 'table' }), keyInside: null, shared: false };

/** A table in memory: v by id. Its SELECTs are numbered, and `before` is told of each. */
class Shop {
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

  /** What becomes of these rows: as the topic had them, and as the table had them; null is nothing. */
  async settle(rows: Readonly<Record<number, readonly [told: string | null, seen: string | null]>>, patience = 1_000): Promise<Record<string, string>> {
    const candidates = new Candidates();
    const digests = (id: number, v: string | null): Buffer | null => (v === null ? null : digestsOf(table.columns, { id, v }));
    for (const [id, [told, seen]] of Object.entries(rows)) candidates.add({ table: 0, id: `{"id":${id}}`, told: digests(Number(id), told), seen: digests(Number(id), seen), place: null, key: seen === null ? null : [id] });
    const expected = { of: (image: unknown) => ({ id: JSON.stringify(image), digests: digestsOf(table.columns, { ...(image as object), v: this.rows.get((image as { id: number }).id) }) }) } as unknown as Expected;
    const result: Record<string, string> = {};
    const daemon = { point: () => Promise.resolve({ label: 'end', state: null }), passed: () => Promise.resolve({ passed: this.passes, at: 'here' }) };
    const settling = new Settling({ tables: [{ table, rows: this.selects, expected }], log: this.topic, daemon, early: new Set(), patience, signal: new AbortController().signal, reads: (into) => new TopicRows(READING, [table], into) });
    await settling.settle(candidates, [BigInt(this.log.length)], ({ id }, what) => {
      result[id] = what;
    });
    return result;
  }
}

describe('rows that are looked at again', () => {
  it('are settled: what the topic came to, what it never tells, and what it lost', async () => {
    const shop = new Shop();
    for (const id of [1, 2, 3]) shop.change(id, 'new', false);
    const settled = shop.settle({ 1: ['old', 'new'], 2: [null, 'new'], 3: ['old', 'new'], 4: ['old', null] });
    shop.change(3, 'newer');
    expect(await settled).toEqual({ '{"id":1}': 'different', '{"id":2}': 'different', '{"id":3}': 'equal', '{"id":4}': 'different' });
  });

  it('are no difference while they change in every look, if they fit each time', async () => {
    const shop = new Shop();
    shop.change(1, 'v0');
    shop.before = (select) => { shop.change(1, `v${String(select)}`); shop.log.push(recordOf({ id: 1 }, { op: 'update', source, after: { id: 1, v: 'later' } })); };
    expect(await shop.settle({ 1: ['x', 'v0'] })).toEqual({ '{"id":1}': 'moving' });
  }, 20_000);

  it('are looked for in the whole table where they came back since', async () => {
    const shop = new Shop();
    for (let id = 1; id <= 50; id++) shop.change(id, 'a', false);
    const settled = shop.settle({ 7: ['a', null], 99: ['a', null] });
    shop.change(7, 'b');
    shop.change(99, 'b');
    shop.change(99, null, false);
    expect(await settled).toEqual({ '{"id":7}': 'equal', '{"id":99}': 'different' });
  });

  it('cannot be settled while the daemon stands still', async () => {
    const shop = new Shop();
    shop.passes = false;
    await expect(shop.settle({ 1: ['a', null] }, 1)).rejects.toMatchObject({ code: 'VERIFY_BEHIND' });
  });
});

describe('a reading of a table', () => {
  it('goes by chunks that grow, and on from a key', async () => {
    const shop = new Shop();
    for (let id = 1; id <= 1_000; id++) shop.change(id, 'a', false);
    const [ids, chunks]: [number[], number[]] = [[], []];
    const signal = new AbortController().signal;
    await scan(shop.selects, { after: ['10'], signal, rows: 300 }, ({ key }) => ids.push(Number(key[0])), (_last, rows) => {
      chunks.push(rows);
      return Promise.resolve();
    });
    expect(ids).toEqual(Array.from({ length: 990 }, (_, i) => i + 11));
    expect(chunks).toEqual([32, 256, 300, 300, 102]);
  });

  it('ends when it is asked to, and of an empty table at once', async () => {
    const shop = new Shop();
    await scan(shop.selects, { after: null, signal: new AbortController().signal }, () => undefined, () => Promise.reject(new Error('there is no chunk')));
    await expect(scan(shop.selects, { after: null, signal: AbortSignal.abort() }, () => undefined, () => Promise.resolve())).rejects.toThrow();
  });
});
