import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { declareLabels, labelsOf } from '../../../../src/mysql/columns/labels.ts';
import { column, hex, shown } from './support.ts';

const sizes = { labels: ['small', 'medium', 'x-large', 'a,b', "it's", 'q"uote'] };

describe('ENUM', () => {
  const { codec, sqlType } = column(TYPE.STRING, [TYPE.ENUM, 1], sizes);

  it.each([
    ['00', ''],
    ['01', 'small'],
    ['04', 'a,b'],
    ['05', "it's"],
    ['06', 'q"uote'],
  ])('%s is %s', (bytes, label) => {
    expect(shown(codec, hex(bytes), 'text')).toBe(label);
    expect(shown(codec, hex(bytes), 'string')).toBe(JSON.stringify(label));
    expect(codec.read(hex(bytes), 0)).toBe(label);
    expect(shown(codec, hex(bytes), 'number')).toBe(String(Number.parseInt(bytes, 16)));
  });

  it('a label that is not declared is refused', () => {
    expect(() => shown(codec, hex('07'), 'string')).toThrow('an ENUM column holds label 7, but has 6 labels');
    expect(() => codec.read(hex('ff'), 0)).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
  });

  it('with more than 255 labels takes two bytes', () => {
    const labels = Array.from({ length: 300 }, (_, i) => `l${i + 1}`);
    const wide = column(TYPE.STRING, [TYPE.ENUM, 2], { labels }).codec;
    expect(shown(wide, hex('2c 01'), 'string')).toBe('"l300"');
    expect(shown(wide, hex('2c 01'), 'number')).toBe('300');
    expect(() => shown(wide, hex('2d 01'), 'number')).toThrow('label 301');
    expect(() => shown(wide, hex('2d 01'), 'string')).toThrow('label 301');
  });

  it('shows its declaration', () => {
    expect(sqlType).toBe("enum('small','medium','x-large','a,b','it''s','q\"uote')");
  });

  it('takes labels from the declaration where the event has none', () => {
    const declared = column(TYPE.STRING, [TYPE.ENUM, 1], { declared: "enum('A','it''s')" });
    expect(declared.type).toEqual({ family: 'enum', labels: ['A', "it's"] });
    expect(shown(declared.codec, hex('02'), 'text')).toBe("it's");
  });

  it('refuses declared labels with a question mark that may stand for a character beyond U+FFFF', () => {
    const declared = { declared: "enum('?','b')" };
    for (const charset of ['utf8mb4', 'utf16', 'utf32', 'gb18030', null]) {
      const { codec: doubtful } = column(TYPE.STRING, [TYPE.ENUM, 1], { ...declared, charset });
      expect(doubtful.skip(hex('01'), 0)).toBe(1);
      expect(() => doubtful.writer('string', 'null')).toThrow(expect.objectContaining({ code: 'SCHEMA_MISMATCH', message: expect.stringContaining('the exact text of the labels of column c') as string }));
    }
    expect(shown(column(TYPE.STRING, [TYPE.ENUM, 1], { ...declared, charset: 'latin1' }).codec, hex('01'), 'text')).toBe('?');
    expect(shown(column(TYPE.STRING, [TYPE.ENUM, 1], { labels: ['?', 'b'], charset: 'utf8mb4' }).codec, hex('01'), 'text')).toBe('?');
  });

  it('without labels can be skipped only', () => {
    const unknown = column(TYPE.STRING, [TYPE.ENUM, 2]).codec;
    expect(unknown.skip(hex('01 00 ff'), 0)).toBe(2);
    expect(() => unknown.writer('text', 'null')).toThrow('the labels of column c is in neither');
  });
});

describe('SET', () => {
  const { codec, sqlType } = column(TYPE.STRING, [TYPE.SET, 1], { labels: ['red', 'gr"een', 'blue'] });

  it.each([
    ['00', []],
    ['01', ['red']],
    ['05', ['red', 'blue']],
    ['07', ['red', 'gr"een', 'blue']],
  ])('%s is %o', (bytes, labels) => {
    expect(shown(codec, hex(bytes), 'text')).toBe(labels.join(','));
    expect(shown(codec, hex(bytes), 'string')).toBe(JSON.stringify(labels.join(',')));
    expect(shown(codec, hex(bytes), 'list')).toBe(JSON.stringify(labels));
    expect(codec.read(hex(bytes), 0)).toEqual(labels);
  });

  it('a bit beyond its labels is refused', () => {
    expect(() => shown(codec, hex('09'), 'text')).toThrow('a SET column holds label 4, but has 3 labels');
    expect(() => shown(codec, hex('09'), 'number')).toThrow('a SET column holds label 4, but has 3 labels');
    expect(() => codec.read(hex('80'), 0)).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
  });

  it('of 64 labels takes eight bytes', () => {
    const labels = Array.from({ length: 64 }, (_, i) => `l${i + 1}`);
    const wide = column(TYPE.STRING, [TYPE.SET, 8], { labels }).codec;
    expect(shown(wide, hex('01 00 00 80 00 00 00 80'), 'text')).toBe('l1,l32,l64');
    expect(wide.read(hex('ff ff ff ff ff ff ff ff'), 0)).toEqual(labels);
    expect(shown(wide, hex('01 00 00 80 00 00 00 80'), 'number')).toBe('9223372039002259457');
  });

  it.each([
    [8, '05', '5'],
    [16, '01 80', '32769'],
    [24, '00 00 80', '8388608'],
    [32, 'ff ff ff ff', '4294967295'],
    [40, '00 00 00 00 80 00 00 00', '549755813888'],
    [64, 'ff ff ff ff ff ff ff ff', '18446744073709551615'],
  ])('of %i labels: %s is the number %s', (count, bytes, number) => {
    const labels = Array.from({ length: count }, (_, i) => `l${i}`);
    const width = bytes.split(' ').length;
    expect(shown(column(TYPE.STRING, [TYPE.SET, width], { labels }).codec, hex(bytes), 'number')).toBe(number);
  });

  it('shows its declaration', () => {
    expect(sqlType).toBe("set('red','gr\"een','blue')");
  });
});

describe('labels of a declaration', () => {
  const labels = ['a\\b', "it's", 'new\nline', 'tab\t', 'nul\0', 'a,b', '', ')', "''"];
  const declared = "'a\\\\b','it''s','new\\nline','tab\t','nul\\0','a,b','',')',''''''";

  it('are read as information_schema writes them', () => {
    expect(labelsOf(`enum(${declared})`)).toEqual(labels);
    expect(labelsOf(`SET(${declared})`)).toEqual(labels);
    expect(labelsOf('varchar(10)')).toBeNull();
  });

  it('are written so', () => {
    expect(declareLabels(labels)).toBe(declared);
  });
});
