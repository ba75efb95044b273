import type { Config, RouteConfig } from '../config/compile.ts';
import { placeOf } from '../config/load.ts';
import type { Path } from '../config/places.ts';
import { validateConfig } from '../config/validate.ts';
import { RowcastError, asRowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { NO_POLICIES } from '../core/type-policies.ts';
import type { LiveTables } from '../mysql/schema/live-table.ts';
import { CONDITIONS } from '../route/condition/language.ts';
import { parsePattern } from '../route/pattern.ts';
import type { RouteTable } from '../route/router.ts';
import { createRouter } from '../route/router.ts';
import { parseTopic } from '../route/topic.ts';
import { systemClock } from './clock.ts';
import { Findings } from './findings.ts';
import { formatsOf } from './formats.ts';
import { complaint } from './problems.ts';
import { noticesOf } from './routing.ts';
import { changeTopics, configuredTopics } from './written-topics.ts';

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
    condition: (text, kind) => CONDITIONS.mistake(text, kind),
    topicTemplate: (text) => complaint(() => parseTopic(text)),
    pattern: (text) => complaint(() => parsePattern(text)),
  });
  return { problems, router: createRouter(config.routes.map(withoutMistakes), { maskingKey: config.masking.key, conditions: CONDITIONS }) };
}

/** Without what does not parse; a topic that does not becomes one that no other route can meet. */
function withoutMistakes(route: RouteConfig, index: number): RouteConfig {
  const sound = (text: string | null, kind: 'where' | 'when'): string | null => (text !== null && CONDITIONS.mistake(text, kind) === null ? text : null);
  return {
    ...route,
    tables: route.tables.filter((text) => complaint(() => parsePattern(text)) === null),
    topic: complaint(() => parseTopic(route.topic)) === null ? route.topic : `${UNKNOWN_TOPIC}${index}`,
    schemaChanges: route.schemaChanges !== null && complaint(() => parseTopic(route.schemaChanges ?? '')) === null ? route.schemaChanges : null,
    ...(complaint(() => parseTopic(route.deadLetter)) === null ? {} : { onError: 'fail', onTooLarge: 'fail' }),
    where: sound(route.where, 'where'),
    when: sound(route.when, 'when'),
  };
}

const UNKNOWN_TOPIC = 'rowcast-topic-of-route-';

const NOT_COMPARED: Problem = {
  code: 'ROUTE_COLUMN',
  severity: 'warning',
  message: 'the routes were not compared with the tables, because the server could not be asked',
  repair: 'Repair the source first, then check again.',
};

/** The routes against the tables that the server has now; without a server, only the topics that need none. */
export function checkRoutes(config: Config, { router }: CheckedSyntax, { live, flavor }: { readonly live: LiveTables | null; readonly flavor: 'mysql' | 'mariadb' }): CheckedRoutes {
  const formats = formatsOf(config, () => flavor, systemClock);
  const topics = new Set(configuredTopics(config));
  if (live === null) return { problems: [NOT_COMPARED], topics: [...topics] };
  const findings = new Findings(config);
  const aspects = new RouteAspects(config, router.ignoresCase);
  const notices = noticesOf({ ...config, routes: config.routes.map(withoutMistakes) });
  if (router.ignoresCase) notices.ignoreCase();
  const used = new Set<number>();
  for (const { database, name, table } of live.tables) {
    const index = indexOf(router, { database, name });
    used.add(index);
    const attempt = (check: () => void): void => {
      try {
        check();
      } catch (error) {
        findings.add(`${database}.${name}`, index, asRowcastError(error));
      }
    };
    if (table instanceof RowcastError) {
      findings.add(`${database}.${name}`, index, table);
      continue;
    }
    attempt(() => {
      const plan = aspects.topics.plan(table.version);
      if (typeof plan === 'string') return;
      if (!plan.topic.startsWith(UNKNOWN_TOPIC)) topics.add(plan.topic);
      if (plan.deadLetter !== null) topics.add(plan.deadLetter);
    });
    attempt(() => { for (const topic of changeTopics(notices, database, name)) topics.add(topic); });
    for (const aspect of aspects.of(index)) {
      attempt(() => {
        const plan = aspect.plan(table.version);
        if (typeof plan !== 'string') formats(index).encoder(plan.projection);
      });
    }
  }
  return { problems: [...findings.problems(), ...idleRoutes(config, used)], topics: [...topics] };
}

/** Parts of routes by themselves, so that what is wrong with one part does not hide what is wrong with another. */
class RouteAspects {
  /** All routes, of which only the topics count. */
  readonly topics: RouteTable;
  readonly #config: Config;
  readonly #ignoresCase: boolean;
  readonly #made = new Map<number, readonly RouteTable[]>();

  constructor(config: Config, ignoresCase: boolean) {
    this.#config = config;
    this.#ignoresCase = ignoresCase;
    this.topics = createRouter(config.routes.map((route, index) => bare(withoutMistakes(route, index))), { maskingKey: null, conditions: CONDITIONS, ignoresCase });
  }

  /** Of one route: its columns with their key, `where` and `when`. */
  of(index: number): readonly RouteTable[] {
    const known = this.#made.get(index);
    if (known !== undefined) return known;
    const route = this.#config.routes[index];
    const made = route === undefined ? [] : partsOf(withoutMistakes(route, index)).map((part) => createRouter([part], { maskingKey: this.#config.masking.key, conditions: CONDITIONS, ignoresCase: this.#ignoresCase }));
    this.#made.set(index, made);
    return made;
  }
}

/** The columns with everything but conditions, then each condition alone. */
function partsOf(whole: RouteConfig): RouteConfig[] {
  const route = { ...whole, topic: UNKNOWN_TOPIC };
  const { where, when } = route;
  const parts: RouteConfig[] = [{ ...route, where: null, when: null }];
  if (where !== null) parts.push({ ...bare(route), where });
  if (when !== null) parts.push({ ...bare(route), when });
  return parts;
}

function bare(route: RouteConfig): RouteConfig {
  return { ...route, key: 'none', columns: { include: null, exclude: null, rename: {}, mask: {} }, types: NO_POLICIES, where: null, when: null };
}

function indexOf(router: RouteTable, { database, name }: { readonly database: string; readonly name: string }): number {
  const match = router.match(database, name);
  return match.kind === 'none' ? -1 : match.index;
}

/** Routes that take no table of the server: most often a typing error or a missing grant. */
function idleRoutes(config: Config, used: ReadonlySet<number>): Problem[] {
  const warning = (path: Path, message: string): Problem => ({ code: 'CONFIG_INVALID', severity: 'warning', where: placeOf(config, path), message, repair: IDLE });
  if (used.size === 0 && config.routes.some(({ drop }) => !drop)) return [warning(['routes'], `the account ${config.source.user} sees no table that a route takes`)];
  return config.routes.flatMap(({ drop, tables }, index): Problem[] => {
    const unread = tables.some((text) => complaint(() => parsePattern(text)) !== null);
    if (drop || unread || used.has(index)) return [];
    return [warning(['routes', index, 'tables'], `route ${index + 1} (${tables.join(', ')}) takes no table that the account ${config.source.user} sees`)];
  });
}

const IDLE = 'Nothing, if its tables are still to come. Else look at the spelling (case counts), at earlier routes, which match first, and at the SELECT privilege of the account.';
