import type { Problem } from '../core/problem.ts';
import type { Config, RouteConfig } from './compile.ts';
import { placeOf } from './load.ts';
import type { Path } from './places.ts';
import { pathText } from './places.ts';

/** Syntax checks that belong to routing. Each answers what is wrong with a text, or null. */
export interface SyntaxChecks {
  readonly condition: (text: string, kind: 'where' | 'when') => string | null;
  readonly topicTemplate: (text: string) => string | null;
  readonly pattern: (text: string) => string | null;
}

/** Checks the conditions, topic templates and table patterns of a configuration; problems tell where they stand. */
export function validateConfig(config: Config, checks: SyntaxChecks): Problem[] {
  return [
    ...config.routes.flatMap((route, index) => [...conditionProblems(route, index, { config, checks }), ...nameProblems(route, index, { config, checks })]),
    ...changeProblems({ config, checks }),
    ...topicProblems(config.deadLetter.topic, ['deadLetter', 'topic'], { config, checks }),
  ];
}

interface Context {
  readonly config: Config;
  readonly checks: SyntaxChecks;
}

function conditionProblems(route: RouteConfig, index: number, { config, checks }: Context): Problem[] {
  return (['where', 'when'] as const).flatMap((kind) => {
    const text = route[kind];
    const complaint = text === null ? null : checks.condition(text, kind);
    const repair = kind === 'where' ? "A condition over one image, for example: row.total >= 10.0 && row.status != 'draft'" : "A condition over a change, for example: op != 'u' || before.status != after.status";
    return complaint === null ? [] : [problem(config, ['routes', index, kind], { code: 'CONDITION_INVALID', complaint, repair })];
  });
}

function nameProblems(route: RouteConfig, index: number, { config, checks }: Context): Problem[] {
  const found = route.tables.flatMap((text, item) => {
    const complaint = checks.pattern(text);
    return complaint === null ? [] : [problem(config, ['routes', index, 'tables', item], { code: 'CONFIG_INVALID', complaint, repair: 'A pattern is database.table, for example shop.* or shop.order_*' })];
  });
  return [...found, ...topicProblems(route.topic, ['routes', index, 'topic'], { config, checks })];
}

/** Routes share the topic of the file where they have none of their own: what is wrong with it is told once. */
function changeProblems(context: Context): Problem[] {
  const seen = new Set<string>();
  return context.config.routes.flatMap(({ schemaChanges }, index) => {
    if (schemaChanges === null || seen.has(schemaChanges)) return [];
    seen.add(schemaChanges);
    return topicProblems(schemaChanges, ['routes', index, 'schemaChanges'], context);
  });
}

function topicProblems(text: string | null, path: Path, { config, checks }: Context): Problem[] {
  const complaint = text === null ? null : checks.topicTemplate(text);
  return complaint === null ? [] : [problem(config, path, { code: 'CONFIG_INVALID', complaint, repair: 'A topic is text with ${database} and ${table}, for example cdc.${database}.${table}' })];
}

function problem(config: Config, path: Path, { code, complaint, repair }: { code: Problem['code']; complaint: string; repair: string }): Problem {
  return { code, severity: 'error', where: placeOf(config, path), message: `${pathText(path)}: ${complaint}`, repair };
}
