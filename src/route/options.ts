import type { Operation } from '../core/change.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { Secret } from '../core/secret.ts';
import type { TypePolicies } from '../core/type-policies.ts';
import type { Conditions } from './conditions.ts';

/** How a column's value is hidden. */
export type MaskName = 'sha256' | 'redact' | 'last4';

/** Which columns a route shows, under which names. Names are those of the table, case-sensitive. */
export interface ColumnOptions {
  /** Only these. Not together with `exclude`. @default every column */
  readonly include?: readonly string[] | null | undefined;
  /** All but these. @default none */
  readonly exclude?: readonly string[] | null | undefined;
  /** New names in messages, by the table's name. @default {} */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** Masks, by the table's name. @default {} */
  readonly mask?: Readonly<Record<string, MaskName>> | undefined;
}

/** One route as the configuration writes it. */
export interface RouteOptions {
  /** Patterns `database.table`. @see parsePattern */
  readonly tables: readonly string[];
  /** Leave these tables out on purpose. @default false */
  readonly drop?: boolean | undefined;
  /** Template of the topic. @see parseTopic */
  readonly topic: string;
  /** Columns of the message key. @default the primary key; no key for a table without one */
  readonly key?: readonly string[] | 'none' | null | undefined;
  readonly columns?: ColumnOptions | undefined;
  /** @default every type as the format shows it */
  readonly types?: TypePolicies | undefined;
  /** CEL over `row`. @default every row */
  readonly where?: string | null | undefined;
  /** CEL over `op`, `before`, `after`, `table` and `ts`. @default every change */
  readonly when?: string | null | undefined;
  /** Operations of the source that are told; `truncate` as well where it is named. @default insert, update, delete */
  readonly operations?: readonly (Operation | 'truncate')[] | undefined;
  /** Template of the topic of schema changes. @default they are not told */
  readonly schemaChanges?: string | null | undefined;
  /** A null value after each delete. @default true */
  readonly tombstones?: boolean | undefined;
  /** What a condition that cannot be evaluated, or a value that cannot be encoded, does to a row. @default fail */
  readonly onError?: RoutePlan['onError'] | undefined;
  /** What becomes of a message that is too large for its topic. @default fail */
  readonly onTooLarge?: RoutePlan['onTooLarge'] | undefined;
  /** Template of the topic of dead letters; needed where one of the two asks for it. */
  readonly deadLetter?: string | null | undefined;
}

/** What routes need besides their options. */
export interface RouteContext {
  /** Key of the sha256 masks; null where the configuration has none. */
  readonly maskingKey: Secret | null;
  /** The language of conditions; null where no route has one. @default null */
  readonly conditions?: Conditions | null;
  /** Names are told apart without case. @default false */
  readonly ignoresCase?: boolean;
}
