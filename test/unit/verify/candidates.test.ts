import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/verify/candidates.ts';
import { Candidates, judge, judgeExtra } from '../../../src/verify/candidates.ts';
import type { FoldedRow } from '../../../src/verify/fold.ts';
import { columnsOf, digestsOf, recordOf, tableNamed } from './support.ts';

const COLUMNS = columnsOf('id', 'v');
const state = (v: unknown): Buffer => digestsOf(COLUMNS, { id: 1, v });
const [A, B, C] = [state('a'), state('b'), state('c')];
const table = tableNamed('t');

function followed(told: Buffer | null, seen: Buffer | null, ...messages: readonly (Buffer | null)[]): { one: Candidate; all: Candidates } {
  const all = new Candidates();
  const row: FoldedRow = { table: 0, id: '1', told, seen, place: null, key: seen === null ? null : ['1'] };
  all.add(row);
  all.look();
  for (const digests of messages) all.row({ table, id: '1', digests, record: recordOf(null, null, { partition: 2, offset: 8n }) });
  const one = all.rows.get('0:1');
  if (one === undefined) throw new Error('it is not followed');
  return { one, all };
}

describe('a look at a row', () => {
  it('finds it equal when the topic came to what the table has', () => {
    expect(judge(followed(A, B, B).one)).toBe('equal');
    expect(judge(followed(null, A, A).one)).toBe('equal');
    expect(judge(followed(A, null, null).one)).toBe('equal');
    expect(judge(followed(null, null).one)).toBe('equal');
  });

  it('needs a second one to tell a difference', () => {
    const { one, all } = followed(A, B);
    expect(judge(one)).toBe('again');
    all.look();
    expect(judge(one)).toBe('different');
  });

  it('looks again where the row was so at some moment of it', () => {
    expect(judge(followed(A, A, B).one)).toBe('again');
    expect(judge(followed(A, B, B, C).one)).toBe('again');
    expect(judge(followed(A, null, null, B).one)).toBe('again');
    expect(followed(A, A, B).one.mismatches).toBe(0);
  });

  it('does not take a state for one of this look that was over before it', () => {
    const { one, all } = followed(A, A, B, C);
    all.look();
    all.look();
    expect(judge(one)).toBe('again');
    expect(one.mismatches).toBe(1);
    expect(judge(one)).toBe('different');
  });

  it('begins anew when the row was once in accord', () => {
    const { one, all } = followed(A, B);
    expect(judge(one)).toBe('again');
    all.look();
    all.row({ table, id: '1', digests: B, record: recordOf(null, null) });
    all.row({ table, id: '1', digests: C, record: recordOf(null, null) });
    expect([judge(one), one.mismatches]).toEqual(['again', 0]);
  });

  it('compares columns that a message does not tell as they were before it', () => {
    expect(judge(followed(A, digestsOf(COLUMNS, { id: 1, v: 'a' }), digestsOf(COLUMNS, { id: 1 })).one)).toBe('equal');
  });

  it('knows where the last message is, and rows of other tables and keys are not touched', () => {
    const { one, all } = followed(A, B, C);
    all.row({ table, id: '2', digests: B, record: recordOf(null, null) });
    all.row({ table: tableNamed('u', { index: 1 }), id: '1', digests: B, record: recordOf(null, null) });
    expect(one.place).toMatchObject({ partition: 2, offset: 8n });
    expect(one.told).toEqual(C);
  });

  it('sees that the table was emptied', () => {
    const { one, all } = followed(A, null);
    all.truncated(tableNamed('u', { index: 1 }));
    expect(one.told).toEqual(A);
    all.truncated(table);
    expect(judge(one)).toBe('equal');
  });
});

describe('a row that only the topic has', () => {
  it('is extra where nothing was said about it since the fold, and the table was not read right then', () => {
    expect(judgeExtra(followed(A, null).one, false)).toBe('different');
    expect(judgeExtra(followed(A, null).one, true)).toBe('again');
  });

  it('is looked for where something was said, and is none where it is gone', () => {
    expect(judgeExtra(followed(A, null, B).one, false)).toBe('again');
    expect(judgeExtra(followed(A, null, null).one, false)).toBe('equal');
  });
});
