import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { Dismissals } from '../../../../src/mysql/stream/dismissals.ts';

const dismissed = new RowcastError('SOURCE_LOST', 'ended', { facts: { dismissed: 'by the server' } });
const lost = new RowcastError('SOURCE_LOST', 'closed');

describe('dismissals', () => {
  it('become a taken server id at the third early one in a row', () => {
    const seen = new Dismissals();
    expect([100, 59_999, 5].map((lasted) => seen.judge(dismissed, lasted)?.code)).toEqual(['SOURCE_LOST', 'SOURCE_LOST', 'SERVER_ID_TAKEN']);
  });

  it('count from the start again after a long stream or another end', () => {
    const seen = new Dismissals();
    const ends = [[dismissed, 1], [dismissed, 1], [dismissed, 60_000], [dismissed, 1], [dismissed, 1], [lost, 1], [dismissed, 1], [dismissed, 1]] as const;
    expect(ends.map(([error, lasted]) => seen.judge(error, lasted)?.code)).toEqual(ends.map(() => 'SOURCE_LOST'));
    expect(seen.judge(null, 1)).toBeNull();
  });
});
