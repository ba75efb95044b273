import type { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnWriter } from '../../core/table.ts';

export const QUOTE = 0x22;

/** Puts `bytes[from, to)` into a message. */
export type RangeWriter = (bytes: Buffer, from: number, to: number, out: ByteWriter) => void;

/** A writer of values that all begin with a quote, of one that writes what comes after it. */
export function opened(afterQuote: ColumnWriter): ColumnWriter {
  const whole = (bytes: Buffer, at: number, out: ByteWriter): number => {
    out.byte(QUOTE);
    return afterQuote(bytes, at, out);
  };
  return Object.assign(whole, { afterQuote });
}

/** A writer of text that needs no escapes, as a JSON string. */
export function quoted(text: ColumnWriter): ColumnWriter {
  return opened((bytes, at, out) => {
    const next = text(bytes, at, out);
    out.byte(QUOTE);
    return next;
  });
}
