import type { ColumnCodec, ColumnWriter } from '../core/table.ts';

const SKIPPERS = new WeakMap<ColumnCodec, ColumnWriter>();

/** Passes over a value and writes nothing; one for each codec. */
export function skipperOf(codec: ColumnCodec): ColumnWriter {
  const known = SKIPPERS.get(codec);
  if (known !== undefined) return known;
  const made: ColumnWriter = (bytes, at) => codec.skip(bytes, at);
  SKIPPERS.set(codec, made);
  return made;
}
