import { Writable } from 'node:stream';
import type { App } from '../../../src/cli/app-interface.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { Paint } from '../../../src/cli/terminal.ts';

/** Marks styles as `<red>text</>`, so that expectations can be read. */
export const marked: Paint = (style, text) => `<${style}>${text}</>`;

/** No styles. */
export const plain: Paint = (_style, text) => text;

/** Keeps what is written to it. */
export class Sheet extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** An app that refuses everything a test does not expect. */
export const NO_APP: App = {
  runDaemon: () => Promise.reject(new Error('run was not expected')),
  checkAll: () => Promise.reject(new Error('check was not expected')),
  explainTable: () => Promise.reject(new Error('explain was not expected')),
  showSchema: () => Promise.reject(new Error('schema show was not expected')),
  recaptureTable: () => Promise.reject(new Error('schema recapture was not expected')),
  showPosition: () => Promise.reject(new Error('position show was not expected')),
  setPosition: () => Promise.reject(new Error('position set was not expected')),
  exportPosition: () => Promise.reject(new Error('position export was not expected')),
  importPosition: () => Promise.reject(new Error('position import was not expected')),
  verifyTables: () => Promise.reject(new Error('verify was not expected')),
  tailUrl: () => Promise.reject(new Error('tail was not expected')),
};

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface Circumstances {
  readonly app?: Partial<App>;
  readonly interactive?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `rowcast` with these words, in this process. */
export async function rowcast(words: readonly string[], { app = {}, interactive = false, env = {} }: Circumstances = {}): Promise<Ran> {
  const output = new Sheet();
  const errors = new Sheet();
  const exit = await runProgram(words, {
    env,
    output,
    errors,
    interactive,
    interactiveErrors: interactive,
    interrupted: () => new AbortController().signal,
    app: () => Promise.resolve({ ...NO_APP, ...app }),
  });
  return { exit, out: output.text, err: errors.text };
}
