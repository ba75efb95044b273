import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import type { ColumnCodec, Representation, ZeroDates } from '../../../../src/core/table.ts';
import { describeColumn } from '../../../../src/mysql/columns/describe.ts';
import type { DescribedColumn } from '../../../../src/mysql/columns/describe.ts';
import type { ColumnDescription } from '../../../../src/mysql/columns/description.ts';

const QUOTE = 0x22;

/** A column of a type code and metadata (first byte, second byte), with what else is known of it. */
export function column(typeCode: number, meta: readonly number[] = [], more: Partial<ColumnDescription> = {}): DescribedColumn {
  return describeColumn({
    name: 'c',
    typeCode,
    meta: (meta[0] ?? 0) | ((meta[1] ?? 0) << 8),
    unsigned: null,
    charset: null,
    labels: null,
    geometry: null,
    dimensions: null,
    declared: null,
    ...more,
  });
}

/** Bytes from hexadecimal with blanks. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/**
 * What a codec writes of the value in `bytes`, as text. The value is put between other bytes, and both the writer and
 * `skip` must end where it ends, in as many bytes as the codec says that all have; and a writer that leaves the first quote
 * to others must write the rest.
 */
export function shown(codec: ColumnCodec, bytes: Buffer, as: Representation, zero: ZeroDates = 'null'): string {
  return shownBytes(codec, bytes, as, zero).toString('utf8');
}

export function shownBytes(codec: ColumnCodec, bytes: Buffer, as: Representation, zero: ZeroDates = 'null'): Buffer {
  const write = codec.writer(as, zero);
  if (write === undefined) throw new Error(`no representation ${as}`);
  const row = Buffer.concat([Buffer.from([0xaa, 0xbb, 0xcc]), bytes, Buffer.from([0xdd, 0xee])]);
  const out = new ByteWriter(8192);
  out.at = 5;
  const next = write(row, 3, out);
  if (next !== 3 + bytes.length) throw new Error(`the writer ended at ${next - 3} of ${bytes.length}`);
  const skipped = codec.skip(row, 3);
  if (skipped !== next) throw new Error(`skip ended at ${skipped - 3} of ${bytes.length}`);
  if ((codec.width ?? bytes.length) !== bytes.length) throw new Error(`the width is ${codec.width} of ${bytes.length}`);
  if (out.overflowed) throw new Error('the scratch buffer is too small');
  const whole = Buffer.from(out.bytes.subarray(5, out.at));
  if (write.afterQuote !== undefined) {
    out.at = 5;
    out.byte(QUOTE);
    const end = write.afterQuote(row, 3, out);
    if (end !== next || !whole.equals(out.bytes.subarray(5, out.at))) throw new Error(`${whole.toString()} is ${out.view().toString('utf8', 5)} after its quote`);
  }
  return whole;
}

/** A value with the length before it that VARCHAR and BLOB have. */
export function withLength(prefix: number, value: Buffer): Buffer {
  const length = Buffer.alloc(prefix);
  length.writeUIntLE(value.length, 0, prefix);
  return Buffer.concat([length, value]);
}
