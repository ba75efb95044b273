import { describe, expect, it } from 'vitest';
import { BEGINS, DAMAGED, damagedGroups, groupFrom, HONEST, outcome, outcomes, refitted, type Outcome } from './damage.ts';
import { events, fixture } from './support.ts';

/** Milliseconds for tens of thousands of damaged events on a busy machine. */
const PATIENCE = 60_000;
/** Reading past the end of an event would give another outcome where other bytes lie there. */
function bounded(name: string, list: readonly Buffer[]): Outcome {
  const [one, other] = outcomes(name, list);
  if (one.code !== other.code || one.rows !== other.rows) expect(one).toEqual(other);
  return one;
}

describe.each(DAMAGED)('the file of %s', (name) => {
  const file = fixture(name);
  const list = events(file).map(([start, end]) => file.subarray(start, end));
  const [description = file] = list;

  it('cut at any byte is refused', () => {
    const seen = new Set<string>();
    for (const bytes of list.slice(1)) {
      for (let cut = 0; cut < bytes.length; cut++) {
        const { rows, code } = bounded(name, [description, bytes.subarray(0, cut)]);
        seen.add(`${code} ${rows}`);
      }
    }
    expect([...seen]).toEqual(['EVENT_CORRUPT ']);
  });

  it('cut at any byte, with a length and a checksum that fit, gives no row that is not there', () => {
    const seen = new Set<string>();
    let group = 1;
    let truth = '';
    for (const [index, bytes] of list.entries()) {
      if (BEGINS.has(bytes[4] ?? 0)) {
        group = index;
        truth = outcome(name, [description, ...groupFrom(list, index)]).rows;
      }
      for (let cut = 19; index > 0 && cut < bytes.length - 4; cut++) {
        const { rows, code } = bounded(name, [description, ...list.slice(group, index), refitted(bytes.subarray(0, cut))]);
        seen.add(code);
        if (!truth.startsWith(rows)) expect(rows).toBe(truth);
      }
    }
    expect([...HONEST, 'none']).toEqual(expect.arrayContaining([...seen]));
  }, PATIENCE);
});

describe('events without checksums', () => {
  it.each([['mysql-9.7-full', 10_000], ['mariadb-10.11-full', 10_000], ['mysql-9.7-minimal-anonymous', 5_000]] as const)('of %s, damaged %i times, end in an honest error or are read inside their bounds', (name, rounds) => {
    let seed = 20261123;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const seen = new Set<string>();
    const damaged = damagedGroups(name, random);
    for (let round = 0; round < rounds; round++) seen.add(bounded(name, damaged.next().value).code);
    expect([...HONEST, 'none']).toEqual(expect.arrayContaining([...seen]));
    expect([...seen]).toEqual(expect.arrayContaining(['EVENT_CORRUPT', 'none']));
  }, PATIENCE);
});

