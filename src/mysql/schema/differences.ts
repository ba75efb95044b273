import type { CatalogueColumn } from '../binlog/catalogue.ts';

/** What differs between kept and live columns, for people; empty when nothing that matters does. */
export function differences(kept: readonly CatalogueColumn[], live: readonly CatalogueColumn[]): string {
  const found: string[] = [];
  const longest = Math.max(kept.length, live.length);
  for (let i = 0; i < longest; i++) {
    const before = describe(kept[i]);
    const after = describe(live[i]);
    if (before !== after) found.push(`column ${i + 1} was ${before} and is ${after}`);
  }
  return found.join('; ');
}

function describe(column: CatalogueColumn | undefined): string {
  if (column === undefined) return 'missing';
  const charset = column.charset === null ? '' : ` character set ${column.charset}`;
  const key = column.keyOrder === null ? '' : ` primary key ${column.keyOrder + 1}`;
  return `${column.name} ${column.columnType}${charset}${column.nullable ? '' : ' not null'}${key}`;
}
