import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { describeColumn, type DescribedColumn } from './describe.ts';
import type { ColumnDescription } from './description.ts';

/** Descriptions that are kept for sharing: some megabytes at most. */
const KEPT = 10_000;
/** A longer one, of thousands of labels, is not kept. */
const LONGEST = 4096;
const SHARED = new Map<string, DescribedColumn>();

/**
 * As `describeColumn`. What is described alike, its name included, is the same object as the last time, as a rule, whose codec
 * has one writer for each representation: so tables with the same columns are known to be written alike. No table has two
 * columns of a name, so that no two of its columns share what a codec keeps of the value before.
 * @throws as `describeColumn`
 */
export function sharedColumn(description: ColumnDescription): DescribedColumn {
  const text = JSON.stringify(description);
  if (text.length > LONGEST) return describeColumn(description);
  const known = SHARED.get(text);
  if (known !== undefined) return known;
  const described = describeColumn(description);
  const made = { ...described, codec: withKeptWriters(described.codec) };
  if (SHARED.size >= KEPT) SHARED.clear();
  SHARED.set(text, made);
  return made;
}

function withKeptWriters(codec: ColumnCodec): ColumnCodec {
  const writers = new Map<string, ColumnWriter | undefined>();
  return {
    ...codec,
    writer(as, zero) {
      const key = `${as} ${zero}`;
      if (!writers.has(key)) writers.set(key, codec.writer(as, zero));
      return writers.get(key);
    },
  };
}
