import type { ErrorCode } from '../core/errors.ts';
import { ERRORS } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import type { Paint } from './terminal.ts';

export type Area = 'configuration' | 'routes' | 'checkpoint' | 'source' | 'sink';

/** What `check` looks at, in the order of its report. */
export const AREAS: readonly Area[] = ['configuration', 'routes', 'checkpoint', 'source', 'sink'];

const PREFIXES: readonly (readonly [prefix: string, area: Area])[] = [
  ['CONFIG_', 'configuration'],
  ['ROUTE_', 'routes'],
  ['CONDITION_', 'routes'],
  ['CHECKPOINT_', 'checkpoint'],
  ['SINK_', 'sink'],
];

/** The part of the set-up that an error code speaks of. */
export function areaOf(code: ErrorCode): Area {
  return PREFIXES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'source';
}

/** The report for people: a tick for each area without an error, every problem with its repair. */
export function checkReport(problems: readonly Problem[], checked: ReadonlySet<Area>, paint: Paint): string {
  const lines = AREAS.flatMap((area) => {
    const own = problems.filter(({ code }) => areaOf(code) === area);
    const heading = own.some(({ severity }) => severity === 'error') ? paint('red', `✗ ${area}`) : checked.has(area) ? paint('green', `✓ ${area}`) : paint('gray', `- ${area}: not checked`);
    return [heading, ...own.flatMap((problem) => problemLines(problem, paint))];
  });
  return [...lines, '', summary(problems)].join('\n');
}

/** The report for programs. */
export function checkDocument(problems: readonly Problem[]): { readonly ok: boolean; readonly problems: readonly Problem[] } {
  return { ok: problems.every(({ severity }) => severity !== 'error'), problems };
}

/** The exit code: that of the first area with an error, in the order of the report; 0 without one. */
export function checkExit(problems: readonly Problem[]): number {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const first = AREAS.flatMap((area) => errors.filter(({ code }) => areaOf(code) === area))[0];
  return first === undefined ? 0 : ERRORS[first.code].exit;
}

function problemLines({ code, message, repair, severity, where }: Problem, paint: Paint): string[] {
  const label = severity === 'error' ? paint('red', 'error') : paint('yellow', 'warning');
  return [`  ${label} ${where === undefined || message.includes(where) ? '' : `${where}  `}${message} ${paint('gray', `[${code}]`)}`, ...repair.split('\n').map((text) => `      ${text}`)];
}

function summary(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const parts = [counted(errors, 'error'), ...(warnings > 0 ? [counted(warnings, 'warning')] : [])];
  return errors === 0 ? `Ready to run${warnings > 0 ? `, with ${counted(warnings, 'warning')}` : ''}.` : `Not ready: ${parts.join(' and ')}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
