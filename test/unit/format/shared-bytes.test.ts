import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { GtidParts } from '../../../src/core/change.ts';
import { SharedBytes, SharedGtid } from '../../../src/format/shared-bytes.ts';

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(256);
  write(out);
  return out.view().toString();
}

describe('shared bytes', () => {
  it('are made again only when their value is another', () => {
    const asked: (number | null)[] = [];
    const shared = new SharedBytes<number | null>((value) => {
      asked.push(value);
      return `<${String(value)}>`;
    });
    const texts = [null, null, 7, 7, 0, null].map((value) => written((out) => { shared.write(value, out); }));
    expect(texts).toEqual(['<null>', '<null>', '<7>', '<7>', '<0>', '<null>']);
    expect(asked).toEqual([null, 7, 0, null]);
  });
});

describe('a shared GTID', () => {
  const gtid = new SharedGtid();
  const json = (parts: GtidParts | null): string => written((out) => { gtid.write(parts, out); });

  it('is the text of its parts as a JSON string', () => {
    expect(json({ source: 'b-1', separator: ':', number: 9_007_199_254_740_991 })).toBe('"b-1:9007199254740991"');
    expect(json({ source: 'b-1:tag', separator: ':', number: 1 })).toBe('"b-1:tag:1"');
    expect(json({ source: '0-5', separator: '-', number: 18_446_744_073_709_551_615n })).toBe('"0-5-18446744073709551615"');
    expect(json({ source: 'a"b', separator: ':', number: 2 })).toBe(JSON.stringify('a"b:2'));
  });

  it('is null without one', () => {
    expect(json(null)).toBe('null');
  });
});
