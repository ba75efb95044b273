import { writeJsonText } from '../../core/json-text.ts';
import type { ColumnCodec, Representation } from '../../core/table.ts';
import type { RangeWriter } from './binary.ts';
import type { Charset } from './charsets.ts';
import { textOfBytes } from './charsets.ts';
import { lengthPrefix } from './fixed-width.ts';
import { singleByteString, singleByteText } from './single-byte.ts';
import { notAscii, notUtf8 } from './unreadable.ts';
import { ASCII_STRING, ASCII_TEXT, UTF8_STRING, UTF8_TEXT } from './utf8.ts';

const QUOTE = 0x22;

/** CHAR, VARCHAR and TEXT: a length of `prefix` bytes, then the text in its character set. */
export function textCodec(prefix: number, charset: Charset): ColumnCodec {
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read(bytes, at) {
      const start = at + prefix;
      return textOfBytes(charset, bytes.subarray(start, start + lengthPrefix(bytes, at, prefix)));
    },
    writer(as) {
      const write = textWriter(charset, as);
      if (write === undefined) return undefined;
      return (bytes, at, out) => {
        const start = at + prefix;
        const end = start + lengthPrefix(bytes, at, prefix);
        write(bytes, start, end, out);
        return end;
      };
    },
  };
}

/** Writes text of a character set as `text` (bare UTF-8) or `string` (JSON). */
export function textWriter(charset: Charset, as: Representation): RangeWriter | undefined {
  if (as !== 'text' && as !== 'string') return undefined;
  const string = as === 'string';
  if (charset.kind === 'utf8') return string ? utf8String : utf8Text;
  if (charset.kind === 'ascii') return string ? asciiString : asciiText;
  if (charset.kind === 'single') return string ? singleByteString(charset.units) : singleByteText(charset.units);
  return (bytes, from, to, out) => {
    const text = charset.decode(bytes.subarray(from, to));
    if (string) writeJsonText(text, out);
    else out.utf8(text);
  };
}

const utf8String: RangeWriter = (bytes, from, to, out) => {
  out.byte(QUOTE);
  if (!UTF8_STRING.write(bytes, from, to, out)) throw notUtf8();
  out.byte(QUOTE);
};

const utf8Text: RangeWriter = (bytes, from, to, out) => {
  if (!UTF8_TEXT.write(bytes, from, to, out)) throw notUtf8();
};

const asciiString: RangeWriter = (bytes, from, to, out) => {
  out.byte(QUOTE);
  if (!ASCII_STRING.write(bytes, from, to, out)) throw notAscii();
  out.byte(QUOTE);
};

const asciiText: RangeWriter = (bytes, from, to, out) => {
  if (!ASCII_TEXT.write(bytes, from, to, out)) throw notAscii();
};
