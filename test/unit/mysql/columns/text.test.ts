import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/mysql/columns/charsets.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { isUtf8 } from '../../../../src/mysql/columns/utf8.ts';
import { column, hex, shown, withLength } from './support.ts';

function varchar(charset: string, bytes: string, as: 'text' | 'string' = 'text'): string {
  return shown(column(TYPE.VARCHAR, [200, 0], { charset }).codec, withLength(1, hex(bytes)), as);
}

describe('VARCHAR, CHAR and TEXT', () => {
  it.each([
    [TYPE.VARCHAR, [200, 0], 1, 'varchar(50)'],
    [TYPE.VARCHAR, [255, 0], 1, 'varchar(63)'],
    [TYPE.VARCHAR, [0, 1], 2, 'varchar(64)'],
    [TYPE.STRING, [0xfe, 40], 1, 'char(10)'],
    [TYPE.STRING, [0xee, 0xfc], 2, 'char(127)'],
    [TYPE.STRING, [0xce, 0xfc], 2, 'char(255)'],
    [TYPE.BLOB, [1], 1, 'tinytext'],
    [TYPE.BLOB, [2], 2, 'text'],
    [TYPE.BLOB, [3], 3, 'mediumtext'],
    [TYPE.BLOB, [4], 4, 'longtext'],
  ])('type %i with metadata %o has a length of %i bytes: %s', (code, meta, prefix, sqlType) => {
    const described = column(code, meta, { charset: 'utf8mb4' });
    const bytes = withLength(prefix, Buffer.from('héllo "q" \\ / 😀\n'));
    expect(described.sqlType).toBe(sqlType);
    expect(shown(described.codec, bytes, 'text')).toBe('héllo "q" \\ / 😀\n');
    expect(shown(described.codec, bytes, 'string')).toBe('"héllo \\"q\\" \\\\ / 😀\\n"');
    expect(described.codec.read(bytes, 0)).toBe('héllo "q" \\ / 😀\n');
    expect(shown(described.codec, withLength(prefix, Buffer.alloc(0)), 'string')).toBe('""');
  });

  it('keeps blanks at the end, and escapes control characters', () => {
    expect(varchar('utf8mb4', '20 78 20')).toBe(' x ');
    expect(varchar('utf8mb4', '00 01 1f 7f', 'string')).toBe('"\\u0000\\u0001\\u001f\x7f"');
  });

  it.each([
    ['latin1', '63 61 66 e9 20 80 81 9d ff', 'café €\x81\x9dÿ'],
    ['latin2', 'b1 a6', 'ąŚ'],
    ['latin5', 'dd fe', 'İş'],
    ['latin7', 'e0', 'ą'],
    ['cp1250', '8a 9e', 'Šž'],
    ['cp1251', 'cf f0 e8', 'При'],
    ['cp1256', 'c7', 'ا'],
    ['cp1257', 'e0', 'ą'],
    ['greek', 'c1 e1 a1', 'Αα\u02bd'],
    ['hebrew', 'e0', 'א'],
    ['koi8r', 'f0 d2', 'Пр'],
    ['koi8u', 'a4 95', 'є\u2022'],
    ['tis620', 'a1', 'ก'],
    ['tis620', 'a0 ff', '\ufffd\ufffd'],
    ['cp850', '9b', 'ø'],
    ['cp852', 'a5', 'ą'],
    ['cp866', '8f fc', 'П\u207f'],
    ['macroman', '8a db', 'ä€'],
    ['macce', '88', 'ą'],
    ['dec8', 'd7', 'Œ'],
    ['hp8', 'd6', 'ø'],
    ['swe7', '5b 7d 41', 'ÄåA'],
    ['armscii8', 'b2', 'Ա'],
    ['geostd8', 'c0', 'ა'],
    ['keybcs2', '87', 'č'],
    ['ascii', '41 22 7f', 'A"\x7f'],
    ['utf8', 'c3 a9', 'é'],
    ['utf8mb3', 'e2 82 ac', '€'],
    ['ucs2', '00 fc 20 ac', 'ü€'],
    ['utf16', 'd8 34 dd 1e 00 6e', '𝄞n'],
    ['utf16le', '34 d8 1e dd 6e 00', '𝄞n'],
    ['utf32', '00 01 d1 1e 00 00 00 6e', '𝄞n'],
    ['utf16', 'fe ff 00 41', '\ufeffA'],
    ['gbk', 'd6 d0 ce c4 41', '中文A'],
    ['gb2312', 'd6 d0 a1 a4 a1 aa', '中・―'],
    ['gb18030', 'd6 d0 81 30 81 30', '中\u0080'],
    ['gb18030', '41 a3 a0 84 31 a4 37 90 30 81 30 39', 'A\ue5e5\ufffd𐀀9'],
    ['big5', 'a4 a4 a1 45 c6 a1 41', '中•ヾA'],
    ['big5', 'a2 ce a4 ca a2 cc', '\ufffd卅\ufffd'],
    ['sjis', '93 fa 81 60 b1 5c', '日〜ｱ\\'],
    ['cp932', '93 fa 81 60 87 40 f9 41', '日～①\ue69d'],
    ['ujis', 'c6 fc a1 c1 8e b1 8f b0 a1 f5 a1', '日〜ｱ丂\ue000'],
    ['eucjpms', 'c6 fc a1 c1 8f f3 f3 8f fe fe', '日～ⅰ\ue757'],
    ['euckr', 'c7 d1', '한'],
  ])('%s: %s is %s', (charset, bytes, text) => {
    expect(varchar(charset, bytes)).toBe(text);
    expect(JSON.parse(varchar(charset, bytes, 'string'))).toBe(text);
    expect(column(TYPE.VARCHAR, [200, 0], { charset }).codec.read(withLength(1, hex(bytes)), 0)).toBe(text);
    expect(decodeText(charset, hex(bytes))).toBe(text);
  });

  it('escapes in every kind of character set', () => {
    expect(varchar('latin1', '22 5c 0a 1f e9', 'string')).toBe('"\\"\\\\\\n\\u001fé"');
    expect(varchar('gbk', '22 5c 0a', 'string')).toBe('"\\"\\\\\\n"');
  });

  it.each([
    ['utf8mb4', 'c3 28'],
    ['utf8mb4', 'ed a0 80'],
    ['cp1251', '98'],
    ['gbk', 'd6'],
    ['ascii', '41 c3 a9'],
    ['ascii', '80'],
    ['gbk', 'd6 d0 a1 40'],
    ['gb2312', 'a2 a1'],
    ['gb18030', '84 31 a5 30'],
    ['gb18030', 'e3 32 9a 36'],
    ['gb18030', '81'],
    ['big5', 'a3 c0'],
    ['sjis', '87 40'],
    ['ujis', 'ad a1'],
    ['utf16', 'd8 34'],
  ])('what is no text of %s (%s) is refused', (charset, bytes) => {
    expect(() => varchar(charset, bytes, 'string')).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
    expect(() => varchar(charset, bytes, 'text')).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
    expect(() => decodeText(charset, hex(bytes))).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
  });

  it('says which code it is, and what can be done', () => {
    expect(() => varchar('sjis', '93 fa 87 40')).toThrow(expect.objectContaining({ message: 'a text column holds 0x8740, for which the server has no character in sjis', hint: expect.stringContaining('leave the column out') as string }));
    expect(() => varchar('cp1251', 'cf 98')).toThrow('a text column holds byte 0x98, which is no character of its character set');
    expect(() => varchar('ascii', 'c3 a9')).toThrow('a text column holds bytes that are no characters of ascii');
  });

  it('of an unknown character set can be skipped only', () => {
    const { codec } = column(TYPE.VARCHAR, [200, 0], { charset: 'ebcdic' });
    expect(codec.skip(hex('02 41 42 43'), 0)).toBe(3);
    expect(() => codec.writer('string', 'null')).toThrow('text in character set ebcdic cannot be read by this version');
    expect(() => decodeText('ebcdic', hex('41'))).toThrow(expect.objectContaining({ code: 'EVENT_UNSUPPORTED' }));
  });

  it('has no other representation', () => {
    expect(column(TYPE.VARCHAR, [200, 0], { charset: 'utf8mb4' }).codec.writer('base64', 'null')).toBeUndefined();
  });
});

describe('isUtf8', () => {
  it.each(['41', 'c2 80', 'df bf', 'e0 a0 80', 'ed 9f bf', 'ee 80 80', 'ef bf bf', 'f0 90 80 80', 'f4 8f bf bf', ''])('%s is', (bytes) => {
    expect(isUtf8(hex(bytes), 0, hex(bytes).length)).toBe(true);
  });

  it.each(['80', 'bf', 'c0 80', 'c1 bf', 'c2', 'c2 41', 'e0 9f bf', 'ed a0 80', 'e2 82', 'e2 28 a1', 'f0 8f bf bf', 'f4 90 80 80', 'f5 80 80 80', 'f0 90 80', 'ff'])(
    '%s is not',
    (bytes) => {
      expect(isUtf8(hex(bytes), 0, hex(bytes).length)).toBe(false);
    },
  );
});
