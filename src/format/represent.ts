import type { Column, Representation, ZeroDates } from '../core/table.ts';

/** How one dialect shows a column. */
export interface Shown {
  readonly as: Representation;
  readonly zero: ZeroDates;
  /** What a route's `types` may put in its place. @default anything that the type has */
  readonly limits?: Limits;
}

/** What a dialect can say of a column besides its own way. */
export interface Limits {
  /** The format, with the option that is the reason, for messages: `debezium with schemas: true`. */
  readonly format: string;
  readonly as: readonly Representation[];
  readonly zero: readonly ZeroDates[];
}

/** The table of a dialect: a representation for every column. */
export type Represent = (column: Column) => Shown;
