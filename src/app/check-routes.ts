import type { Config, RouteConfig } from '../config/compile.ts';
import { placeOf } from '../config/load.ts';
import { validateConfig } from '../config/validate.ts';
import { RowcastError, asRowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import type { LiveTables } from '../mysql/schema/live-table.ts';
import { checkCondition } from '../route/condition/check.ts';
import { parsePattern } from '../route/pattern.ts';
import type { RouteTable } from '../route/router.ts';
import { createRouter } from '../route/router.ts';
import { parseTopic } from '../route/topic.ts';
import { systemClock } from './clock.ts';
import { Findings } from './findings.ts';
import { formatsOf } from './formats.ts';
import { complaint } from './problems.ts';

/** The routes as far as the file alone tells. */
export interface CheckedSyntax {
  readonly problems: readonly Problem[];
  /** Of all routes, without what is wrong in them, so that the rest can be checked, too. */
  readonly router: RouteTable;
}

export interface CheckedRoutes {
  readonly problems: readonly Problem[];
  /** Topics that would be written to, as far as they are known, each once. */
  readonly topics: readonly string[];
}

/** The conditions, topics and patterns of the file. */
export function checkSyntax(config: Config): CheckedSyntax {
  const problems = validateConfig(config, {
    condition: checkCondition,
    topicTemplate: (text) => complaint(() => parseTopic(text)),
    pattern: (text) => complaint(() => parsePattern(text)),
  });
  return { problems, router: createRouter(config.routes.map(withoutMistakes), { maskingKey: config.masking.key }) };
}

/** Without what does not parse; a topic that does not becomes one that no other route can meet. */
function withoutMistakes(route: RouteConfig, index: number): RouteConfig {
  const sound = (text: string | null, kind: 'where' | 'when'): string | null => (text !== null && checkCondition(text, kind) === null ? text : null);
  return {
    ...route,
    tables: route.tables.filter((text) => complaint(() => parsePattern(text)) === null),
    topic: complaint(() => parseTopic(route.topic)) === null ? route.topic : `${UNKNOWN_TOPIC}${index}`,
    where: sound(route.where, 'where'),
    when: sound(route.when, 'when'),
  };
}

const UNKNOWN_TOPIC = 'rowcast-topic-of-route-';

/** The routes against the tables that the server has now; without a server, only the topics that need none. */
export function checkRoutes(config: Config, { router }: CheckedSyntax, { live, flavor }: { readonly live: LiveTables | null; readonly flavor: 'mysql' | 'mariadb' }): CheckedRoutes {
  const topics = new Set(config.routes.flatMap(fixedTopic));
  if (live === null) return { problems: [], topics: [...topics] };
  const findings = new Findings(config);
  const formats = formatsOf(config, () => flavor, systemClock);
  const used = new Set<number>();
  for (const { database, name, table } of live.tables) {
    const route = indexOf(router, { database, name });
    used.add(route);
    try {
      if (table instanceof RowcastError) throw table;
      const plan = router.plan(table.version);
      if (typeof plan === 'string') continue;
      if (!plan.topic.startsWith(UNKNOWN_TOPIC)) topics.add(plan.topic);
      formats(plan.format).encoder(plan.projection);
    } catch (error) {
      findings.add(`${database}.${name}`, route, asRowcastError(error));
    }
  }
  return { problems: [...findings.problems(), ...idleRoutes(config, used)], topics: [...topics] };
}

function indexOf(router: RouteTable, { database, name }: { readonly database: string; readonly name: string }): number {
  const match = router.match(database, name);
  return match.kind === 'none' ? -1 : match.index;
}

/** Routes that take no table of the server: most often a typing error or a missing grant. */
function idleRoutes(config: Config, used: ReadonlySet<number>): Problem[] {
  return config.routes.flatMap(({ drop, tables }, index): Problem[] => {
    if (drop || used.has(index)) return [];
    return [{
      code: 'CONFIG_INVALID',
      severity: 'warning',
      where: placeOf(config, ['routes', index, 'tables']),
      message: `route ${index + 1} (${tables.join(', ')}) takes no table that the account sees on the server`,
      repair: 'Nothing, if its tables are still to come. Else look at the spelling (case counts), at earlier routes, which match first, and at the SELECT privileges of the account.',
    }];
  });
}

/** The topic of a route that has the same one for all tables. */
function fixedTopic({ drop, topic }: RouteConfig): string[] {
  return drop || topic.includes('$') || complaint(() => parseTopic(topic)) !== null ? [] : [topic];
}
