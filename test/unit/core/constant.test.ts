import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import { Constant, sharedConstant } from '../../../src/core/constant.ts';

const LENGTHS = [0, 1, 3, 4, 5, 15, 63, 64, 65, 200];

describe('a constant', () => {
  it.each(LENGTHS)('of %d bytes is copied as it is, wherever the one before it ended', (length) => {
    const constant = new Constant(Buffer.from(Array.from({ length }, (_, index) => (index * 37 + 200) & 0xff)));
    for (const before of [0, 1, 2, 3]) {
      const out = new ByteWriter(512);
      for (let i = 0; i < before; i++) out.byte(i);
      out.constant(constant);
      out.byte(0x21);
      expect(out.view()).toEqual(Buffer.concat([Buffer.from([0, 1, 2, 3]).subarray(0, before), constant.bytes, Buffer.from('!')]));
    }
  });

  it.each([
    ['a NaN that signals', '010000000000f07f'],
    ['a NaN that does not', 'deadbeef0000f8ff'],
    ['infinity', '000000000000f07f'],
    ['minus zero', '0000000000000080'],
    ['the least number of all', '0100000000000000'],
  ])('of bytes that would be %s is copied bit by bit', (_, hex) => {
    const bytes = Buffer.concat([Buffer.from('{"name":'), Buffer.from(hex, 'hex')]);
    const constant = new Constant(bytes);
    // Compilers must not make another number of it either.
    for (let i = 0; i < 20_000; i++) {
      const out = new ByteWriter(64);
      out.constant(constant);
      if (!out.view().equals(bytes)) expect(out.view()).toEqual(bytes);
    }
  });

  it('of UTF-8 is copied by numbers, whatever its characters', () => {
    for (let from = 0; from < 0x11_0000; from += 0x1000) {
      const text = Array.from({ length: 64 }, (_, index) => from + index * 0x41).map((code) => (code >= 0xd800 && code < 0xe000 ? '' : String.fromCodePoint(code)));
      for (const characters of text) expect(new Constant(Buffer.from(`,"\u007f${characters}\u007f":`)).doubles).not.toBeNull();
    }
  });

  it.each(LENGTHS.filter((length) => length > 0))('of %d bytes at the very end of a buffer is whole, and one byte further is not written but counted', (length) => {
    const constant = new Constant(Buffer.alloc(length, 0x61));
    const out = new ByteWriter(length);
    out.constant(constant);
    expect([out.overflowed, out.view().equals(constant.bytes)]).toEqual([false, true]);
    const short = new ByteWriter(length);
    short.at = 1;
    short.bytes.fill(0);
    short.constant(constant);
    expect([short.overflowed, short.at, short.bytes.every((byte) => byte === 0)]).toEqual([true, length + 1, true]);
  });
});

describe('a shared constant', () => {
  it('is one object for the same bytes, whatever they are', () => {
    const bytes = (): Buffer => Buffer.from([0x00, 0xff, 0xc3, 0x80, 0x22]);
    expect(sharedConstant(bytes())).toBe(sharedConstant(bytes()));
    expect(sharedConstant(bytes()).bytes).toEqual(bytes());
    expect(sharedConstant(Buffer.from([0x00, 0xff, 0xc3, 0x80, 0x23])).bytes[4]).toBe(0x23);
  });

  it('stays right when others push it out, and is not kept where it is long', () => {
    const first = sharedConstant(Buffer.from('first'));
    for (let i = 0; i < 10_000; i++) expect(sharedConstant(Buffer.from(`c${i}`)).bytes.toString()).toBe(`c${i}`);
    expect(sharedConstant(Buffer.from('first'))).not.toBe(first);
    const long = Buffer.alloc(65, 0x61);
    expect(sharedConstant(long)).not.toBe(sharedConstant(long));
  });
});
