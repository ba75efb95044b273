import iconv from 'iconv-lite';

/**
 * How the bytes of a character set become text: `utf8`: they are UTF-8 already; `single`: a table of one UTF-16 unit
 * for each byte; `multi`: a decoder that makes a string.
 */
export type Charset =
  | { readonly kind: 'utf8' }
  | { readonly kind: 'single'; readonly units: Uint16Array }
  | { readonly kind: 'multi'; readonly decode: (bytes: Buffer) => string };

/** What iconv-lite calls the single-byte sets of MySQL. */
const SINGLE: Readonly<Record<string, string>> = {
  latin1: 'cp1252',
  latin2: 'iso88592',
  latin5: 'iso88599',
  latin7: 'iso885913',
  cp850: 'cp850',
  cp852: 'cp852',
  cp866: 'cp866',
  cp1250: 'cp1250',
  cp1251: 'cp1251',
  cp1256: 'cp1256',
  cp1257: 'cp1257',
  greek: 'iso88597',
  hebrew: 'iso88598',
  koi8r: 'koi8r',
  koi8u: 'koi8u',
  tis620: 'tis620',
  macroman: 'macroman',
  macce: 'maccenteuro',
  armscii8: 'armscii8',
};

/** What iconv-lite calls the multi-byte sets of MySQL. */
const MULTI: Readonly<Record<string, string>> = {
  ucs2: 'utf-16be',
  utf16: 'utf-16be',
  utf16le: 'utf-16le',
  utf32: 'utf-32be',
  gb2312: 'gb2312',
  gbk: 'gbk',
  gb18030: 'gb18030',
  big5: 'big5',
  sjis: 'shiftjis',
  cp932: 'cp932',
  ujis: 'eucjp',
  eucjpms: 'eucjp',
  euckr: 'euckr',
};

const UTF8: Charset = { kind: 'utf8' };
const UTF8_NAMES = new Set(['utf8', 'utf8mb3', 'utf8mb4', 'ascii']);

/** Bytes of the longest character, where it is not 1. */
const LONGEST = new Map([
  ...['utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030'].map((name) => [name, 4] as const),
  ...['utf8', 'utf8mb3', 'ujis', 'eucjpms'].map((name) => [name, 3] as const),
  ...['ucs2', 'gb2312', 'gbk', 'big5', 'sjis', 'cp932', 'euckr'].map((name) => [name, 2] as const),
]);

const made = new Map<string, Charset>();

/** The character set of MySQL's name, undefined where this version cannot read it. */
export function charsetOf(name: string): Charset | undefined {
  if (UTF8_NAMES.has(name)) return UTF8;
  const known = made.get(name);
  if (known !== undefined) return known;
  const charset = make(name);
  if (charset !== undefined) made.set(name, charset);
  return charset;
}

/** Bytes of the longest character of a character set: `varchar(n)` takes n times as many. */
export function longestCharacter(name: string): number {
  return LONGEST.get(name) ?? 1;
}

function make(name: string): Charset | undefined {
  const single = SINGLE[name];
  if (single !== undefined) return { kind: 'single', units: unitsOf(single, name) };
  const multi = MULTI[name];
  return multi === undefined ? undefined : { kind: 'multi', decode: (bytes) => iconv.decode(bytes, multi, { stripBOM: false }) };
}

/** MySQL's latin1 is cp1252, where the five bytes without a character stand for themselves. */
function unitsOf(encoding: string, name: string): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    const unit = iconv.decode(Buffer.of(byte), encoding, { stripBOM: false }).charCodeAt(0);
    return unit === 0xfffd && name === 'latin1' ? byte : unit;
  });
}
