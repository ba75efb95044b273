import type { Operation } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import type { RoutePlan, Router, TableLeftOut } from '../core/plan.ts';
import type { Mask } from '../core/projection.ts';
import type { TableVersion } from '../core/table.ts';
import { createProjection } from './columns.ts';
import type { ConditionKind, Conditions } from './conditions.ts';
import { createMask } from './masks.ts';
import { Matcher } from './matcher.ts';
import type { MaskName, RouteContext, RouteOptions } from './options.ts';
import type { TopicTemplate } from './topic.ts';
import type { TablePattern } from './pattern.ts';
import { anyName, parsePattern, partMatches } from './pattern.ts';
import { fillTopic, parseTopic, TopicNames } from './topic.ts';

/** What becomes of a table: the route that takes it, with its index, or why there is none. */
export type RouteMatch = { readonly kind: 'route' | 'drop'; readonly route: RouteOptions; readonly index: number } | { readonly kind: 'none' };

/** What routes are about, whatever tables there are. */
export interface RouteScope {
  /** True for a database of which some route may take a table. The server's own databases only where a route names them. */
  reaches(database: string): boolean;
  /** True for a table that the route that takes it names without wildcards. */
  names(database: string, table: string): boolean;
  /** False where the route of the table tells no rows of this operation. */
  wants(database: string, table: string, operation: Operation): boolean;
  /** True where the route of the table masks columns or leaves them out. */
  hidesColumns(database: string, table: string): boolean;
  /** True where the text holds the name of a table of which that may be so, in any database, wherever and in whatever case it stands. */
  namesHidden(sql: string): boolean;
  /** The server tells names apart without case (`lower_case_table_names`): patterns match so from now on. */
  ignoreCase(): void;
  /** Whether it was called. */
  readonly ignoresCase: boolean;
}

/** A router that can also tell which route takes a table. */
export interface RouteTable extends Router, RouteScope {
  /** The first route whose patterns match; names are told apart by case, unless `ignoreCase` was called. */
  match(database: string, table: string): RouteMatch;
}

interface CompiledRoute {
  readonly options: RouteOptions;
  readonly index: number;
  readonly topic: TopicTemplate | null;
  readonly deadLetter: TopicTemplate | null;
  readonly patterns: readonly TablePattern[];
  readonly masks: ReadonlyMap<MaskName, Mask>;
}

const SYSTEM: ReadonlySet<string> = new Set(['mysql', 'sys', 'information_schema', 'performance_schema']);
const ALL_OPERATIONS: readonly Operation[] = ['insert', 'update', 'delete'];

/** Compiles routes. @throws RowcastError CONFIG_INVALID, CONDITION_INVALID */
export function createRouter(routes: readonly RouteOptions[], context: RouteContext): RouteTable {
  const router = new CompiledRoutes(routes.map((options, index) => compileRoute(options, index, context)), context.conditions ?? null);
  if (context.ignoresCase === true) router.ignoreCase();
  return router;
}

function compileRoute(options: RouteOptions, index: number, context: RouteContext): CompiledRoute {
  const patterns = options.tables.map(parsePattern);
  if (options.drop === true) return { options, index, topic: null, deadLetter: null, patterns, masks: new Map() };
  if (listed(options.columns?.include) && listed(options.columns?.exclude)) {
    throw new RowcastError('CONFIG_INVALID', `${routeLabel(options, index)}: columns has both include and exclude`, { hint: 'Keep one of the two.' });
  }
  if (Array.isArray(options.key) && options.key.length === 0) {
    throw new RowcastError('CONFIG_INVALID', `${routeLabel(options, index)}: key names no column`, { hint: 'Write key: none for messages without a key.' });
  }
  for (const kind of ['where', 'when'] as const) {
    const text = options[kind];
    const mistake = text ? languageOf(context.conditions, kind).mistake(text, kind) : null;
    if (mistake !== null) throw new RowcastError('CONDITION_INVALID', `${routeLabel(options, index)}: ${kind}: ${mistake}: ${String(text)}`);
  }
  const names = new Set(Object.values(options.columns?.mask ?? {}));
  return { options, index, topic: parseTopic(options.topic), deadLetter: deadLetterOf(options, index), patterns, masks: new Map(Array.from(names, (name) => [name, createMask(name, context)])) };
}

/** Whoever has conditions brings their language along. */
function languageOf(conditions: Conditions | null | undefined, kind: ConditionKind): Conditions {
  if (conditions) return conditions;
  throw new RowcastError('INTERNAL', `a route has a ${kind}, and nobody loaded the language of conditions`);
}

function deadLetterOf(options: RouteOptions, index: number): TopicTemplate | null {
  if (options.onError !== 'deadLetter' && options.onTooLarge !== 'deadLetter') return null;
  if (options.deadLetter) return parseTopic(options.deadLetter);
  throw new RowcastError('CONFIG_INVALID', `${routeLabel(options, index)}: deadLetter needs a topic`, { hint: 'Name it in deadLetter.topic.' });
}

function hidesColumns({ columns: { include, exclude, mask = {} } = {} }: RouteOptions): boolean {
  return listed(include) || listed(exclude) || Object.keys(mask).length > 0;
}

function listed(names: readonly string[] | null | undefined): boolean {
  return names !== null && names !== undefined;
}

/** The route for people: its place in the list, from 1, and its patterns. */
function routeLabel(options: RouteOptions, index: number): string {
  return `route ${index + 1} (${options.tables.join(', ')})`;
}

class CompiledRoutes implements RouteTable {
  readonly #routes: readonly CompiledRoute[];
  readonly #matcher: Matcher;
  readonly #conditions: Conditions | null;
  readonly #topics = new TopicNames();
  readonly #reached = new Map<string, boolean>();
  readonly #hidden: RegExp | null;
  ignoresCase = false;

  constructor(routes: readonly CompiledRoute[], conditions: Conditions | null) {
    this.#routes = routes;
    this.#conditions = conditions;
    this.#hidden = anyName(routes.filter(({ options }) => hidesColumns(options)).flatMap(({ patterns }) => patterns.map(({ table }) => table)));
    this.#matcher = new Matcher(routes.map((route) => route.options.tables));
  }

  match(database: string, table: string): RouteMatch {
    const route = this.#routes[this.#matcher.match(database, table)];
    if (route === undefined) return { kind: 'none' };
    return { kind: route.topic === null ? 'drop' : 'route', route: route.options, index: route.index };
  }

  captures(database: string, table: string): boolean {
    const route = this.#routes[this.#matcher.match(database, table)];
    return route !== undefined && route.topic !== null;
  }

  hides(database: string, table: string, column?: string): boolean {
    const options = this.#routes[this.#matcher.match(database, table)]?.options;
    // Whether a row belongs to the route is told by its columns.
    if (options?.where || options?.when) return true;
    const { include, exclude, mask = {} } = options?.columns ?? {};
    if (column === undefined) return options !== undefined && hidesColumns(options);
    return Object.hasOwn(mask, column) || exclude?.includes(column) === true || include?.includes(column) === false;
  }

  wants(database: string, table: string, operation: Operation): boolean {
    return this.#routes[this.#matcher.match(database, table)]?.options.operations?.includes(operation) ?? true;
  }

  hidesColumns(database: string, table: string): boolean {
    const route = this.#routes[this.#matcher.match(database, table)];
    return route !== undefined && hidesColumns(route.options);
  }

  namesHidden(sql: string): boolean {
    return this.#hidden?.test(sql) === true;
  }

  reaches(database: string): boolean {
    let answer = this.#reached.get(database);
    if (answer === undefined) {
      const patterns = this.#routes.filter((route) => route.topic !== null).flatMap((route) => route.patterns);
      answer = patterns.some((pattern) => ('exact' in pattern.database || !SYSTEM.has(database.toLowerCase())) && partMatches(pattern.database, database, this.ignoresCase));
      this.#reached.set(database, answer);
    }
    return answer;
  }

  names(database: string, table: string): boolean {
    const patterns = this.#routes[this.#matcher.match(database, table)]?.patterns ?? [];
    return patterns.some((pattern) => 'exact' in pattern.table && partMatches(pattern.table, table, this.ignoresCase) && partMatches(pattern.database, database, this.ignoresCase));
  }

  ignoreCase(): void {
    this.ignoresCase = true;
    this.#matcher.ignoreCase();
    this.#reached.clear();
  }

  plan(table: TableVersion): RoutePlan | TableLeftOut {
    const route = this.#routes[this.#matcher.match(table.database, table.name)];
    if (route === undefined) return 'no_route';
    if (route.topic === null) return 'dropped';
    const { options } = route;
    return {
      index: route.index,
      route: routeLabel(options, route.index),
      projection: createProjection(table, options, route.masks),
      where: options.where ? languageOf(this.#conditions, 'where').image(options.where, table) : null,
      when: options.when ? languageOf(this.#conditions, 'when').change(options.when, table) : null,
      topic: this.#topics.name(route.topic, table),
      operations: new Set(ALL_OPERATIONS.filter((each) => options.operations?.includes(each) ?? true)),
      tombstones: options.tombstones ?? true,
      onError: options.onError ?? 'fail',
      onTooLarge: options.onTooLarge ?? 'fail',
      deadLetter: route.deadLetter === null ? null : fillTopic(route.deadLetter, table),
    };
  }
}
