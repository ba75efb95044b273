import { z } from 'zod';
import { nearest } from './nearest.ts';
import { listed, readFlag, REFERENCE } from './scalars.ts';

/** A mapping that knows all its keys: any other is an error that names the nearest one. One line of message a key. */
export function mapping<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key, index) => (index < GUESSED ? unknownKey(key, known) : '')).join('\n') : undefined),
  });
}

/** Of so many unknown keys of a mapping it is guessed what they were meant to be. */
const GUESSED = 100;

/** A key that may be left out; null then. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.optional().transform((value): z.output<T> | null => value ?? null);
}

/** A mapping that tells its kind by the word at `type`. */
type Kind = z.ZodObject<{ readonly type: z.ZodLiteral<string> }>;

/** One of several kinds of mappings; the bare word is the mapping of that kind with nothing else in it. */
export function choice<const K extends readonly [Kind, ...Kind[]]>(kinds: K) {
  const words = kinds.map((kind) => kind.shape.type.value);
  const shapes = z.discriminatedUnion('type', kinds);
  const params = { expects: listed(words), example: words[0], choices: words };
  const json = z.toJSONSchema(shapes, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });
  delete json.$schema;
  return z
    .unknown()
    .transform((value, context): unknown => {
      if (typeof value !== 'string') return value;
      if (words.includes(value)) return { type: value };
      context.issues.push({ code: 'custom', input: value, message: `must be ${listed(words)}`, params });
      return z.NEVER;
    })
    .pipe(shapes)
    .meta({ expects: `${listed(words)}, or a mapping with that \`type\``, anyOf: [{ enum: words }, json, REFERENCE] });
}

/** A mapping that `true` gives with its defaults; null for `false` and where there is none. */
export function switchable<T extends z.ZodObject>(shape: T) {
  const shapes = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });
  delete shapes.$schema;
  return z
    .unknown()
    .transform((value): unknown => {
      const word = readFlag(value);
      return value === undefined || word === false ? null : word === true ? {} : value;
    })
    .pipe(z.union([z.null(), shape]))
    .meta({ expects: 'true, false or a mapping', anyOf: [{ type: 'boolean' }, shapes, REFERENCE] });
}

/** What is said of a key that no schema knows, after its path. */
function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  return guess === undefined ? `The keys here are: ${known.join(', ')}.` : `Did you mean ${guess}?`;
}
