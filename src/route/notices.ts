import type { NoticeRouter, NoticeTarget } from '../core/plan.ts';
import type { TableName } from '../core/notice.ts';
import { Matcher } from './matcher.ts';
import type { RouteOptions } from './options.ts';
import { parsePattern, partMatches } from './pattern.ts';
import type { TopicTemplate } from './topic.ts';
import { fillTopic, namesTable, parseTopic } from './topic.ts';

interface Listener {
  readonly route: number;
  readonly options: RouteOptions;
  /** Of schema changes. */
  readonly changes: TopicTemplate | null;
}

/** A notice router whose patterns may have to match as the server's names do. */
export interface NoticeRoutes extends NoticeRouter {
  /** As `RouteScope.ignoreCase`. */
  ignoreCase(): void;
}

/** Compiles where routes want schema changes and truncates told. @throws RowcastError CONFIG_INVALID */
export function createNoticeRouter(routes: readonly RouteOptions[]): NoticeRoutes {
  return new Listeners(routes.map((options, route) => ({ route, options, changes: options.drop === true || !options.schemaChanges ? null : parseTopic(options.schemaChanges) })));
}

class Listeners implements NoticeRoutes {
  readonly #listeners: readonly Listener[];
  readonly #matcher: Matcher;
  #ignoresCase = false;

  constructor(listeners: readonly Listener[]) {
    this.#listeners = listeners;
    this.#matcher = new Matcher(listeners.map(({ options }) => options.tables));
  }

  /** Of a database as a whole: all routes that may take a table of it, but for topics that only a table could name. */
  schemaChanges(database: string, table: string | null): readonly NoticeTarget[] {
    if (table === null) return this.#listeners.filter(({ options, changes }) => changes !== null && !namesTable(changes) && this.#reaches(options, database)).flatMap((each) => target(each, { database, name: '' }));
    const taker = this.#listeners[this.#matcher.match(database, table)];
    return taker === undefined ? [] : target(taker, { database, name: table });
  }

  ignoreCase(): void {
    this.#ignoresCase = true;
    this.#matcher.ignoreCase();
  }

  truncate({ database, name }: TableName): NoticeTarget | null {
    const taker = this.#listeners[this.#matcher.match(database, name)];
    if (taker === undefined || taker.options.drop === true || taker.options.operations?.includes('truncate') !== true) return null;
    return { route: taker.route, topic: fillTopic(parseTopic(taker.options.topic), { database, name }) };
  }

  #reaches({ tables }: RouteOptions, database: string): boolean {
    return tables.some((pattern) => partMatches(parsePattern(pattern).database, database, this.#ignoresCase));
  }
}

function target({ route, changes }: Listener, table: TableName): NoticeTarget[] {
  return changes === null ? [] : [{ route, topic: fillTopic(changes, table) }];
}
