import type { ColumnWriter } from '../../core/table.ts';

const QUOTE = 0x22;

/** A writer of text that needs no escapes, as a JSON string. */
export function quoted(text: ColumnWriter): ColumnWriter {
  return (bytes, at, out) => {
    out.byte(QUOTE);
    const next = text(bytes, at, out);
    out.byte(QUOTE);
    return next;
  };
}
