import type { ChangeCondition, ImageCondition } from '../core/plan.ts';
import type { TableVersion } from '../core/table.ts';

/** Where a condition is asked: of one image, or of a change. */
export type ConditionKind = 'where' | 'when';

/** The language of conditions. */
export interface Conditions {
  /** What is wrong with a condition that can be told without a table, with the line and column in it; null where nothing is. */
  mistake(text: string, kind: ConditionKind): string | null;
  /** A `where` for rows of this table. @throws RowcastError CONDITION_INVALID */
  image(text: string, table: TableVersion): ImageCondition;
  /** A `when` for changes of this table. @throws RowcastError CONDITION_INVALID */
  change(text: string, table: TableVersion): ChangeCondition;
}
