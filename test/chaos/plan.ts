import { ROWS, type Fault } from './faults/fault.ts';
import { randomOf, seedOf, type Random } from './random.ts';

/** One fault of a run. */
export interface Step {
  readonly name: string;
  readonly seed: number;
}

/** Faults of each row that a run of at least five times as many has. */
export const LEAST_PER_ROW = 10;

/**
 * Which faults a run does, in which order, all by its seed: each of them once where there is room, at least ten of each row,
 * and the rest by their weight, the rows alike.
 */
export function planOf(faults: readonly Fault[], count: number, seed: number): readonly Step[] {
  const random = randomOf(seed);
  const rows = ROWS.map((row) => faults.filter((fault) => fault.row === row)).filter((list) => list.length > 0);
  const chosen: Fault[] = count >= faults.length ? [...faults] : [];
  for (let turn = 0; chosen.length < count; turn++) chosen.push(weighted(rows[turn % rows.length] ?? [], random));
  return shuffled(chosen, random).map(({ name }, index) => ({ name, seed: seedOf(seed, index) }));
}

function weighted(faults: readonly Fault[], random: Random): Fault {
  const total = faults.reduce((sum, { weight = DEFAULT_WEIGHT }) => sum + weight, 0);
  let left = random.below(total);
  for (const fault of faults) {
    left -= fault.weight ?? DEFAULT_WEIGHT;
    if (left < 0) return fault;
  }
  throw new Error('a choice among no faults');
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const rest = [...list];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(random.below(rest.length), 1));
  return order;
}

const DEFAULT_WEIGHT = 4;
