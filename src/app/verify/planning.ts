import { createHash } from 'node:crypto';
import type { Config } from '../../config/compile.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Format } from '../../core/ports.ts';
import { tableLabel } from '../../core/table.ts';
import { selectVersion } from '../../mysql/select/table-select.ts';
import type { FoundTable, LiveTable } from '../../mysql/schema/live-table.ts';
import { readLiveTables } from '../../mysql/schema/live-table.ts';
import { ignoresCase, readServerFacts } from '../../mysql/stream/server-facts.ts';
import { withSession } from '../../mysql/stream/sql-session.ts';
import { parsePattern, partMatches } from '../../route/pattern.ts';
import type { RouteTable } from '../../route/router.ts';
import { systemClock } from '../clock.ts';
import { formatsOf } from '../formats.ts';
import { sourceOptions } from '../source-options.ts';
import type { TablePlan } from './tables.ts';
import { refusalOf } from './tables.ts';

/** A table that is compared with its topic. */
export interface PlannedTable extends TablePlan {
  readonly live: LiveTable;
}

/** A table that is not, and why. */
export interface RefusedTable {
  readonly table: string;
  readonly topic: string | null;
  readonly reason: string;
}

/** The tables of one topic. */
export interface PlannedTopic {
  readonly topic: string;
  /** In the order of their names. */
  readonly tables: readonly PlannedTable[];
  /** The topic has messages of other tables, too, or of several of these. */
  readonly shared: boolean;
}

export interface VerifyPlan {
  readonly topics: readonly PlannedTopic[];
  readonly refused: readonly RefusedTable[];
  /** Of all that the result depends on. */
  readonly fingerprint: string;
}

/**
 * What is to be compared: the tables that routes tell and a pattern takes; without patterns, all of them.
 * @throws RowcastError CONFIG_INVALID for a pattern that takes none, SOURCE_*
 */
export async function planVerification(config: Config, router: RouteTable, patterns: readonly string[]): Promise<VerifyPlan> {
  const options = sourceOptions(config, router, false);
  const { found, flavor } = await withSession(options, async (session) => {
    const facts = await readServerFacts(session);
    if (ignoresCase(facts)) router.ignoreCase();
    const kind = facts.mariadb ? ('mariadb' as const) : ('mysql' as const);
    const live = await readLiveTables((sql, values) => session.query(sql, values), kind, (database, table) => router.captures(database, table));
    return { found: live.tables, flavor: kind };
  });
  const wanted = wantedTables(found, patterns, router.ignoresCase);
  const planner = new Planner(config, router, formatsOf(config, () => flavor, systemClock));
  for (const table of found) planner.add(table, wanted.has(table));
  return planner.done();
}

function wantedTables(found: readonly FoundTable[], patterns: readonly string[], ignoreCase: boolean): ReadonlySet<FoundTable> {
  if (patterns.length === 0) return new Set(found);
  const wanted = new Set<FoundTable>();
  for (const text of patterns) {
    const pattern = parsePattern(text);
    const taken = found.filter(({ database, name }) => partMatches(pattern.database, database, ignoreCase) && partMatches(pattern.table, name, ignoreCase));
    if (taken.length === 0) throw new RowcastError('CONFIG_INVALID', `no table that a route tells is named ${text}`, { hint: 'Check the spelling, case included, and that the account may SELECT from it.' });
    for (const table of taken) wanted.add(table);
  }
  return wanted;
}

class Planner {
  readonly #config: Config;
  readonly #router: RouteTable;
  readonly #formatOf: (route: number) => Format;
  readonly #topics = new Map<string, { tables: PlannedTable[]; all: number; formats: Set<string> }>();
  readonly #refused: RefusedTable[] = [];

  constructor(config: Config, router: RouteTable, formatOf: (route: number) => Format) {
    this.#config = config;
    this.#router = router;
    this.#formatOf = formatOf;
  }

  add({ database, name, table: live }: FoundTable, wanted: boolean): void {
    const table = tableLabel({ database, name });
    if (live instanceof RowcastError) {
      if (wanted) this.#refused.push({ table, topic: null, reason: live.message });
      return;
    }
    const version = selectVersion(live);
    const plan = this.#router.plan(version);
    if (typeof plan === 'string') return;
    const route = this.#config.routes[plan.index];
    if (route === undefined) throw new RowcastError('INTERNAL', `${plan.route} is not in the configuration`);
    const format = route.format ?? this.#config.format;
    const topic = this.#topics.get(plan.topic) ?? { tables: [], all: 0, formats: new Set() };
    this.#topics.set(plan.topic, topic);
    topic.all++;
    topic.formats.add(JSON.stringify(format));
    if (!wanted) return;
    const planned: PlannedTable = { live, version, plan, route, format, encoder: this.#formatOf(plan.index).encoder(plan.projection) };
    const reason = refusalOf(planned);
    if (reason === null) topic.tables.push(planned);
    else this.#refused.push({ table, topic: plan.topic, reason });
  }

  done(): VerifyPlan {
    const topics: PlannedTopic[] = [];
    for (const [topic, { tables, all, formats }] of this.#topics) {
      const reason = this.#sharedBadly(tables, all, formats);
      if (reason === null && tables.length > 0) topics.push({ topic, tables, shared: all > 1 });
      else if (reason !== null) this.#refused.push(...tables.map(({ version }) => ({ table: tableLabel(version), topic, reason })));
    }
    const said = topics.map(({ topic, tables }) => [topic, ...tables.map(({ version, route, format }) => [tableLabel(version), version.columns.map(({ name, sqlType }) => [name, sqlType]), version.primaryKey, route, format])]);
    return { topics, refused: this.#refused, fingerprint: createHash('sha256').update(JSON.stringify([this.#config.name, said])).digest('hex') };
  }

  #sharedBadly(tables: readonly PlannedTable[], all: number, formats: ReadonlySet<string>): string | null {
    if (formats.size > 1) return 'its topic has messages of several formats';
    const [first] = tables;
    if (all > 1 && first?.format.type === 'debezium' && first.format.flat !== null) return 'its topic has flat messages of several tables, which do not say of which';
    return null;
  }
}
