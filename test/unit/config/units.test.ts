import { describe, expect, it } from 'vitest';
import { parseDuration, parseSize } from '../../../src/config/units.ts';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['0ms', 0],
    ['10s', 10_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['10 s', 10_000],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['10', 's', '', '-1s', '10S', '1d', '1e3s', '10s5', ' 10s', 10, null, true])('%j is none', (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});

describe('sizes', () => {
  it.each([
    ['512B', 512],
    ['1KiB', 1_024],
    ['1KB', 1_000],
    ['64MiB', 67_108_864],
    ['64MB', 64_000_000],
    ['1GiB', 1_073_741_824],
    ['1.5GB', 1_500_000_000],
    ['0.5KiB', 512],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['64', '64M', '64mb', 'MiB', '-1MiB', '1TB', 64, undefined])('%j is none', (value) => {
    expect(parseSize(value)).toBeUndefined();
  });
});
