import type { Operation, RowsEvent } from './change.ts';
import type { TableName } from './notice.ts';
import type { Projection } from './projection.ts';
import type { RowImage } from './row-image.ts';
import type { TableVersion } from './table.ts';

/** `where`: does the row that this image shows belong to the route? */
export interface ImageCondition {
  /** @throws RowcastError CONDITION_FAILED where the row gives no answer */
  test(image: RowImage): boolean;
}

/**
 * `when`: is this change to be told? Asked of the change as the consumer would get it, after `where`: a row that leaves
 * the route's set is a delete with no after image, one that enters is an insert with no before image.
 */
export interface ChangeCondition {
  /** @throws RowcastError CONDITION_FAILED where the change gives no answer */
  test(operation: Operation, event: RowsEvent, before: RowImage | null, after: RowImage | null): boolean;
}

/** Everything a route says about one table version, compiled. */
export interface RoutePlan {
  /** Place of the route in the file, from 0. */
  readonly index: number;
  /** The route, for people: its place in the file and its tables. */
  readonly route: string;
  readonly projection: Projection;
  readonly topic: string;
  readonly where: ImageCondition | null;
  readonly when: ChangeCondition | null;
  readonly operations: ReadonlySet<Operation>;
  readonly tombstones: boolean;
  /** Of a row on which a condition fails, that cannot be encoded, or that the destination refuses for what it holds. `pass` is about conditions; it is `fail` for all else. */
  readonly onError: 'fail' | 'skip' | 'pass' | 'deadLetter';
  /** Of a message that is larger than its topic takes. */
  readonly onTooLarge: 'fail' | 'truncate' | 'drop' | 'deadLetter';
  /** The topic of dead letters; null where neither of the two asks for one. */
  readonly deadLetter: string | null;
}

/** Why no route tells the rows of a table; `shadow`: of an online schema change, which the source finds. */
export type TableLeftOut = 'no_route' | 'dropped';

export interface Router {
  /** True when a route takes the table, so that its rows need a full description. */
  captures(database: string, table: string): boolean;
  /** True when the table's route leaves columns out or masks them, or takes rows by a condition, so that its rows may be shown nowhere as they are; of one column: when that may not. */
  hides(database: string, table: string, column?: string): boolean;
  /** @throws RowcastError ROUTE_COLUMN, ROUTE_CONFLICT, CONDITION_INVALID */
  plan(table: TableVersion): RoutePlan | TableLeftOut;
}

/** A route, by its place in the file, that wants to hear of something, and the topic where. */
export interface NoticeTarget {
  readonly route: number;
  readonly topic: string;
}

/** Where what is about no row goes. */
export interface NoticeRouter {
  /** Topics of the schema changes of a table; with null for the table, of a database as a whole. */
  schemaChanges(database: string, table: string | null): readonly NoticeTarget[];
  /** The table's own topic, where its route tells TRUNCATE; null where none does. */
  truncate(table: TableName): NoticeTarget | null;
}
