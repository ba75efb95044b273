import { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeHex } from './base64.ts';
import { lengthPrefix } from './fixed-width.ts';
import { loadPadded } from './binary.ts';
import { quoted } from './quoted.ts';

const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const GROUPS = 8;
/** Where the dashes of a UUID's text stand, in bytes. */
const UUID_PARTS = [0, 4, 6, 8, 10, 16] as const;

type Print = (value: Buffer, out: ByteWriter) => void;

/** UUID, 16 bytes: `f47ac10b-58cc-4372-a567-0e02b2c3d479`. */
export function uuidCodec(prefix: number): ColumnCodec {
  return textualCodec(prefix, 16, (value, out) => {
    for (let i = 0; i + 1 < UUID_PARTS.length; i++) {
      if (i > 0) out.byte(DASH);
      writeHex(value, UUID_PARTS[i] as number, UUID_PARTS[i + 1] as number, out);
    }
  });
}

/** INET4, four bytes: `192.0.2.1`. */
export function inet4Codec(prefix: number): ColumnCodec {
  return textualCodec(prefix, 4, (value, out) => {
    writeInet4(value, 0, out);
  });
}

/** INET6, 16 bytes, in the server's short form: `2001:db8::ff00:42:8329`, `::ffff:192.0.2.1`. */
export function inet6Codec(prefix: number): ColumnCodec {
  return textualCodec(prefix, 16, writeInet6);
}

function textualCodec(prefix: number, size: number, print: Print): ColumnCodec {
  const value = Buffer.alloc(size);
  const text: ColumnWriter = (image, at, out) => {
    const next = loadPadded(image, at, prefix, value);
    print(value, out);
    return next;
  };
  return {
    skip: (image, at) => at + prefix + lengthPrefix(image, at, prefix),
    read(image, at) {
      const out = new ByteWriter(64);
      text(image, at, out);
      return out.view().toString('latin1');
    },
    writer(as) {
      if (as === 'text') return text;
      return as === 'string' ? quoted(text) : undefined;
    },
  };
}

function writeInet4(value: Buffer, at: number, out: ByteWriter): void {
  for (let i = 0; i < 4; i++) {
    if (i > 0) out.byte(DOT);
    out.integer(value[at + i] as number);
  }
}

/** The longest run of zero groups, be it one, the first of equal ones, is `::`; a mapped or compatible IPv4 ends as one. */
function writeInet6(value: Buffer, out: ByteWriter): void {
  const gap = longestGap(value);
  for (let i = 0; i < GROUPS; ) {
    if (i === gap.start) {
      out.byte(COLON);
      i += gap.length;
      if (i === GROUPS) out.byte(COLON);
      continue;
    }
    if (i > 0) out.byte(COLON);
    if (i === 6 && endsAsInet4(value, gap)) {
      writeInet4(value, 12, out);
      return;
    }
    out.latin1(groupOf(value, i).toString(16));
    i++;
  }
}

function endsAsInet4(value: Buffer, gap: { readonly start: number; readonly length: number }): boolean {
  return gap.start === 0 && (gap.length === 6 || (gap.length === 5 && groupOf(value, 5) === 0xffff));
}

function groupOf(value: Buffer, index: number): number {
  return ((value[index * 2] as number) << 8) | (value[index * 2 + 1] as number);
}

function longestGap(value: Buffer): { readonly start: number; readonly length: number } {
  let best = { start: -1, length: 0 };
  for (let i = 0; i < GROUPS; i++) {
    let length = 0;
    while (i + length < GROUPS && groupOf(value, i + length) === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  return best;
}
