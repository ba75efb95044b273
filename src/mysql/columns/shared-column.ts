import { Kept } from '../../core/kept.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { describeColumn, type DescribedColumn } from './describe.ts';
import type { ColumnDescription } from './description.ts';

/** A longer one, of thousands of labels, is not kept. */
const LONGEST = 4096;
/** By description; some megabytes at most. */
const SHARED = new Kept<DescribedColumn>(10_000);

/**
 * As `describeColumn`. What is described alike, its name included, is the same object as the last time, as a rule, whose codec
 * has one writer for each representation: so tables with the same columns are known to be written alike. No table has two
 * columns of a name, so that no two of its columns share what a codec keeps of the value before.
 * @throws as `describeColumn`
 */
export function sharedColumn(description: ColumnDescription): DescribedColumn {
  const text = JSON.stringify(description);
  if (text.length > LONGEST) return describeColumn(description);
  return SHARED.get(text) ?? SHARED.keep(text, withKeptWriters(describeColumn(description)));
}

function withKeptWriters({ codec, ...described }: DescribedColumn): DescribedColumn {
  const writers = new Map<string, ColumnWriter | undefined>();
  const writer: ColumnCodec['writer'] = (as, zero) => {
    const key = `${as} ${zero}`;
    if (!writers.has(key)) writers.set(key, codec.writer(as, zero));
    return writers.get(key);
  };
  return { ...described, codec: { ...codec, writer } };
}
