import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, shown, withLength } from './support.ts';

const { codec, type } = column(TYPE.BLOB, [4], { charset: 'utf8mb4', declared: 'json' });

function inline(text: string): string {
  return shown(codec, withLength(4, Buffer.from(text)), 'inline');
}

describe("MariaDB's JSON", () => {
  it('is text that is known to be a document', () => {
    expect(type).toEqual({ family: 'text', charset: 'utf8mb4', maxBytes: 2 ** 32 - 1, json: true });
    expect(column(TYPE.BLOB, [4], { charset: 'utf8mb4', declared: 'longtext' }).type).not.toHaveProperty('json');
  });

  it.each([
    [' {\n "a" : [ 1 , 2.50 , 1e400, -0 ] ,\t"b c":"x \\" y" }\r\n', '{"a":[1,2.50,1e400,-0],"b c":"x \\" y"}'],
    ['"\\\\"', '"\\\\"'],
    ['"é 😀\\u00e9"', '"é 😀\\u00e9"'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    [' null ', 'null'],
  ])('%j inline is %s', (text, document) => {
    expect(inline(text)).toBe(document);
    expect(JSON.parse(shown(codec, withLength(4, Buffer.from(text)), 'string'))).toBe(text);
  });

  it.each(['', '{', '{"a":1}}', "{'a':1}", 'abc'])('%j is refused inline, and is a text otherwise', (text) => {
    expect(() => inline(text)).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE', message: 'a JSON column holds text that is no JSON document' }));
    expect(shown(codec, withLength(4, Buffer.from(text)), 'text')).toBe(text);
  });
});
