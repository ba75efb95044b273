import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import type { Representation } from '../../../../src/core/table.ts';
import type { DescribedColumn } from '../../../../src/mysql/columns/describe.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { encodeDocument } from './json-encoder.ts';
import { column, hex, withLength } from './support.ts';

const MORE = 40;
const UTF8 = { charset: 'utf8mb4' };
const DOCUMENT = encodeDocument({ object: [['channel', 'the "web"'], ['items', [{ int16: 7 }, null, true]], ['at', { opaque: 12, bytes: hex('00 00 00 19 76 1f 95 19') }]] });

const VALUES: readonly (readonly [string, DescribedColumn, Buffer, Representation, string])[] = [
  ['int', column(TYPE.LONG, [], { unsigned: false }), hex('c7 cf ff ff'), 'number', '-12345'],
  ['bigint', column(TYPE.LONGLONG, [], { unsigned: true }), hex('ff ff ff ff ff ff ff ff'), 'string', '"18446744073709551615"'],
  ['decimal', column(TYPE.NEWDECIMAL, [12, 2]), hex('81 0d fb 38 d2 38'), 'string', '"1234567890.56"'],
  ['a negative decimal', column(TYPE.NEWDECIMAL, [12, 2]), hex('7e f2 04 c7 2d c7'), 'base64-unscaled', '"40Fm5cA="'],
  ['datetime', column(TYPE.DATETIME2, [0]), hex('99 b2 c4 31 05'), 'string', '"2024-03-02 03:04:05"'],
  ['datetime(1)', column(TYPE.DATETIME2, [1]), hex('99 b2 c4 31 05 5a'), 'text', '2024-03-02 03:04:05.9'],
  ['datetime(3)', column(TYPE.DATETIME2, [3]), hex('99 b2 c4 31 05 03 f2'), 'string', '"2024-03-02 03:04:05.101"'],
  ['datetime(6)', column(TYPE.DATETIME2, [6]), hex('99 b2 c4 31 05 0f 12 06'), 'iso-utc', '"2024-03-02T03:04:05.987654Z"'],
  ['a datetime that is no day', column(TYPE.DATETIME2, [0]), hex('80 00 00 00 00'), 'text', '0000-00-00 00:00:00'],
  ['a timestamp', column(TYPE.TIMESTAMP2, [6]), hex('55 47 70 f9 0f 12 06'), 'zoned-timestamp', '"2015-05-04T13:15:37.987654Z"'],
  ['date', column(TYPE.DATE), hex('62 d0 0f'), 'string', '"2024-03-02"'],
  ['year', column(TYPE.YEAR), hex('7c'), 'number', '2024'],
  ['double', column(TYPE.DOUBLE, [8]), hex('00 00 00 00 00 00 f8 3f'), 'number', '1.5'],
  ['time', column(TYPE.TIME2, [3]), hex('80 c8 b8 03 f2'), 'string', '"12:34:56.101"'],
  ['short text', column(TYPE.VARCHAR, [200, 0], UTF8), withLength(1, Buffer.from('EUR')), 'string', '"EUR"'],
  ['text', column(TYPE.VARCHAR, [200, 0], UTF8), withLength(1, Buffer.from('leave at the back door, please')), 'string', '"leave at the back door, please"'],
  ['text that is not ASCII', column(TYPE.VARCHAR, [200, 0], UTF8), withLength(1, Buffer.from('Grüße, 急ぎでお願い 😀 now')), 'text', 'Grüße, 急ぎでお願い 😀 now'],
  ['text with escapes', column(TYPE.VARCHAR, [200, 0], UTF8), withLength(1, Buffer.from('a "quoted" \\ word\n\u0001 and more')), 'string', String.raw`"a \"quoted\" \\ word\n\u0001 and more"`],
  ['JSON', column(TYPE.JSON, [4]), withLength(4, DOCUMENT), 'inline', String.raw`{"channel":"the \"web\"","items":[7,null,true],"at":"2015-01-15 23:24:25.000000"}`],
  ['JSON as a string', column(TYPE.JSON, [4]), withLength(4, DOCUMENT), 'compact-string', String.raw`"{\"channel\":\"the \\\"web\\\"\",\"items\":[7,null,true],\"at\":\"2015-01-15 23:24:25\"}"`],
];

describe('a value', () => {
  it.each(VALUES)('%s is the same however much room there is behind it', (_name, { codec }, bytes, as, text) => {
    const write = codec.writer(as, 'null');
    const length = Buffer.byteLength(text);
    for (let room = length; room <= length + MORE; room++) {
      const out = new ByteWriter(room);
      expect(write?.(bytes, 0, out)).toBe(bytes.length);
      expect(out.view().toString('utf8')).toBe(text);
    }
  });

  it.each(VALUES)('%s counts in full where it does not fit, and leaves what was before it', (_name, { codec }, bytes, as, text) => {
    const write = codec.writer(as, 'null');
    const length = Buffer.byteLength(text);
    for (let room = 0; room < length; room++) {
      const out = new ByteWriter(4 + room);
      out.latin1('key:');
      write?.(bytes, 0, out);
      expect(out.at).toBe(4 + length);
      expect(out.overflowed).toBe(true);
      expect(out.bytes.toString('latin1', 0, 4)).toBe('key:');
    }
  });

  it.each(VALUES)('%s is written into the buffer of the moment', (_name, { codec }, bytes, as, text) => {
    const write = codec.writer(as, 'null');
    const out = new ByteWriter(8);
    write?.(bytes, 0, out);
    out.grow(256, 0);
    out.at = 0;
    write?.(Buffer.from(bytes), 0, out);
    expect(out.view().toString('utf8')).toBe(text);
  });
});

describe('text that ends outside its event', () => {
  it('is refused', () => {
    const { codec } = column(TYPE.VARCHAR, [200, 0], UTF8);
    const bytes = withLength(1, Buffer.from('sixteen letters.')).subarray(0, 10);
    const out = new ByteWriter(64);
    expect(() => codec.writer('string', 'null')?.(bytes, 0, out)).toThrow('no valid UTF-8');
    expect(() => codec.writer('text', 'null')?.(bytes, 0, out)).toThrow('no valid UTF-8');
  });
});

describe('text of words', () => {
  const { codec } = column(TYPE.VARCHAR, [200, 0], UTF8);

  function shownText(value: Buffer): string {
    const out = new ByteWriter(256);
    codec.writer('string', 'null')?.(withLength(1, value), 0, out);
    return out.view().toString('utf8');
  }

  it('has every ASCII character escaped as JSON.stringify does, at every place', () => {
    for (let code = 0; code < 0x80; code++) {
      for (let place = 0; place < 20; place++) {
        const text = `${'x'.repeat(place)}${String.fromCharCode(code)}${'y'.repeat(19 - place)}`;
        expect(shownText(Buffer.from(text))).toBe(JSON.stringify(text));
      }
    }
  });

  it('refuses a stray byte at every place', () => {
    for (let byte = 0x80; byte <= 0xff; byte++) {
      for (let place = 0; place < 20; place++) {
        const bytes = Buffer.alloc(20, 'x');
        bytes[place] = byte;
        expect(() => shownText(bytes)).toThrow('no valid UTF-8');
      }
    }
  });

  it('takes the first and last character of every length, and refuses what lies next to them', () => {
    for (const good of ['c280', 'dfbf', 'e0a080', 'ed9fbf', 'ee8080', 'efbfbf', 'f0908080', 'f48fbfbf']) {
      const bytes = Buffer.concat([Buffer.from('before: '), hex(good)]);
      expect(shownText(bytes)).toBe(JSON.stringify(bytes.toString('utf8')));
    }
    for (const bad of ['c1bf', 'c27f', 'c2c0', 'e09fbf', 'eda080', 'efbf', 'efbfc0', 'f08fbfbf', 'f4908080', 'f5808080', 'f09080', 'f0908041']) {
      expect(() => shownText(Buffer.concat([Buffer.from('before: '), hex(bad)]))).toThrow('no valid UTF-8');
    }
  });
});
