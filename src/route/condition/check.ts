import type { ConditionKind } from '../conditions.ts';
import { rewrittenEnvironment, writtenEnvironment } from './environment.ts';
import type { Surroundings } from './rewrite.ts';
import { Mistake, Rewriter } from './rewrite.ts';

const IMAGES: Readonly<Record<ConditionKind, ReadonlySet<string>>> = { where: new Set(['row']), when: new Set(['before', 'after']) };

/** An expression that can be evaluated. */
export type Evaluate = (scope: object) => unknown;

/**
 * What is wrong with a condition that can be told without a table, with the line and column in it; null where nothing is.
 * Columns are checked when a table is met.
 */
export function checkCondition(text: string, kind: ConditionKind): string | null {
  try {
    compileExpression(text, kind, () => 'rc_column');
    return null;
  } catch (error) {
    return describeMistake(text, error);
  }
}

/** @throws Mistake, or the library's own error */
export function compileExpression(text: string, kind: ConditionKind, column: Surroundings['column']): Evaluate {
  const written = writtenEnvironment(kind).parse(text);
  const environment = rewrittenEnvironment();
  const rewriter = new Rewriter({ environment, images: IMAGES[kind], column });
  const rewritten = rewriter.write(written.ast);
  const checked = written.check();
  if (checked.error !== undefined) throw checked.error;
  if (checked.type !== 'bool' && checked.type !== 'dyn') throw new Mistake(`it answers ${checked.type ?? 'nothing'}, not true or false`, 0);
  const compiled = environment.parse(rewritten);
  const again = compiled.check();
  if (again.error !== undefined) throw again.error;
  return compiled;
}

/** One line: what, and where in the expression. */
export function describeMistake(text: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Mistake) return `${error.message} (${place(text, error.at)})`;
  const start = 'range' in error ? error.range : undefined;
  const message = 'summary' in error ? String(error.summary) : error.message;
  return hasStart(start) ? `${message} (${place(text, start.start)})` : message;
}

function hasStart(range: unknown): range is { readonly start: number } {
  return typeof range === 'object' && range !== null && 'start' in range && typeof range.start === 'number';
}

function place(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
