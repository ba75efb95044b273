import type { Config } from '../config/compile.ts';
import { placeOf } from '../config/load.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';

interface Finding {
  readonly error: RowcastError;
  /** Index of the route, or −1. */
  readonly route: number;
  /** `database.table`; the first is the one that the error names. */
  readonly tables: string[];
}

/** More names than this are not listed. */
const LISTED = 5;

/** Collects what is wrong with tables; what a route does wrong to many of them is told once. */
export class Findings {
  readonly #config: Config;
  readonly #found = new Map<string, Finding>();

  constructor(config: Config) {
    this.#config = config;
  }

  /** `table`: `database.table`; `route`: the index of the route that takes it, or −1. */
  add(table: string, route: number, error: RowcastError): void {
    const key = [route, error.code, error.message.replaceAll(table, '')].join('\0');
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { error, route, tables: [table] });
    else known.tables.push(table);
  }

  problems(): Problem[] {
    return [...this.#found.values()].map(({ error, route, tables }) => ({
      code: error.code,
      message: (error.message.includes(tables[0] ?? '') ? error.message : `table ${tables[0] ?? ''}: ${error.message}`) + others(tables.slice(1)),
      repair: error.hint,
      severity: 'error',
      where: placeOf(this.#config, ['routes', route, ...partOf(error)]),
    }));
  }
}

function others(tables: readonly string[]): string {
  if (tables.length === 0) return '';
  const more = tables.length > LISTED ? ` and ${tables.length - LISTED} more` : '';
  return `; likewise ${tables.slice(0, LISTED).join(', ')}${more}`;
}

/** The key of a route that an error is about, as far as it tells. */
function partOf({ code, message }: RowcastError): string[] {
  if (code === 'ROUTE_CONFLICT') return ['topic'];
  if (code === 'CONDITION_INVALID') return [message.includes(': when: ') ? 'when' : 'where'];
  if (code !== 'ROUTE_COLUMN') return [];
  const option = /: (?:the )?(key|columns(?:\.\w+)?)\b/u.exec(message)?.[1];
  return option === undefined ? ['columns'] : option.split('.');
}
