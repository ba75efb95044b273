import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { fixedWidth } from './fixed-width.ts';
import { quoted } from './quoted.ts';

/** YEAR: one byte, years since 1900, where 0 is the year 0000. */
export const yearCodec: ColumnCodec = {
  ...fixedWidth(1),
  read: (bytes, at) => BigInt(year(bytes[at] as number)),
  writer(as) {
    if (as === 'number' || as === 'safe-number' || as === 'signed-number') return number;
    if (as === 'text') return text;
    return as === 'string' ? quoted(text) : undefined;
  },
};

function year(stored: number): number {
  return stored === 0 ? 0 : 1900 + stored;
}

const number: ColumnWriter = (bytes, at, out) => {
  out.integer(year(bytes[at] as number));
  return at + 1;
};

const text: ColumnWriter = (bytes, at, out) => {
  out.digits(year(bytes[at] as number), 4);
  return at + 1;
};
