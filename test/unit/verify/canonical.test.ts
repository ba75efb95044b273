import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/verify/canonical.ts';
import type { ValueKind } from '../../../src/verify/canonical.ts';
import { elements, eachMember, Malformed, skipValue, textOf } from '../../../src/verify/json-scan.ts';

function form(text: string, kind: ValueKind = 'value'): string {
  const bytes = Buffer.from(text);
  return canonical({ bytes, from: 0, to: bytes.length }, kind) ?? text;
}

function spanOf(text: string): { bytes: Buffer; from: number; to: number } {
  const bytes = Buffer.from(text);
  return { bytes, from: 0, to: bytes.length };
}

describe('the one form of a value', () => {
  it('is that of strings without needless escapes, whatever way they are written', () => {
    expect(form('"\\u00e9\\/\\u0041"')).toBe(form('"é/A"'));
    expect(form('"a\\nb"')).toBe(form('"a\\u000ab"'));
    expect(form('"a"')).not.toBe(form('"A"'));
  });

  it('is that of numbers by value, and keeps every digit', () => {
    for (const same of [['1.50', '1.5', '15e-1'], ['1E+3', '1000.0', '1e3'], ['0', '0.00', '0e5'], ['-0.010', '-1e-2']]) expect(new Set(same.map((text) => form(text))).size).toBe(1);
    expect(form('12345678901234567890')).not.toBe(form('12345678901234567891'));
    expect(form('0.1')).not.toBe(form('0.10000000000000001'));
    expect(form('-0')).not.toBe(form('0'));
    expect(form('10')).toBe('10');
    expect(form('100.0')).toBe(form('1e2'));
  });

  it('is that of containers without blanks, in their order', () => {
    expect(form('{ "a" : [ 1 , 2.50 ] }')).toBe(form('{"a":[1,2.5]}'));
    expect(form('{"a":1,"b":2}')).not.toBe(form('{"b":2,"a":1}'));
    expect(form('[]')).toBe('[]');
    expect(form('{ }')).toBe('{}');
  });

  it('of whole numbers of documents is that of the same number with a point, and literals are themselves', () => {
    expect(form('10000000', 'document')).toBe(form('1.0e7', 'document'));
    expect(form(BigInt(1e100).toString(), 'document')).toBe(form('1e100', 'document'));
    expect(form('18446744073709551615', 'document')).not.toBe(form('18446744073709551614', 'document'));
    expect(form('null', 'document')).toBe('null');
    expect(form('true')).toBe('true');
  });

  it('inside documents joins the two spellings of dates, times and opaque values, and no others', () => {
    expect(form('{"d":"2026-01-02 03:04:05.600000"}', 'document')).toBe(form('{"d":"2026-01-02 03:04:05.6"}', 'document'));
    expect(form('"10:11:12.000000"', 'document')).toBe(form('"10:11:12"', 'document'));
    expect(form('"base64:type15:YWJj"', 'document')).toBe(form('"YWJj"', 'document'));
    expect(form('"10:11:12.000000"')).not.toBe(form('"10:11:12"'));
    expect(form('"10:11:12.000000"', 'document')).not.toBe(form('"10:11:13"', 'document'));
  });

  it('of a document in a string is that of the document', () => {
    expect(form('"{\\"a\\": [1.50, \\"x\\"]}"', 'text')).toBe(form('{"a":[1.5,"x"]}', 'document'));
    expect(form('"\\"123\\""', 'text')).not.toBe(form('"123"', 'text'));
    expect(form('"***"', 'text')).toBe('"***"');
  });
});

describe('walking JSON', () => {
  it('finds members with braces and quotes in strings', () => {
    const bytes = Buffer.from('{"a":"}\\"{","b\\\\":{"c":[1,{"d":"]"}]},"e":-1.5e3 , "f":null}');
    const found: string[] = [];
    const end = eachMember(bytes, 0, (nameFrom, nameTo, from, to) => found.push(`${bytes.toString('utf8', nameFrom, nameTo)}=${bytes.toString('utf8', from, to)}`));
    expect(found).toEqual(['"a"="}\\"{"', '"b\\\\"={"c":[1,{"d":"]"}]}', '"e"=-1.5e3', '"f"=null']);
    expect(end).toBe(bytes.length);
  });

  it('finds the elements of an array', () => {
    const { bytes } = spanOf('[1, "a,b" ,{"c":[2]},[]]');
    expect(elements(bytes, 0).map(textOf)).toEqual(['1', '"a,b"', '{"c":[2]}', '[]']);
    expect(elements(Buffer.from('[ ]'), 0)).toEqual([]);
  });

  it.each(['', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a" 1}', '{"a":1 "b":2}', '{"a":"x', '{"a":[1,2', '[1', '"a', '{a:1}'])('ends with an error at %s', (text) => {
    const bytes = Buffer.from(text);
    expect(() => (text.startsWith('[') ? elements(bytes, 0) : text.startsWith('"') ? skipValue(bytes, 0) : eachMember(bytes, 0, () => undefined))).toThrow(Malformed);
  });
});
