import { describe, expect, it } from 'vitest';
import { Candidates } from '../../../src/verify/candidates.ts';
import { scan } from '../../../src/verify/scan.ts';
import { Settling } from '../../../src/verify/settling.ts';
import { TopicRows } from '../../../src/verify/topic-rows.ts';
import { READING, Shop, source, table } from './shop.ts';
import { digestsOf, recordOf } from './support.ts';

/** What becomes of these rows: as the topic had them, and as the table had them; null is nothing. */
async function settle(shop: Shop, rows: Readonly<Record<number, readonly [told: string | null, seen: string | null]>>, patience = 1_000): Promise<Record<string, string>> {
  const candidates = new Candidates();
  const digests = (id: number, v: string | null): Buffer | null => (v === null ? null : digestsOf(table.columns, { id, v }));
  for (const [id, [told, seen]] of Object.entries(rows)) candidates.add({ table: 0, id: `{"id":${id}}`, told: digests(Number(id), told), seen: digests(Number(id), seen), place: null, key: seen === null ? null : [id] });
  const result: Record<string, string> = {};
  const settling = new Settling({ tables: [{ table, rows: shop.selects, expected: shop.expected }], log: shop.topic, daemon: shop.daemon, early: new Set(), patience, signal: new AbortController().signal, reads: (into) => new TopicRows(READING, [table], into) });
  await settling.settle(candidates, [BigInt(shop.log.length)], ({ id }, what) => {
    result[id] = what;
  });
  return result;
}

describe('rows that are looked at again', () => {
  it('are settled: what the topic came to, what it never tells, and what it lost', async () => {
    const shop = new Shop();
    for (const id of [1, 2, 3]) shop.change(id, 'new', false);
    const settled = settle(shop, { 1: ['old', 'new'], 2: [null, 'new'], 3: ['old', 'new'], 4: ['old', null] });
    shop.change(3, 'newer');
    expect(await settled).toEqual({ '{"id":1}': 'different', '{"id":2}': 'different', '{"id":3}': 'equal', '{"id":4}': 'different' });
  });

  it('are no difference while they change in every look, if they fit each time', async () => {
    const shop = new Shop();
    shop.change(1, 'v0');
    shop.before = (select) => { shop.change(1, `v${String(select)}`); shop.log.push(recordOf({ id: 1 }, { op: 'update', source, after: { id: 1, v: 'later' } })); };
    expect(await settle(shop, { 1: ['x', 'v0'] })).toEqual({ '{"id":1}': 'moving' });
  }, 20_000);

  it('are looked for in the whole table where they came back since', async () => {
    const shop = new Shop();
    for (let id = 1; id <= 50; id++) shop.change(id, 'a', false);
    const settled = settle(shop, { 7: ['a', null], 99: ['a', null] });
    shop.change(7, 'b');
    shop.change(99, 'b');
    shop.change(99, null, false);
    expect(await settled).toEqual({ '{"id":7}': 'equal', '{"id":99}': 'different' });
  });

  it('cannot be settled while the daemon stands still', async () => {
    const shop = new Shop();
    shop.passes = false;
    await expect(settle(shop, { 1: ['a', null] }, 1)).rejects.toMatchObject({ code: 'VERIFY_BEHIND' });
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
