import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { App } from './app-interface.ts';

/** What a command can reach of the process around it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: Writable;
  readonly errors: Writable;
  /** True when standard output is a terminal. */
  readonly interactive: boolean;
  /** True when standard error is a terminal. */
  readonly interactiveErrors: boolean;
  /** Aborts at the first SIGINT or SIGTERM after it is called. */
  readonly interrupted: () => AbortSignal;
  /** Loads the daemon; only commands that need it wait for it. */
  readonly app: () => Promise<App>;
}

export type Style = 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'gray' | 'bold';

/** Puts text in a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colours for a stream: only in a terminal, and not where NO_COLOR is set to anything (no-color.org). */
export function painter(terminal: Pick<Terminal, 'env'>, interactive: boolean): Paint {
  const plain = !interactive || (terminal.env['NO_COLOR'] ?? '') !== '';
  return plain ? (_style, text) => text : (style, text) => styleText(style, text, { validateStream: false });
}

/** Writes one line. */
export function line(stream: Writable, text: string): void {
  stream.write(`${text}\n`);
}
