import { writeJsonText } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter, Representation } from '../../core/table.ts';
import type { Charset } from './charsets.ts';
import { textOfBytes } from './charsets.ts';
import { lengthPrefix } from './fixed-width.ts';
import { opened, QUOTE } from './quoted.ts';
import type { RangeWriter } from './quoted.ts';
import { singleByteAfterQuote, singleByteText } from './single-byte.ts';
import { notAscii, notUtf8 } from './unreadable.ts';
import { ASCII_STRING, ASCII_TEXT, UTF8_STRING, UTF8_TEXT } from './utf8.ts';

/** CHAR, VARCHAR and TEXT: a length of `prefix` bytes, then the text in its character set. */
export function textCodec(prefix: number, charset: Charset): ColumnCodec {
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read(bytes, at) {
      const start = at + prefix;
      return textOfBytes(charset, bytes.subarray(start, start + lengthPrefix(bytes, at, prefix)));
    },
    writer(as) {
      const afterQuote = as === 'string' ? afterQuoteWriter(charset) : null;
      if (afterQuote !== null) return opened(prefixedWriter(prefix, afterQuote));
      const write = textWriter(charset, as);
      return write && prefixedWriter(prefix, write);
    },
  };
}

function prefixedWriter(prefix: number, write: RangeWriter): ColumnWriter {
  return (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    write(bytes, start, end, out);
    return end;
  };
}

/** Writes text of a character set as `text` (bare UTF-8) or `string` (JSON). */
export function textWriter(charset: Charset, as: Representation): RangeWriter | undefined {
  if (as === 'text') return bareWriter(charset);
  return as === 'string' ? stringWriter(charset) : undefined;
}

function stringWriter(charset: Charset): RangeWriter {
  const afterQuote = afterQuoteWriter(charset);
  return (bytes, from, to, out) => {
    if (afterQuote === null) {
      writeJsonText(textOfBytes(charset, bytes.subarray(from, to)), out);
      return;
    }
    out.byte(QUOTE);
    afterQuote(bytes, from, to, out);
  };
}

/** Writes bare text. */
function bareWriter(charset: Charset): RangeWriter {
  if (charset.kind === 'utf8') return utf8Text;
  if (charset.kind === 'ascii') return asciiText;
  if (charset.kind === 'single') return singleByteText(charset.units);
  return (bytes, from, to, out) => {
    out.utf8(charset.decode(bytes.subarray(from, to)));
  };
}

/** Writes a JSON string but for its first quote; null for the character sets that go by way of a string of JavaScript. */
function afterQuoteWriter(charset: Charset): RangeWriter | null {
  if (charset.kind === 'utf8') return utf8AfterQuote;
  if (charset.kind === 'ascii') return asciiAfterQuote;
  return charset.kind === 'single' ? singleByteAfterQuote(charset.units) : null;
}

const utf8AfterQuote: RangeWriter = (bytes, from, to, out) => {
  if (!UTF8_STRING.write(bytes, from, to, out)) throw notUtf8();
  out.byte(QUOTE);
};

const utf8Text: RangeWriter = (bytes, from, to, out) => {
  if (!UTF8_TEXT.write(bytes, from, to, out)) throw notUtf8();
};

const asciiAfterQuote: RangeWriter = (bytes, from, to, out) => {
  if (!ASCII_STRING.write(bytes, from, to, out)) throw notAscii();
  out.byte(QUOTE);
};

const asciiText: RangeWriter = (bytes, from, to, out) => {
  if (!ASCII_TEXT.write(bytes, from, to, out)) throw notAscii();
};
