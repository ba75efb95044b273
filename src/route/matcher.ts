import type { TablePattern } from './pattern.ts';
import { parsePattern, partMatches } from './pattern.ts';

/** The first route that takes a table, by the table's name alone. Names are told apart by case until that is to be ignored. */
export class Matcher {
  #exact = new Map<string, number>();
  #ignoresCase = false;
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
      answer = this.#search(this.#ignoresCase ? key.toLowerCase() : key, database, table);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** From now on. */
  ignoreCase(): void {
    if (this.#ignoresCase) return;
    this.#ignoresCase = true;
    this.#answers.clear();
    const exact = this.#exact;
    this.#exact = new Map();
    for (const [key, route] of exact) this.#exact.set(key.toLowerCase(), Math.min(route, this.#exact.get(key.toLowerCase()) ?? Infinity));
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
      if (partMatches(pattern.database, database, this.#ignoresCase) && partMatches(pattern.table, table, this.#ignoresCase)) return route;
    }
    return exact;
  }
}

/** No name of MySQL holds U+0000, so two tables never share a key. */
export function nameKey(database: string, table: string): string {
  return `${database}\0${table}`;
}
