import type { Representation } from '../../../src/core/table.ts';

/** A source of random numbers: 0 to `below` − 1. */
export type Pick = (below: number) => number;

/** A small seeded generator (mulberry32). */
export function seeded(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** How a value of the binlog and the server's own answer are compared: by text, or as what both texts stand for. */
export type Same = (ours: string, server: string) => boolean;

/** One way to look at a value: what our writer makes of it, and the SQL by which the server shows the same. */
export interface Look {
  readonly as: Representation;
  /** SQL expression of the server's text; bytes as HEX. */
  readonly shown: (name: string) => string;
  /** Our text as hexadecimal: for bytes. */
  readonly hex?: boolean;
  readonly same?: Same;
  /** Whether our writer may refuse a value that the server shows; `same` is asked of `REFUSED` then. @default false */
  readonly refusable?: boolean;
}

/** What stands for a value that our writer refuses as unreadable. */
export const REFUSED = '<refused>';

/** A column with random values. */
export interface RandomColumn {
  readonly name: string;
  readonly type: string;
  /** SQL of a value; null for a generated column. */
  readonly value: ((pick: Pick) => string) | null;
  /** SQL of values that every run has: limits, zeros, what is next to them. */
  readonly edges: readonly string[];
  readonly looks: readonly Look[];
  /** Servers that have it; null: all. */
  readonly only: readonly string[] | null;
}

/** As SELECT shows it. CAST of MySQL 9.7 shows some doubles with an exponent, since its text may have no more than 22 characters. */
export const asIs = (name: string): string => name;
export const asText = (name: string): string => `cast(${name} as char)`;
export const asHex = (name: string): string => `hex(${name})`;
export const asUtf8 = (name: string): string => `convert(${name} using utf8mb4)`;
export const identical: Same = (ours, server) => ours === server;
/** Ours is the JSON string of the server's text. */
export const asString: Same = (ours, server) => JSON.parse(ours) === server;

const TEXT: readonly Look[] = [{ as: 'text', shown: asText }];

/** A column of a type with the looks that differ from the server's text of it. */
export function column(type: string, value: RandomColumn['value'], rest: Partial<RandomColumn> = {}): RandomColumn {
  return { name: `c_${type.replace(/\W+/g, '_').replace(/_$/, '')}`, type, value, edges: [], looks: TEXT, only: null, ...rest };
}

export function digits(pick: Pick, count: number): string {
  return Array.from({ length: count }, () => pick(10)).join('');
}

/** Up to 64 random bits, often few of them, so that small numbers and powers of two come up. */
export function bits(pick: Pick, width: number): bigint {
  const all = (BigInt(pick(2 ** 32)) << 32n) | BigInt(pick(2 ** 32));
  return BigInt.asUintN(width, all >> BigInt(pick(64)));
}

export function oneOf<T>(pick: Pick, from: readonly T[]): T {
  return from[pick(from.length)] as T;
}

/** SQL of the values, each as a quoted text. */
export function quoted(values: readonly string[]): string[] {
  return values.map((value) => `'${value}'`);
}
