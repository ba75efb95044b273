import { writeJsonText } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter, Representation } from '../../core/table.ts';
import type { Charset } from './charsets.ts';
import { textOfBytes } from './charsets.ts';
import { lengthPrefix } from './fixed-width.ts';
import { inQuotes, opened, QUOTE } from './quoted.ts';
import type { RangeWriter } from './quoted.ts';
import { singleByteInside, singleByteText } from './single-byte.ts';
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
      const inside = as === 'string' ? insideWriter(charset) : null;
      if (inside !== null) return opened(closedWriter(prefix, inside));
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

/** The same with a quote at the end. */
function closedWriter(prefix: number, inside: RangeWriter): ColumnWriter {
  return (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    inside(bytes, start, end, out);
    out.byte(QUOTE);
    return end;
  };
}

/** Writes text of a character set as `text` (bare UTF-8) or `string` (JSON). */
export function textWriter(charset: Charset, as: Representation): RangeWriter | undefined {
  if (as !== 'text' && as !== 'string') return undefined;
  if (as === 'text') return bareWriter(charset);
  const inside = insideWriter(charset);
  if (inside !== null) return inQuotes(inside);
  return (bytes, from, to, out) => {
    writeJsonText(textOfBytes(charset, bytes.subarray(from, to)), out);
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

/** Writes the inside of a JSON string; null for the character sets that go by way of a string of JavaScript. */
function insideWriter(charset: Charset): RangeWriter | null {
  if (charset.kind === 'utf8') return utf8Inside;
  if (charset.kind === 'ascii') return asciiInside;
  return charset.kind === 'single' ? singleByteInside(charset.units) : null;
}

const utf8Inside: RangeWriter = (bytes, from, to, out) => {
  if (!UTF8_STRING.write(bytes, from, to, out)) throw notUtf8();
};

const utf8Text: RangeWriter = (bytes, from, to, out) => {
  if (!UTF8_TEXT.write(bytes, from, to, out)) throw notUtf8();
};

const asciiInside: RangeWriter = (bytes, from, to, out) => {
  if (!ASCII_STRING.write(bytes, from, to, out)) throw notAscii();
};

const asciiText: RangeWriter = (bytes, from, to, out) => {
  if (!ASCII_TEXT.write(bytes, from, to, out)) throw notAscii();
};
