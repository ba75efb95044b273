import { describe, expect, it } from 'vitest';
import { isFirstEver, rangeOf, standingOf } from '../../../../src/mysql/stream/binlog-files.ts';

const files = (...names: string[]) => names.map((name) => ({ name, size: 100 }));

describe('the standing of a binlog file', () => {
  const listed = files('binlog.000007', 'binlog.000008', 'binlog.000010');

  it.each([
    ['binlog.000008', 'listed'],
    ['binlog.000006', 'before'],
    ['binlog.000011', 'after'],
    ['binlog.000009', 'missing'],
    ['other.000008', 'renamed'],
    ['binlog', 'renamed'],
  ])('%s: %s', (file, standing) => {
    expect(standingOf(file, listed)).toBe(standing);
  });

  it('is that among the files of its own base name, whatever the others are called', () => {
    const both = files('old.000098', 'old.000099', 'new.000001', 'new.000002');
    expect(standingOf('old.000099', both)).toBe('listed');
    expect(standingOf('old.000097', both)).toBe('before');
    expect(standingOf('old.000100', both)).toBe('after');
    expect(standingOf('new.000003', both)).toBe('after');
    expect(standingOf('older.000001', both)).toBe('renamed');
  });

  it('compares numbers, not their digits', () => {
    const many = files('b.999999', 'b.1000000');
    expect(standingOf('b.1000001', many)).toBe('after');
    expect(standingOf('b.999998', many)).toBe('before');
    expect(standingOf('a.b.000001', files('a.b.000002'))).toBe('before');
  });

  it('of the very first one shows in its number', () => {
    expect(['b.000001', 'b.000010', 'b'].map(isFirstEver)).toEqual([true, false, false]);
  });

  it('is told as a range', () => {
    expect([rangeOf([]), rangeOf(files('b.1')), rangeOf(files('b.1', 'b.2', 'b.3'))]).toEqual(['none', 'only b.1', 'b.1 to b.3']);
  });
});
