import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TopicLog } from '../../../src/verify/ports.ts';
import type { Difference } from '../../../src/verify/report.ts';
import { VerifyState } from '../../../src/verify/state.ts';
import { TopicVerifier } from '../../../src/verify/topic-verifier.ts';
import { randomOf } from '../../chaos/random.ts';
import { READING, Shop, table } from './shop.ts';

/** As a process that is killed: nothing after it happens. */
class Killed extends Error {}

const ROWS = 300;
let folder = '';
let state = '';
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowcast-verifier-'));
});
beforeEach(() => {
  state = join(folder, String(runs++));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A table of many rows, whose topic has told each at least once: inserts, changes, deletes and what came back. */
function busyShop(): Shop {
  const shop = new Shop();
  for (let id = 1; id <= ROWS; id++) shop.change(id, 'a');
  for (let id = 1; id <= ROWS; id += 2) shop.change(id, 'b');
  for (let id = 1; id <= ROWS; id += 5) shop.change(id, null);
  for (let id = 1; id <= ROWS; id += 10) shop.change(id, 'c');
  return shop;
}

interface Attempt {
  /** Called before each answer of the topic and of the table, and at each step that is told. */
  readonly step?: () => void;
  readonly fetched?: (from: bigint) => void;
  readonly found?: (difference: Difference) => void;
}

async function verify(shop: Shop, { step = () => undefined, fetched = () => undefined, found = () => undefined }: Attempt = {}): Promise<number | undefined> {
  const log: TopicLog = {
    ...shop.topic,
    fetch: async (partition, from) => {
      step();
      fetched(from);
      return shop.topic.fetch(partition, from);
    },
  };
  shop.before = step;
  const result = await new TopicVerifier({
    tables: [{ table, rows: shop.selects, expected: shop.expected }], reading: READING, log, daemon: shop.daemon, state: await VerifyState.open(state, 'all the same'),
    signal: new AbortController().signal, chunk: 7, patience: 1_000, progress: step, found: (difference) => { found(difference); return true; },
  }).run();
  return result.tables[table.label]?.counts.rows;
}

describe('a comparison that is killed', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('at any instant goes on without losing a row or taking one twice (seed %i)', async (seed) => {
    const random = randomOf(seed);
    const shop = busyShop();
    // The state is saved after some seconds of work: as many as chance gives each step.
    let now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => (now += random.below(400)));
    try {
      const begins: bigint[] = [];
      let rows: number | undefined;
      for (let kills = 0; rows === undefined; kills++) {
        let left = random.between(5, 60) + kills;
        let first = true;
        const step = (): void => { if (left-- === 0) throw new Killed(); };
        const fetched = (from: bigint): void => {
          if (first) begins.push(from);
          first = false;
        };
        rows = await verify(shop, { step, fetched, found: (difference) => { expect.unreachable(JSON.stringify(difference)); } }).catch((error: unknown) => {
          if (error instanceof Killed) return undefined;
          throw error;
        });
      }
      expect(rows).toBe(shop.rows.size);
      // It went on there, not from the beginning.
      expect(begins.length).toBeGreaterThan(2);
      expect(begins).toEqual([...begins].sort((a, b) => Number(a - b)));
      expect(begins.at(-1)).toBeGreaterThan(0n);
      expect(await readdir(state)).toEqual(['verify.json']);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('tells what differs once, and keeps it', async () => {
    const shop = busyShop();
    shop.rows.set(4, 'silently');
    shop.rows.delete(8);
    const found: string[] = [];
    let left = 250;
    await expect(verify(shop, { step: () => { if (left-- === 0) throw new Killed(); } })).rejects.toThrow(Killed);
    await verify(shop, { found: ({ kind, key }) => found.push(`${kind} ${key}`) });
    expect(found.sort()).toEqual(['different {"id":4}', 'extra {"id":8}']);
    found.length = 0;
    await verify(shop, { found: ({ kind, key }) => found.push(`${kind} ${key}`) });
    expect(found).toEqual([]);
    expect((await VerifyState.open(state, 'all the same')).differences.length).toBe(2);
  });
});
