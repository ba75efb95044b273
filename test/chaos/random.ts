/** Chances that a seed repeats. */
export interface Random {
  /** A whole number from 0 to `below` − 1. */
  below(below: number): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T;
}

/** Chances from a 32-bit seed (the generator mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    of: <T>(list: readonly T[]): T => {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new Error('a choice from an empty list');
      return chosen;
    },
  };
}

/** The seed of part `index` of a run, so that one part can be repeated without those before it. */
export function seedOf(seed: number, index: number): number {
  return randomOf(seed ^ Math.imul(index + 1, 0x9e3779b1)).below(2 ** 31);
}
