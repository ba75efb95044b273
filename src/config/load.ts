import { readFileSync } from 'node:fs';
import { ERRORS, RowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { disagreements } from './agreement.ts';
import type { Config } from './compile.ts';
import { compile } from './compile.ts';
import type { Surroundings } from './document.ts';
import { readDocument } from './document.ts';
import type { Environment } from './interpolate.ts';
import { issueFindings } from './issues.ts';
import type { Path, Places } from './places.ts';
import { pathText } from './places.ts';
import type { Finding } from './problems.ts';
import { toProblems } from './problems.ts';
import { configSchema } from './schema.ts';

export interface ParseOptions extends Surroundings {
  /** Name of the file, for messages. */
  readonly path: string;
}

/** Either a configuration or at least one problem. */
export type Parsed = { readonly config: Config; readonly problems: readonly [] } | { readonly config: null; readonly problems: readonly Problem[] };

const origins = new WeakMap<Config, { readonly places: Places; readonly file: string }>();

/** Reads a configuration and tells all its problems, in the order of the lines. Throws nothing. */
export function parseConfig(text: string, options: ParseOptions): Parsed {
  const document = readDocument(text, options);
  if (document.data === undefined) return { config: null, problems: toProblems(document.findings, options.path) };
  const result = configSchema.safeParse(document.data, { reportInput: true });
  const unread = new Set(document.findings.map((finding) => finding.unread));
  const issues = result.success ? [] : result.error.issues.filter(({ path }) => !unread.has(pathText(path)));
  const config = result.success ? compile(result.data) : null;
  const conflicts = config === null ? [] : disagreements(config, (path) => document.places.value(path) !== undefined).map((conflict) => located(conflict, document.places));
  const findings = [...document.findings, ...issueFindings(issues, document.places), ...conflicts];
  if (config === null || findings.length > 0) return { config: null, problems: toProblems(findings, options.path) };
  origins.set(config, { places: document.places, file: options.path });
  return { config, problems: [] };
}

/** Reads the file at `path`. @throws RowcastError CONFIG_UNREADABLE */
export function readConfig(path: string, env: Environment): Parsed {
  return parseConfig(readConfigText(path), { path, env, readFile: (file) => readFileSync(file, 'utf8') });
}

/** The configuration in the file at `path`. @throws RowcastError CONFIG_UNREADABLE, CONFIG_INVALID with every problem */
export function loadConfig(path: string, env: Environment): Config {
  const { config, problems } = readConfig(path, env);
  if (config === null) throw invalidConfig(problems);
  return config;
}

/** Problems of a configuration as one error: a line each, its repair under it. */
export function invalidConfig(problems: readonly Problem[]): RowcastError {
  const lines = problems.map(({ where, message, repair }) => `${where === undefined ? '' : `${where}  `}${message}\n    ${repair}`);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new RowcastError('CONFIG_INVALID', `the configuration has ${count}:\n  ${lines.join('\n  ')}`);
}

/** `file:line:column` of a key of a configuration that came from a file; its path for any other. */
export function placeOf(config: Config, path: Path): string {
  const origin = origins.get(config);
  if (origin === undefined) return pathText(path);
  const { line, column } = origin.places.nearest(path);
  return `${origin.file}:${line}:${column}`;
}

function located({ path, message, repair }: { path: Path; message: string; repair: string }, places: Places): Finding {
  return { place: places.nearest(path), message: `${pathText(path)} ${message}`, repair };
}

function readConfigText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RowcastError('CONFIG_UNREADABLE', `the configuration file ${path} cannot be read: ${reason}`, { cause, hint: ERRORS.CONFIG_UNREADABLE.hint, facts: { file: path } });
  }
}
