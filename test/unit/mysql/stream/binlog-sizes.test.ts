import { describe, expect, it } from 'vitest';
import { BinlogSizes } from '../../../../src/mysql/stream/binlog-sizes.ts';

const files = (...sizes: [number, number][]) => sizes.map(([number, size]) => ({ name: `bin.${String(number).padStart(6, '0')}`, size }));

describe('the bytes between two places of a binlog', () => {
  it('are known of files that were listed when they were finished', () => {
    const sizes = new BinlogSizes();
    sizes.listed(files([8, 100], [9, 200], [10, 50]));
    sizes.listed(files([10, 300], [11, 70]));
    expect(sizes.between({ file: 'bin.000008', position: 40 }, { file: 'bin.000011', position: 4 })).toBe(60 + 200 + 300);
    expect(sizes.between({ file: 'bin.000010', position: 40 }, { file: 'bin.000010', position: 140 })).toBe(96);
    expect(sizes.between({ file: 'bin.000010', position: 4 }, { file: 'bin.000011', position: 30 })).toBe(296 + 26);
  });

  it('are not known of others, nor across base names', () => {
    const sizes = new BinlogSizes();
    sizes.listed(files([8, 100], [10, 200], [11, 50]));
    const end = { file: 'bin.000011', position: 4 };
    expect(['bin.000008', 'bin.000012', 'other.000010', 'bin', ''].map((file) => sizes.between({ file, position: 4 }, end))).toEqual([null, null, null, null, null]);
  });

  it('are remembered of ten thousand files', () => {
    const sizes = new BinlogSizes();
    sizes.listed(files(...Array.from({ length: 10_002 }, (_, i): [number, number] => [i + 1, 10])));
    const to = { file: 'bin.010002', position: 4 };
    expect([sizes.between({ file: 'bin.000001', position: 4 }, to), sizes.between({ file: 'bin.000002', position: 4 }, to)]).toEqual([null, 99_996]);
  });
});
