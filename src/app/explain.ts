import type { Config } from '../config/compile.ts';
import { RowcastError } from '../core/errors.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { Format } from '../core/ports.ts';
import { tableLabel } from '../core/table.ts';
import type { LiveTable } from '../mysql/schema/live-table.ts';
import { readLiveTable } from '../mysql/schema/live-table.ts';
import { ignoresCase, readServerFacts } from '../mysql/stream/server-facts.ts';
import { serverLabel, withSession } from '../mysql/stream/sql-session.ts';
import type { RouteOptions } from '../route/options.ts';
import { parseName } from '../route/pattern.ts';
import type { RouteMatch, RouteTable } from '../route/router.ts';
import { systemClock } from './clock.ts';
import type { ExampleMessage } from './example.ts';
import { exampleInsert } from './example.ts';
import { formatsOf } from './formats.ts';
import { routerOf } from './routing.ts';
import { sourceOptions } from './source-options.ts';

/** What becomes of one table. */
export interface TableFate {
  readonly table: string;
  readonly leftOut: 'no_route' | 'dropped' | null;
  readonly route: string | null;
  readonly plan: PlanFacts | null;
}

/** What a route makes of a table, with an insert of made-up values. */
export interface PlanFacts {
  readonly topic: string;
  readonly format: string;
  readonly key: readonly string[];
  readonly columns: readonly { readonly column: string; readonly name: string; readonly sqlType: string; readonly mask: string | null }[];
  readonly hidden: readonly string[];
  readonly where: string | null;
  readonly when: string | null;
  readonly operations: readonly string[];
  readonly tombstones: boolean;
  readonly example: ExampleMessage;
}

interface TableName {
  readonly database: string;
  readonly name: string;
}

/**
 * What becomes of `table` (`database.table`, parts in backquotes where they hold a dot). The server is only asked about a
 * table that a route tells.
 * @throws RowcastError CONFIG_INVALID for no such name or table, ROUTE_*, CONDITION_INVALID, SOURCE_*
 */
export async function explainTable(config: Config, table: string): Promise<TableFate> {
  const name = parseName(table);
  const router = await routerOf(config);
  if (router.match(name.database, name.name).kind === 'none') await matchAsServer(config, router, name);
  const match = router.match(name.database, name.name);
  if (match.kind === 'none') return { table: tableLabel(name), leftOut: 'no_route', route: null, plan: null };
  if (match.kind === 'drop') return { table: tableLabel(name), leftOut: 'dropped', route: routeLabel(match), plan: null };
  const { live, flavor } = await lookUp(config, router, name);
  const plan = router.plan(live.version);
  if (typeof plan === 'string') throw new RowcastError('INTERNAL', `the route of ${tableLabel(name)} tells it and leaves it out (${plan})`);
  const format = formatsOf(config, () => flavor, systemClock)(plan.index);
  const tombstones = sendsTombstones(plan, format);
  return { table: tableLabel(name), leftOut: null, route: plan.route, plan: planFacts({ plan, live, tombstones, route: match.route, format: (config.routes[plan.index]?.format ?? config.format).type }, exampleInsert(live, plan, format)) };
}

/** Whether a delete has a tombstone, after its message or in its place: some formats decide it themselves, and it needs a key. */
export function sendsTombstones({ projection, tombstones }: RoutePlan, format: Format): boolean {
  const { deletes, keyed, keyless } = format.encoder(projection);
  if (deletes !== undefined) return deletes === 'both' || deletes === 'tombstone';
  return tombstones && ((projection.key.length > 0 && keyed !== false) || keyless !== undefined);
}

function planFacts({ plan, live, tombstones, route, format }: { plan: RoutePlan; live: LiveTable; tombstones: boolean; route: RouteOptions; format: string }, example: ExampleMessage): PlanFacts {
  const { projection } = plan;
  const shown = new Set(projection.columns.map(({ column }) => column.index));
  const masks = route.columns?.mask ?? {};
  return {
    topic: plan.topic,
    format,
    key: projection.key.map(({ name }) => name),
    columns: projection.columns.map(({ column, name }) => ({ column: column.name, name, sqlType: column.sqlType, mask: masks[column.name] ?? null })),
    hidden: live.version.columns.filter(({ index }) => !shown.has(index)).map(({ name }) => name),
    where: route.where ?? null,
    when: route.when ?? null,
    operations: [...plan.operations],
    tombstones,
    example,
  };
}

/** A route that is written in another case takes the table on some servers, which are asked. */
async function matchAsServer(config: Config, router: RouteTable, { database, name }: TableName): Promise<void> {
  const loose = await routerOf(config);
  loose.ignoreCase();
  if (loose.match(database, name).kind === 'none') return;
  if (ignoresCase(await withSession(sourceOptions(config, router, false), readServerFacts))) router.ignoreCase();
}

async function lookUp(config: Config, router: RouteTable, name: TableName): Promise<{ live: LiveTable; flavor: 'mysql' | 'mariadb' }> {
  const options = sourceOptions(config, router, false);
  return withSession(options, async (session) => {
    const facts = await readServerFacts(session);
    if (ignoresCase(facts)) router.ignoreCase();
    const flavor = facts.mariadb ? 'mariadb' : 'mysql';
    const live = await readLiveTable((sql, values) => session.query(sql, values), flavor, name);
    if (live !== null) return { live, flavor };
    throw new RowcastError('CONFIG_INVALID', `${serverLabel(options)} shows no table ${tableLabel(name)} to ${options.user}`, {
      hint: 'Check the spelling, case included; if the table is there, GRANT SELECT on it to the account.',
      facts: { table: tableLabel(name) },
    });
  });
}

function routeLabel({ route, index }: Extract<RouteMatch, { readonly kind: 'route' | 'drop' }>): string {
  return `route ${index + 1} (${route.tables.join(', ')})`;
}
