import { writeJsonString } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { lengthPrefix } from '../columns/fixed-width.ts';

/**
 * JSON of MySQL as SELECT shows it: a length of `prefix` bytes and the server's text, in the place of the binary document. All
 * spellings are that text: who compares must compare documents.
 */
export function shownJsonCodec(prefix: number): ColumnCodec {
  const text: ColumnWriter = (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    out.range(bytes, start, end);
    return end;
  };
  const string: ColumnWriter = (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    writeJsonString(bytes, start, end, out);
    return end;
  };
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read: (bytes, at) => bytes.toString('utf8', at + prefix, at + prefix + lengthPrefix(bytes, at, prefix)),
    writer(as) {
      if (as === 'text' || as === 'inline' || as === 'compact-inline') return text;
      return as === 'string' || as === 'compact-string' ? string : undefined;
    },
  };
}
