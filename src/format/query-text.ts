import type { Projection } from '../core/projection.ts';

/** Whether messages may hold the SQL text: it shows whole rows, so not where a column is masked or left out. */
export function mayShowQuery(projection: Projection): boolean {
  return projection.columns.length === projection.table.columns.length && projection.columns.every(({ mask }) => mask === null);
}
