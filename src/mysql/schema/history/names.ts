import type { TableName } from '../../../core/notice.ts';
import type { Json } from '../../../core/position.ts';
import { readList, readText } from './fields.ts';
import type { HistoryPlace } from './place.ts';
import { readPlace, writePlace } from './place.ts';

/** A name that a table had, up to the end of the statement that gave it another. */
export interface FormerName extends TableName {
  readonly until: HistoryPlace;
}

/** The names that a table had since it was first known, oldest first. */
export interface NameChain extends TableName {
  readonly formerly: readonly FormerName[];
}

/** One step of a statement: a table takes another name, a name becomes that of a new table (`from` null), or a table goes out of sight (`to` null). */
export interface Naming {
  readonly from: TableName | null;
  readonly to: TableName | null;
}

/** Names kept of a table: those that swap their names for ever would fill memory. The oldest go first. */
const KEPT = 100;

/** The names that tables had before the ones they have. A table that never had another is not in it. */
export class FormerNames {
  readonly #chains: Map<string, NameChain>;
  #changed = new Map<string, TableName>();

  constructor(chains: readonly NameChain[]) {
    this.#chains = new Map(chains.map((chain) => [keyOf(chain), chain]));
  }

  all(): readonly NameChain[] {
    return [...this.#chains.values()];
  }

  of(table: TableName): readonly FormerName[] {
    return this.#chains.get(keyOf(table))?.formerly ?? [];
  }

  /** The steps of one statement that ends at `until`, in their order. A name that only lasted inside of it is none that the table had. */
  rename(steps: readonly Naming[], until: HistoryPlace): void {
    const passing = new Set<string>();
    for (const { from, to } of steps) {
      const before = from === null ? [] : this.of(from);
      const formerly = from === null || passing.delete(keyOf(from)) ? before : [...before, { database: from.database, name: from.name, until }].slice(-KEPT);
      if (from !== null) this.#put(from, []);
      if (to === null) continue;
      this.#put(to, formerly);
      passing.add(keyOf(to));
    }
  }

  /** The table is gone. */
  remove(table: TableName): void {
    this.#put(table, []);
  }

  /** As an entry tells it. */
  apply(chains: readonly NameChain[]): void {
    for (const chain of chains) this.#put(chain, chain.formerly);
    this.take();
  }

  /** The chains of tables that have others since the last time; empty ones of those that have none any more. */
  take(): readonly NameChain[] {
    const changed = Array.from(this.#changed.values(), (table) => ({ database: table.database, name: table.name, formerly: this.of(table) }));
    this.#changed = new Map();
    return changed;
  }

  #put({ database, name }: TableName, formerly: readonly FormerName[]): void {
    const key = keyOf({ database, name });
    if (formerly.length === 0 && !this.#chains.delete(key)) return;
    if (formerly.length > 0) this.#chains.set(key, { database, name, formerly });
    this.#changed.set(key, { database, name });
  }
}

export function writeChains(chains: readonly NameChain[]): Json {
  return chains.map(({ database, name, formerly }) => [database, name, ...formerly.map((former) => [former.database, former.name, writePlace(former.until)])]);
}

/** @throws RowcastError HISTORY_DAMAGED */
export function readChains(json: Json | undefined): NameChain[] {
  return readList(json).map((one) => {
    const [database, name, ...formerly] = readList(one);
    return { database: readText(database), name: readText(name), formerly: formerly.map(readFormer) };
  });
}

function readFormer(json: Json): FormerName {
  const [database, name, until] = readList(json);
  return { database: readText(database), name: readText(name), until: readPlace(until) };
}

/** No name holds U+0000. */
function keyOf({ database, name }: TableName): string {
  return `${database}\0${name}`;
}
