import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import type { ColumnCodec, Representation, ZeroDates } from '../../../../src/core/table.ts';
import { describeColumn } from '../../../../src/mysql/columns/describe.ts';
import type { DescribedColumn } from '../../../../src/mysql/columns/describe.ts';
import type { ColumnDescription } from '../../../../src/mysql/columns/description.ts';

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
 * `skip` must end where it ends.
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
  if (out.overflowed) throw new Error('the scratch buffer is too small');
  return Buffer.from(out.bytes.subarray(5, out.at));
}

/** A value with the length before it that VARCHAR and BLOB have. */
export function withLength(prefix: number, value: Buffer): Buffer {
  const length = Buffer.alloc(prefix);
  length.writeUIntLE(value.length, 0, prefix);
  return Buffer.concat([length, value]);
}
