import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Path, Places } from './places.ts';
import { pathText } from './places.ts';
import { listed } from './scalars.ts';
import type { Finding } from './problems.ts';

type Issue = z.core.$ZodIssue;

/** What the schema found, in words, each with its place. A missing key that is only misspelt is told once. */
export function issueFindings(issues: readonly Issue[], places: Places): Finding[] {
  const flat = issues.flatMap((issue) => flattened(issue, []));
  const guesses = new Set(flat.filter(isUnknownKeys).flatMap((issue) => guessedPaths(issue)));
  return flat.filter((issue) => !(issue.input === undefined && guesses.has(pathText(issue.path)))).flatMap((issue) => findings(issue, places));
}

/** A choice of shapes that failed, as the failures of the shape that was nearest to being meant. */
function flattened(issue: Issue, base: Path): Issue[] {
  const located: Issue = { ...issue, path: [...base, ...issue.path] };
  if (issue.code !== 'invalid_union') return [located];
  const mappings = issue.errors.filter((branch) => branch.length > 0 && branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'));
  const likely = mappings.toSorted((one, other) => one.length - other.length)[0];
  return likely === undefined ? [located] : likely.flatMap((inner) => flattened(inner, located.path));
}

function isUnknownKeys(issue: Issue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys';
}

function guessedPaths(issue: z.core.$ZodIssueUnrecognizedKeys): string[] {
  return [...issue.message.matchAll(/Did you mean (\w+)\?/g)].map((match) => pathText([...issue.path, match[1] ?? '']));
}

function findings(issue: Issue, places: Places): Finding[] {
  if (isUnknownKeys(issue)) {
    const repairs = issue.message.split('\n');
    return issue.keys.map((key, index) => {
      const path = [...issue.path, key];
      return { place: places.key(path) ?? places.nearest(path), message: `${pathText([...issue.path, shownKey(key)])} is not a known key`, repair: repairs[index] ?? '' };
    });
  }
  return [{ place: places.nearest(issue.path), message: `${pathText(issue.path)} ${complaint(issue, places)}${written(issue, places)}`, repair: repair(issue, places) }];
}

function complaint(issue: Issue, places: Places): string {
  if (isMissing(issue, places)) return 'is missing';
  if (issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record')) return 'must be a mapping (keys with values)';
  const choices = choicesOf(issue);
  return choices.length > 0 ? `must be ${listed(choices)}` : issue.message;
}

/** A colon or blank is easily left out: what follows one of these words is never shown, wherever it stands (Invariant 10). */
const BEFORE_SECRET = /(?:password|token|secret|key)['"]?\s*[:=]/i;

function shownKey(key: string): string {
  return key.replace(/((?:password|token|secret|key)['"]?[\s:=]).*$/is, '$1…');
}

/** `, not "abc"`: how the value is written, which for `${ENV}` is the reference and never what it stands for. */
function written(issue: Issue, places: Places): string {
  const text = places.value(issue.path)?.written ?? null;
  if (text === null || issue.input === undefined || parameters(issue)['secret'] === true) return '';
  if (text.includes('\n') || BEFORE_SECRET.test(text)) return '';
  return `, not ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`;
}

function repair(issue: Issue, places: Places): string {
  const { example, choices } = parameters(issue);
  const words = Array.isArray(choices) ? choices.map(String) : choicesOf(issue);
  const guess = nearest(places.value(issue.path)?.written ?? '', words);
  if (guess !== undefined) return `Did you mean ${guess}?`;
  const key = issue.path.findLast((step) => typeof step === 'string') ?? '';
  const value = typeof example === 'string' ? example : (words[0] ?? EXAMPLES.get(key));
  if (value === undefined) return 'See docs/configuration.md for what may stand here.';
  return `${isMissing(issue, places) ? 'Add it, for example' : 'For example'} ${key}: ${value}`;
}

/** Of a mapping without the key that tells its shape, the whole mapping is the input. */
function isMissing(issue: Issue, places: Places): boolean {
  return issue.input === undefined || (choicesOf(issue).length > 0 && places.value(issue.path) === undefined);
}

/** The words that may stand there, where the schema is a choice of them. */
function choicesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

function parameters(issue: Issue): Readonly<Record<string, unknown>> {
  return issue.code === 'custom' ? (issue.params ?? {}) : {};
}

/** Values of keys that are no scalars, as they would be written. */
const EXAMPLES = new Map([
  ['source', '{ host: 127.0.0.1, user: rowcast, password: "${MYSQL_PASSWORD}" }'],
  ['sink', '{ type: kafka, brokers: ["127.0.0.1:9092"] }'],
  ['routes', '[{ tables: ["shop.*"] }]'],
  ['format', 'debezium'],
  ['http', '{ host: 127.0.0.1, port: 9464 }'],
  ['key', '[id]'],
  ['operations', '[insert, update, delete]'],
  ['start', 'latest'],
  ['rename', '{ old: new }'],
  ['mask', '{ email: sha256 }'],
  ['topics', '{ create: true }'],
  ['tls', '{}'],
  ['columns', '{ exclude: [note] }'],
  ['log', '{ level: info }'],
  ['limits', '{ memory: 16MiB }'],
  ['checkpoint', '{ type: file, path: ./data/shop.checkpoint }'],
]);

const SHOWN = 60;
