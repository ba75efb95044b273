import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { parseDuration, parseSize } from '../../src/config/units.ts';

const EXAMPLE = readFileSync(new URL('../../config/routes.yaml', import.meta.url), 'utf8');

/** One of these characters. */
function letters(all: string) {
  return fc.constantFrom(...Array.from(all));
}

/** Reads a text; whatever it is, the answer is a configuration, or problems that stand inside it, in order, and keep its secret. */
function verdict(text: string): void {
  const { config, problems } = parseConfig(text, { path: 'f', env: {}, readFile: () => 'contents' });
  expect((config === null) === problems.length > 0).toBe(true);
  const places = problems.map(({ where }) => /^f:(\d+):(\d+)$/.exec(where ?? '')?.slice(1).map(Number) ?? [0, 0]);
  const lines = text.split('\n').length;
  for (const [line = 0, column = 0] of places) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
  }
  expect(places).toEqual(places.toSorted(([line = 0, column = 0], [otherLine = 0, otherColumn = 0]) => line - otherLine || column - otherColumn));
}

describe('reading a configuration', () => {
  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: letters('abn: -[]{}&*!|>"\'#%@`,?\n\t${}~01'), maxLength: 60 }), verdict), { numRuns: 2_000 });
  });

  it('never throws on a file with a part cut out or put in', () => {
    const cut = fc.tuple(fc.nat(EXAMPLE.length), fc.nat(40), fc.string({ unit: letters('a: -[]{}&*!"\n${}'), maxLength: 6 }));
    fc.assert(fc.property(cut, ([at, length, insert]) => verdict(EXAMPLE.slice(0, at) + insert + EXAMPLE.slice(at + length))), { numRuns: 500 });
  });

  it('never shows a password, wherever the file is broken after it', () => {
    const text = 'name: s\nsource:\n  user: u\n  password: hunter2hunter2\nroutes: [{ tables: [a.b] }]\nlog: { level: info }\n';
    const after = text.indexOf('routes');
    fc.assert(
      fc.property(fc.integer({ min: after, max: text.length }), fc.string({ unit: letters('a: -[]{}!"\n${'), maxLength: 5 }), (at, insert) => {
        const { config, problems } = parseConfig(text.slice(0, at) + insert + text.slice(at), { path: 'f', env: {}, readFile: () => '' });
        expect(JSON.stringify([config, problems])).not.toContain('hunter2');
      }),
      { numRuns: 500 },
    );
  });

  it('reads back every whole number with a unit', () => {
    fc.assert(fc.property(fc.nat(1_000_000), (count) => parseDuration(`${count}ms`) === count && parseSize(`${count}KiB`) === count * 1_024 && parseSize(`${count}MB`) === count * 1_000_000));
  });
});
