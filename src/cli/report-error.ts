import { inspect } from 'node:util';
import { asRowcastError } from '../core/errors.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Paint } from './terminal.ts';

/** How an error is told. */
export interface ErrorStyle {
  /** One JSON object on one line instead of text. */
  readonly json: boolean;
  /** With the stack and the causes. */
  readonly verbose: boolean;
  readonly paint: Paint;
}

/** The text that ends a command, without a line break at its end: code and message, facts, what to do. */
export function errorText(thrown: unknown, { json, verbose, paint }: ErrorStyle): string {
  const error = asRowcastError(thrown);
  const stack = verbose || error.code === 'INTERNAL' ? stackOf(error) : null;
  if (json) return JSON.stringify({ level: 'error', time: new Date().toISOString(), msg: error.message, code: error.code, exit: error.exit, hint: error.hint, facts: error.facts, ...(stack === null ? {} : { stack }) });
  const facts = Object.entries(error.facts).map(([name, value]) => `${name}=${value}`);
  const lines = [`${paint('red', `error ${error.code}`)}: ${error.message}`];
  if (facts.length > 0) lines.push(`  ${paint('gray', facts.join('  '))}`);
  lines.push(`  ${error.hint}`);
  if (stack !== null) lines.push(stack);
  return lines.join('\n');
}

/** The stack, and those of the causes; of a defect only where it came from. */
function stackOf(error: RowcastError): string {
  const parts = error.code === 'INTERNAL' && error.cause instanceof Error ? [] : [error.stack ?? ''];
  let cause: unknown = error.cause;
  for (let depth = 0; cause !== undefined && depth < MAX_CAUSES; depth++) {
    parts.push(`caused by ${cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return parts.join('\n');
}

const MAX_CAUSES = 8;
