import { describe, expect, it } from 'vitest';
import { binlogFileName } from '../../../../src/mysql/binlog/file-name.ts';

describe('the name of a binlog file', () => {
  it.each([
    ['binlog.000012', { base: 'binlog', number: 12, digits: 6 }],
    ['mysql-bin.v2.9999999', { base: 'mysql-bin.v2', number: 9_999_999, digits: 7 }],
    ['binlog.000000', { base: 'binlog', number: 0, digits: 6 }],
    ['binlog', { base: 'binlog', number: 0, digits: 0 }],
    ['binlog.12a', { base: 'binlog.12a', number: 0, digits: 0 }],
    ['', { base: '', number: 0, digits: 0 }],
  ])('%s', (file, parts) => {
    expect(binlogFileName(file)).toEqual(parts);
  });
});
