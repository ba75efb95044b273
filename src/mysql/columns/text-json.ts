import { RowcastError } from '../../core/errors.ts';
import type { ColumnCodec } from '../../core/table.ts';
import { lengthPrefix } from './fixed-width.ts';
import type { RangeWriter } from './quoted.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The largest of the four bytes that are blank between the parts of a document. */
const BLANK = 0x20;

/** Text in UTF-8 that holds a JSON document, as MariaDB keeps JSON; it can be `inline`. */
export function jsonTextCodec(prefix: number, text: ColumnCodec): ColumnCodec {
  return {
    ...text,
    writer(as, zero) {
      if (as !== 'inline') return text.writer(as, zero);
      return (bytes, at, out) => {
        const start = at + prefix;
        const end = start + lengthPrefix(bytes, at, prefix);
        writeDocument(bytes, start, end, out);
        return end;
      };
    },
  };
}

/** The document as it is, without blanks between its parts: a message is one line. @throws RowcastError ROW_UNREADABLE for text that is none */
const writeDocument: RangeWriter = (bytes, from, to, out) => {
  mustBeJson(bytes.toString('utf8', from, to));
  let quoted = false;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (!quoted && byte <= BLANK) continue;
    out.byte(byte);
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted && byte === BACKSLASH) out.byte(bytes[++i] as number);
  }
};

/** The server checks it, unless the writer has switched its checks off. */
function mustBeJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new RowcastError('ROW_UNREADABLE', 'a JSON column holds text that is no JSON document', { hint: 'Correct the value at the source; for what is in the binlog already, set types.json: text for the route.' });
  }
}
