import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fold } from '../../../src/verify/fold.ts';
import { GONE, SEEN, SET, Spill, TRUNCATED } from '../../../src/verify/spill.ts';
import type { SpilledRow } from '../../../src/verify/spill.ts';
import { columnsOf, digestsOf } from './support.ts';

const COLUMNS = columnsOf('id', 'v');
const A = digestsOf(COLUMNS, { id: 1, v: 'a' });
const B = digestsOf(COLUMNS, { id: 1, v: 'b' });

function row(kind: number, changes: Partial<SpilledRow> = {}): SpilledRow {
  return { kind, table: 0, id: '{"id":1}', digests: kind === GONE || kind === TRUNCATED ? Buffer.alloc(0) : A, partition: 0, offset: 1n, time: 5, key: kind === SEEN ? ['1'] : [], ...changes };
}

function folded(...rows: readonly SpilledRow[]): { told: Buffer | null; seen: Buffer | null; offset: bigint | undefined }[] {
  const fold = new Fold();
  for (const one of rows) fold.take(one);
  return [...fold.rows.values()].map(({ told, seen, place }) => ({ told, seen, offset: place?.offset }));
}

describe('the fold of a topic', () => {
  it('keeps the last state of a key, and where it is', () => {
    expect(folded(row(SET), row(SET, { digests: B, offset: 2n }))).toEqual([{ told: B, seen: null, offset: 2n }]);
    expect(folded(row(SET), row(GONE, { offset: 2n }))).toEqual([{ told: null, seen: null, offset: 2n }]);
    expect(folded(row(GONE), row(SET, { offset: 2n }))).toEqual([{ told: A, seen: null, offset: 2n }]);
  });

  it('has rows of the table beside it, and rows of other tables apart', () => {
    expect(folded(row(SET), row(SEEN, { digests: B }))).toEqual([{ told: A, seen: B, offset: 1n }]);
    expect(folded(row(SET), row(SEEN, { table: 1 }))).toHaveLength(2);
  });

  it('fills what a message does not tell from those before, but not from before a delete', () => {
    const partial = digestsOf(COLUMNS, { id: 1 });
    expect(folded(row(SET), row(SET, { digests: partial }))[0]?.told).toEqual(A);
    expect(folded(row(SET), row(GONE), row(SET, { digests: partial }))[0]?.told).toEqual(partial);
  });

  it('takes the newer message of a key that was in two partitions', () => {
    expect(folded(row(SET, { time: 9 }), row(SET, { partition: 1, time: 7, digests: B }))[0]?.told).toEqual(A);
    expect(folded(row(SET, { time: 9 }), row(SET, { partition: 1, time: 10, digests: B }))[0]?.told).toEqual(B);
  });

  it('loses the rows of a table that is truncated, and not those of others', () => {
    expect(folded(row(SET), row(SET, { table: 1 }), row(TRUNCATED)).map(({ told }) => told)).toEqual([null, A]);
  });
});

describe('rows in files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowcast-spill-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function all(spill: Spill): Promise<SpilledRow[]> {
    const found: SpilledRow[] = [];
    for (let bucket = 0; bucket < spill.count; bucket++) for await (const one of spill.read(bucket)) found.push(one);
    return found;
  }

  it('come back as they were, those of a key in one file and in their order', async () => {
    const spill = new Spill(folder, 4);
    await spill.open(null);
    const rows = Array.from({ length: 3_000 }, (_, i) => row(i % 3 === 0 ? GONE : SET, { id: `{"id":"é${String(i % 100)}"}`, offset: BigInt(i), time: i + 0.5, partition: i % 7 }));
    for (const one of rows) spill.add(one);
    spill.add(row(SEEN, { key: ['_utf8mb4 0x61', "'2026-01-01'"] }));
    await spill.flush();
    const found = await all(spill);
    expect(found).toHaveLength(rows.length + 1);
    expect(found.filter(({ id }) => id === '{"id":"é7"}')).toEqual(rows.filter(({ id }) => id === '{"id":"é7"}'));
    expect(found.find(({ kind }) => kind === SEEN)).toEqual(row(SEEN, { key: ['_utf8mb4 0x61', "'2026-01-01'"] }));
    expect((await spill.sizes()).filter((size) => size > 0)).toHaveLength(4);
  });

  it('are larger than what is read at once', async () => {
    const spill = new Spill(folder, 1);
    await spill.open(null);
    const large = Array.from({ length: 5 }, (_, i) => row(SET, { id: String(i).repeat(700_000) }));
    for (const one of large) spill.add(one);
    await spill.flush();
    expect((await all(spill)).map(({ id }) => id.slice(0, 3) + String(id.length))).toEqual(large.map(({ id }) => id.slice(0, 3) + String(id.length)));
  });

  it('ask to be flushed when some megabytes wait, and concern every file where they must', async () => {
    const spill = new Spill(folder, 3);
    await spill.open(null);
    expect(spill.full).toBe(false);
    spill.add(row(SET, { id: 'x'.repeat(5_000_000) }));
    expect(spill.full).toBe(true);
    await spill.flush();
    expect(spill.full).toBe(false);
    spill.addToAll(row(TRUNCATED));
    await spill.flush();
    expect((await all(spill)).filter(({ kind }) => kind === TRUNCATED)).toHaveLength(3);
  });

  it('are cut to the sizes that were saved, and forgotten without', async () => {
    const spill = new Spill(folder, 2);
    await spill.open(null);
    spill.add(row(SET));
    await spill.flush();
    const sizes = await spill.sizes();
    spill.add(row(SET, { digests: B }));
    await spill.flush();
    const again = new Spill(folder, 2);
    await again.open(sizes);
    expect(await all(again)).toEqual([row(SET)]);
    await again.open(null);
    expect(await all(again)).toEqual([]);
    await again.remove();
  });
});
