import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventSpool } from '../../../../src/mysql/binlog/event-spool.ts';
import type { SpoolMark } from '../../../../src/mysql/binlog/event-spool.ts';
import { SpillFile } from '../../../../src/mysql/binlog/spill-file.ts';
import { Valve } from '../../../../src/mysql/binlog/valve.ts';
import { codeOf } from './support.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
  path = join(folder, 'held');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An event of `size` bytes that tells its number. */
function event(number: number, size: number): Buffer {
  const bytes = Buffer.alloc(size, number & 0xff);
  if (size >= 4) bytes.writeUInt32LE(number, 0);
  return bytes;
}

async function put(spool: EventSpool, number: number, size: number): Promise<void> {
  const bytes = Buffer.concat([Buffer.from('before'), event(number, size), Buffer.from('after')]);
  await spool.append({ kind: number & 0xff, table: number * 3, position: number * 2 ** 33, firstRow: number + 1 }, bytes, 6, 6 + size);
  bytes.fill(0xee);
}

async function all(spool: EventSpool, valve = new Valve()): Promise<string[]> {
  const seen: string[] = [];
  await spool.replay((held) => {
    const bytes = Buffer.from(held.bytes.subarray(held.start, held.end));
    const number = held.table / 3;
    expect([held.kind, held.position, held.firstRow]).toEqual([number & 0xff, number * 2 ** 33, number + 1]);
    expect(bytes.equals(event(number, bytes.length))).toBe(true);
    seen.push(`${number}:${bytes.length}`);
  }, valve);
  return seen;
}

describe('a spool of events', () => {
  it('gives back at once what lies in memory', async () => {
    const spool = new EventSpool(1 << 20, null);
    for (let i = 0; i < 1000; i++) expect(spool.append({ kind: 0, table: 0, position: 0, firstRow: 0 }, event(i, 40), 0, 40)).toBeUndefined();
    let count = 0;
    expect(spool.replay(() => { count++; }, new Valve())).toBeUndefined();
    expect([count, spool.count]).toEqual([1000, 1000]);
    void spool.clear();
    expect([spool.count, await all(spool)]).toEqual([0, []]);
  });

  it('goes on in a file where memory is full, which is there only while it is needed', async () => {
    const spool = new EventSpool(10_000, new SpillFile(path));
    const wanted: string[] = [];
    for (let i = 0; i < 300; i++) {
      const size = i === 150 ? 3 << 20 : (i * 7919) % 30_000;
      await put(spool, i, size);
      wanted.push(`${i}:${size}`);
    }
    expect(spool.size).toBeLessThan(25_000);
    expect(statSync(path).size).toBeGreaterThan(3 << 20);
    expect(await all(spool)).toEqual(wanted);
    expect(await all(spool)).toEqual(wanted);
    await spool.clear();
    expect(existsSync(path)).toBe(false);
    await put(spool, 1, 100_000);
    expect(await all(spool)).toEqual(['1:100000']);
    await spool.clear();
  });

  it('drops what comes after a mark, in memory, across its end and in the file', async () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 60; round++) {
      const spool = new EventSpool(1 << 14, new SpillFile(path));
      const marks: { readonly mark: SpoolMark; readonly wanted: number }[] = [];
      const wanted: string[] = [];
      for (let i = 0; i < 80; i++) {
        const what = random(10);
        if (what === 0) marks.push({ mark: spool.mark(), wanted: wanted.length });
        const back = what === 1 ? marks[random(Math.max(1, marks.length))] : undefined;
        if (back !== undefined) {
          spool.cut(back.mark);
          wanted.length = back.wanted;
          while ((marks.at(-1)?.wanted ?? 0) > back.wanted) marks.pop();
        }
        const size = random(20) === 0 ? random(2 << 20) : random(900);
        await put(spool, i, size);
        wanted.push(`${i}:${size}`);
      }
      expect(await all(spool), `round ${round}`).toEqual(wanted);
      expect(spool.count).toBe(wanted.length);
      await spool.clear();
      expect(existsSync(path)).toBe(false);
    }
  });

  it('overflows without a file: nothing is kept then', async () => {
    const spool = new EventSpool(1000, null);
    await put(spool, 1, 900);
    expect(spool.overflowed).toBe(false);
    await put(spool, 2, 900);
    expect([spool.overflowed, spool.size, spool.count]).toEqual([true, 0, 0]);
    await put(spool, 3, 10);
    expect(await all(spool)).toEqual([]);
  });

  it('says where it cannot be written', async () => {
    const spool = new EventSpool(10, new SpillFile(join(folder, 'none', 'held')));
    await put(spool, 1, 100);
    const full = async (): Promise<void> => { for (let i = 0; i < 20; i++) await put(spool, 1, 100_000); };
    await expect(full()).rejects.toThrow(/cannot be kept in .*none.held: ENOENT/u);
    expect(await codeOf(full)).toBe('HELD_UNWRITABLE');
    // A full disk: every write answers ENOSPC there.
    await symlink('/dev/full', path);
    const device = new EventSpool(10, new SpillFile(path));
    await expect((async () => { for (let i = 0; i < 20; i++) await put(device, 1, 100_000); })()).rejects.toThrow(/ENOSPC/u);
    await device.clear();
    expect(existsSync(path)).toBe(false);
  });
});

describe('a valve', () => {
  it.each([[1 << 20], [1000]])('holds in the middle of a replay, of %i bytes in memory', async (memory) => {
    const spool = new EventSpool(memory, new SpillFile(path));
    for (let i = 0; i < 100; i++) await put(spool, i, 1000);
    const valve = new Valve();
    const seen: number[] = [];
    const done = spool.replay((held) => {
      seen.push(held.table / 3);
      if (seen.length % 30 === 0) valve.pause();
    }, valve);
    for (const held of [30, 60, 90]) {
      while (seen.length < held) await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      expect(seen.length).toBe(held);
      valve.resume();
    }
    await done;
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await spool.clear();
  });

  it('that is closed ends a replay that waits, and one that goes on', async () => {
    const spool = new EventSpool(1 << 20, null);
    for (let i = 0; i < 10; i++) await put(spool, i, 10);
    const valve = new Valve();
    let seen = 0;
    const waits = spool.replay(() => { if (++seen === 3) valve.pause(); }, valve);
    setImmediate(() => { valve.close(); });
    expect(await codeOf(() => waits)).toBe('SOURCE_LOST');
    expect(seen).toBe(3);
    expect(await codeOf(() => spool.replay(() => { seen++; }, valve))).toBe('SOURCE_LOST');
    expect(seen).toBe(3);
  });

  it('lets others have their turn in a long replay', async () => {
    const spool = new EventSpool(1 << 30, null);
    for (let i = 0; i < 10; i++) await put(spool, i, 1 << 20);
    let turns = 0;
    const told = spool.replay(() => undefined, new Valve());
    const turn = (): void => {
      turns++;
      waiting = setImmediate(turn);
    };
    let waiting = setImmediate(turn);
    await told;
    clearImmediate(waiting);
    expect(turns).toBeGreaterThan(0);
  });
});
