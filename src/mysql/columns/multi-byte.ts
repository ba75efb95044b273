import iconv from 'iconv-lite';
import { differingCodes, NO_TEXT } from './multi-byte-tables.ts';
import { unreadableText } from './unreadable.ts';

/** What the decoding library calls MySQL's encodings of Unicode. */
const UNICODE: Readonly<Record<string, string>> = { ucs2: 'utf-16be', utf16: 'utf-16be', utf16le: 'utf-16le', utf32: 'utf-32be' };

const EUC = { length: eucLength, own: eucOwn };
const SHIFT = { length: shiftLength, own: nothing };
const PAIRS = { length: pairLength, own: nothing };

interface National {
  /** What the decoding library calls it. */
  readonly encoding: string;
  /** Bytes of the character at a place. */
  readonly length: (bytes: Buffer, at: number) => number;
  /** What the server reads by a rule and the library otherwise: text, or `NO_TEXT`; undefined for all other codes. */
  readonly own: (code: number) => string | undefined;
}

const NATIONAL: Readonly<Record<string, National>> = {
  big5: { encoding: 'big5', ...PAIRS },
  gb2312: { encoding: 'gb2312', ...PAIRS },
  gbk: { encoding: 'gbk', ...PAIRS },
  gb18030: { encoding: 'gb18030', length: gb18030Length, own: gb18030Own },
  euckr: { encoding: 'euckr', ...PAIRS },
  sjis: { encoding: 'shiftjis', ...SHIFT },
  cp932: { encoding: 'cp932', length: shiftLength, own: shiftOwn },
  ujis: { encoding: 'eucjp', ...EUC },
  eucjpms: { encoding: 'eucjp', ...EUC },
};

/**
 * A decoder of a multi-byte character set of MySQL, undefined for a name that is none. It throws ROW_UNREADABLE where the
 * server itself has no character for a code, which its SELECT shows as `?`.
 */
export function multiByteDecoder(name: string): ((bytes: Buffer) => string) | undefined {
  const unicode = UNICODE[name];
  if (unicode !== undefined) return (bytes) => checked(name, iconv.decode(bytes, unicode, { stripBOM: false }), /\p{Surrogate}/u);
  const national = NATIONAL[name];
  if (national === undefined) return undefined;
  const differing = differingCodes(name);
  const library = (bytes: Buffer): string => checked(name, iconv.decode(bytes, national.encoding), /\ufffd/);
  return (bytes) => {
    let text = '';
    let from = 0;
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(at + national.length(bytes, at), bytes.length);
      if (end - at > 1) {
        const code = bytes.readUIntBE(at, end - at);
        const special = differing.get(code) ?? national.own(code);
        if (special === NO_TEXT) throw unreadableText(`0x${code.toString(16)}, for which the server has no character in ${name}`);
        if (special !== undefined) {
          text += library(bytes.subarray(from, at)) + special;
          from = end;
        }
      }
      at = end;
    }
    return text + library(bytes.subarray(from));
  };
}

function checked(name: string, text: string, wrong: RegExp): string {
  if (wrong.test(text)) throw unreadableText(`bytes that are no characters of ${name}`);
  return text;
}

function pairLength(bytes: Buffer, at: number): number {
  return (bytes[at] as number) < 0x81 ? 1 : 2;
}

function shiftLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] as number;
  return lead < 0x81 || (lead >= 0xa0 && lead <= 0xdf) ? 1 : 2;
}

function eucLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] as number;
  if (lead === 0x8f) return 3;
  return lead < 0x8e ? 1 : 2;
}

/** A digit as second byte makes four. */
function gb18030Length(bytes: Buffer, at: number): number {
  if ((bytes[at] as number) < 0x81) return 1;
  const second = bytes[at + 1] ?? 0;
  return second >= 0x30 && second <= 0x39 ? 4 : 2;
}

function nothing(): undefined {
  return undefined;
}

/** Four bytes after those of U+FFFF and before those of U+10000, and those after U+10FFFF, are nothing; the library reads some. */
function gb18030Own(code: number): string | undefined {
  return (code > 0x8431a439 && code < 0x90308130) || code > 0xe3329a35 ? NO_TEXT : undefined;
}

/** Rows 0xf5 to 0xfe, in both planes, are the user's: the private use area from U+E000 and U+E3AC. */
function eucOwn(code: number): string | undefined {
  const lead = (code >> 8) & 0xff;
  const trail = code & 0xff;
  if (lead < 0xf5 || lead > 0xfe || trail < 0xa1 || trail > 0xfe) return undefined;
  return String.fromCharCode((code > 0xffff ? 0xe3ac : 0xe000) + (lead - 0xf5) * 94 + trail - 0xa1);
}

/** Rows 0xf0 to 0xf9 are the user's: the private use area from U+E000. */
function shiftOwn(code: number): string | undefined {
  const lead = code >> 8;
  const trail = code & 0xff;
  if (lead < 0xf0 || lead > 0xf9 || trail < 0x40 || trail === 0x7f || trail > 0xfc) return undefined;
  return String.fromCharCode(0xe000 + (lead - 0xf0) * 188 + trail - (trail > 0x7f ? 0x41 : 0x40));
}
