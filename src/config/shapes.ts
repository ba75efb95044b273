import { z } from 'zod';
import { nearest } from './nearest.ts';

/** A mapping that knows all its keys: any other is an error that names the nearest one. One line of message a key. */
export function mapping<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownKey(key, known)).join('\n') : undefined),
  });
}

/** A key that may be left out; null then. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.optional().transform((value): z.output<T> | null => value ?? null);
}

/** What is said of a key that no schema knows, after its path. */
function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  return guess === undefined ? `The keys here are: ${known.join(', ')}.` : `Did you mean ${guess}?`;
}
