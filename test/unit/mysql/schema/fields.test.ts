import { describe, expect, it } from 'vitest';
import { isUnsigned, parseLabels } from '../../../../src/mysql/schema/fields.ts';

describe('labels', () => {
  it.each([
    ["enum('a','b')", ['a', 'b']],
    ["set('it''s','a,b','')", ["it's", 'a,b', '']],
    ["enum('a\\\\b','n\\nl','r\\rz\\0','ü')", ['a\\b', 'n\nl', 'r\rz\0', 'ü']],
    ["enum('(',')')", ['(', ')']],
  ])('of %s', (type, labels) => {
    expect(parseLabels(type)).toEqual(labels);
  });
});

describe('unsigned', () => {
  it.each([
    ['int(10) unsigned', true],
    ['int(5) unsigned zerofill', true],
    ['bigint', false],
    ["enum('it''s unsigned','zerofill')", false],
  ])('%s: %s', (type, unsigned) => {
    expect(isUnsigned(type)).toBe(unsigned);
  });
});
