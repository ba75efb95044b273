import iconv from 'iconv-lite';
import { RowcastError } from '../../core/errors.ts';
import { differingCodes } from './multi-byte-tables.ts';

/** What the decoding library calls MySQL's encodings of Unicode. */
const UNICODE: Readonly<Record<string, string>> = { ucs2: 'utf-16be', utf16: 'utf-16be', utf16le: 'utf-16le', utf32: 'utf-32be', gb18030: 'gb18030' };

const EUC = { length: eucLength, own: eucOwn };
const SHIFT = { length: shiftLength, own: nothing };
const PAIRS = { length: pairLength, own: nothing };

/** What the decoding library calls the others, how long a character is, and where they keep characters of the user. */
const NATIONAL: Readonly<Record<string, { readonly encoding: string } & typeof EUC>> = {
  big5: { encoding: 'big5', ...PAIRS },
  gb2312: { encoding: 'gb2312', ...PAIRS },
  gbk: { encoding: 'gbk', ...PAIRS },
  euckr: { encoding: 'euckr', ...PAIRS },
  sjis: { encoding: 'shiftjis', ...SHIFT },
  cp932: { encoding: 'cp932', length: shiftLength, own: shiftOwn },
  ujis: { encoding: 'eucjp', ...EUC },
  eucjpms: { encoding: 'eucjp', ...EUC },
};

/** A decoder of a multi-byte character set of MySQL, undefined for a name that is none. It throws ROW_UNREADABLE. */
export function multiByteDecoder(name: string): ((bytes: Buffer) => string) | undefined {
  const unicode = UNICODE[name];
  if (unicode !== undefined) return (bytes) => checked(name, iconv.decode(bytes, unicode, { stripBOM: false }), /\p{Surrogate}/u);
  const national = NATIONAL[name];
  if (national === undefined) return undefined;
  const differing = differingCodes(name);
  const library = (bytes: Buffer): string => iconv.decode(bytes, national.encoding);
  return (bytes) => {
    let text = '';
    let from = 0;
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(at + national.length(bytes[at] as number), bytes.length);
      const code = end - at === 1 ? (bytes[at] as number) : bytes.readUIntBE(at, end - at);
      const special = end - at === 1 ? undefined : (differing.get(code) ?? national.own(code));
      if (special !== undefined) {
        text += library(bytes.subarray(from, at)) + special;
        from = end;
      }
      at = end;
    }
    return checked(name, text + library(bytes.subarray(from)), /\ufffd/);
  };
}

function checked(name: string, text: string, wrong: RegExp): string {
  if (wrong.test(text)) throw new RowcastError('ROW_UNREADABLE', `a text column holds bytes that are no characters of ${name}`);
  return text;
}

function pairLength(lead: number): number {
  return lead < 0x81 ? 1 : 2;
}

function shiftLength(lead: number): number {
  return lead < 0x81 || (lead >= 0xa0 && lead <= 0xdf) ? 1 : 2;
}

function eucLength(lead: number): number {
  if (lead === 0x8f) return 3;
  return lead < 0x8e ? 1 : 2;
}

function nothing(): undefined {
  return undefined;
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
