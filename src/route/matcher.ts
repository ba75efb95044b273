import type { TablePattern } from './pattern.ts';
import { parsePattern, partMatches } from './pattern.ts';

/** The first route that takes a table, by the table's name alone. Names are told apart by case. */
export class Matcher {
  readonly #exact = new Map<string, number>();
  readonly #globs: { readonly route: number; readonly pattern: TablePattern }[] = [];
  readonly #answers = new Map<string, number>();

  /** `tables`: the patterns of each route, in the order of the routes. @throws RowcastError CONFIG_INVALID */
  constructor(tables: readonly (readonly string[])[]) {
    for (const [route, patterns] of tables.entries()) for (const text of patterns) this.#add(route, parsePattern(text));
  }

  /** Index of the route, or −1. */
  match(database: string, table: string): number {
    const key = nameKey(database, table);
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#search(key, database, table);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  #add(route: number, pattern: TablePattern): void {
    const { database, table } = pattern;
    if ('exact' in database && 'exact' in table) {
      const key = nameKey(database.exact, table.exact);
      if (!this.#exact.has(key)) this.#exact.set(key, route);
    } else {
      this.#globs.push({ route, pattern });
    }
  }

  #search(key: string, database: string, table: string): number {
    const exact = this.#exact.get(key) ?? -1;
    for (const { route, pattern } of this.#globs) {
      if (exact >= 0 && route >= exact) break;
      if (partMatches(pattern.database, database) && partMatches(pattern.table, table)) return route;
    }
    return exact;
  }
}

/** No name of MySQL holds U+0000, so two tables never share a key. */
export function nameKey(database: string, table: string): string {
  return `${database}\0${table}`;
}
