import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const numbers = [...readFileSync(join(root, 'docs/delivery.md'), 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));

/** The files of a folder that cite each invariant; a citation may name several, with commas and "and". */
function citations(folder: string): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    for (const [, list = ''] of readFileSync(join(root, folder, name), 'utf8').matchAll(/Invariants? (\d+(?:(?:,| and) \d+)*)/g)) {
      for (const number of list.match(/\d+/g) ?? []) found.set(Number(number), [...(found.get(Number(number)) ?? []), name]);
    }
  }
  return found;
}

describe('the invariants of docs/delivery.md', () => {
  const code = citations('src');
  const tests = citations('test');

  it('are ten', () => {
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each(numbers)('Invariant %i is cited where code upholds it', (number) => {
    expect(code.get(number) ?? []).not.toEqual([]);
  });

  it.each(numbers)('Invariant %i is cited in a test that proves it', (number) => {
    expect(tests.get(number) ?? []).not.toEqual([]);
  });

  it('are the only ones cited', () => {
    expect([...code.keys(), ...tests.keys()].filter((number) => !numbers.includes(number))).toEqual([]);
  });
});
