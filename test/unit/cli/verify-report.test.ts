import { describe, expect, it } from 'vitest';
import type { Verification, VerifiedTableReport } from '../../../src/app/verify/report.ts';
import { outcomeOf } from '../../../src/app/verify/report.ts';
import { differenceLine, progressLine, verifyReport } from '../../../src/cli/verify-report.ts';
import { noCounts } from '../../../src/verify/report.ts';
import { plain, rowcast } from './support.ts';

function table(changes: Partial<VerifiedTableReport> = {}): VerifiedTableReport {
  return { table: 'shop.t', topic: 'crm.shop.t', refused: null, counts: { ...noCounts(), rows: 5 }, columns: ['id'], hidden: [], masked: [], strange: [], unreadable: { count: 0, first: null }, ...changes };
}

function verification(changes: Partial<VerifiedTableReport> = {}, end: Verification['end'] = 'complete'): Verification {
  return { tables: [table(changes)], end };
}

describe('the report of a comparison', () => {
  it('says equal only where all was compared', () => {
    expect(outcomeOf(verification())).toBe('equal');
    for (const unsure of [verification({ refused: 'it has no key', counts: null }), verification({ counts: { ...noCounts(), unknown: 1 } }), verification({ unreadable: { count: 1, first: 'x' } }), verification({}, 'interrupted'), verification({ counts: null })]) expect(outcomeOf(unsure)).toBe('unsure');
    for (const kind of ['missing', 'extra', 'different'] as const) expect(outcomeOf(verification({ counts: { ...noCounts(), [kind]: 1 } }))).toBe('different');
    expect(outcomeOf(verification({ counts: { ...noCounts(), moving: 3 } }))).toBe('equal');
  });

  it('names what was found and what was not compared', () => {
    const text = verifyReport(verification({ counts: { ...noCounts(), rows: 9, missing: 1, unknown: 2, moving: 3, unanswered: 4, absent: { w: 5 }, cut: { x: 6 } }, hidden: ['s'], masked: ['pin'], strange: ['gone'], unreadable: { count: 7, first: 'partition 0, offset 1: no object' } }), plain);
    expect(text.split('\n')[0]).toBe('different shop.t and topic crm.shop.t: 9 rows, 1 missing, 0 extra, 0 different');
    for (const part of ['2 rows are not in the topic', '3 rows changed', '4 rows of which', 'w in 5 rows', 'x in 6 rows', 'not compared: s,', 'mask that hides differences: pin', 'gone, which messages have', '7 messages', 'offset 1']) expect(text).toContain(part);
    expect(text.split('\n').at(-1)).toBe('different');
    expect(verifyReport(verification({ refused: 'it has no key' }), plain)).toContain('not compared shop.t: it has no key');
    expect(verifyReport({ tables: [], end: 'complete' }, plain)).toContain('no table');
  });

  it('has a line for each difference and for progress', () => {
    expect(differenceLine({ kind: 'different', table: 'shop.t', key: '{"id":1}', columns: ['a', 'b'], message: { partition: 2, offset: '7' } }, plain)).toBe('different shop.t {"id":1} differs in a, b (last message: partition 2, offset 7)');
    expect(differenceLine({ kind: 'missing', table: 'shop.t', key: '{"id":1}', columns: [], message: null }, plain)).toBe('missing shop.t {"id":1} is in the table and not in the topic');
    expect(progressLine({ phase: 'topic', what: 'x', done: 50, total: 200 })).toBe('reading topic x: 50 of 200 messages (25 %)');
    expect(progressLine({ phase: 'table', what: 'shop.t', done: 7, total: null })).toBe('reading table shop.t: 7 rows');
  });
});

describe('rowcast verify', () => {
  it.each(['--chunk 0', '--limit x', '--patience -1'])('refuses %s', async (words) => {
    expect((await rowcast(['verify', '-c', 'x.yaml', ...words.split(' ')])).exit).toBe(1);
  });

  it('needs a configuration', async () => {
    expect((await rowcast(['verify'])).exit).toBe(1);
    expect((await rowcast(['verify', '-c', '/nowhere/rowcast.yaml'])).exit).toBe(2);
  });
});
