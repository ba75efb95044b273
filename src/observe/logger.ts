import { createRequire } from 'node:module';
import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import type { LogFields, Logger } from '../core/ports.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `auto`: pretty in a terminal, JSON otherwise. */
  readonly format: 'auto' | 'json' | 'pretty';
  /** Where lines go. @default standard error, so that rows can go to standard output */
  readonly to?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Field names whose values never reach a line, at the top or one level down (Invariant 10). */
const SECRET_FIELDS = ['password', 'secret', 'token', 'key_pem', 'authorization', 'passphrase'];

/** Only a terminal needs it, and it takes 2 MB of memory. */
const pretty = (): typeof import('pino-pretty') => createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');

/** A logger that writes each line at once, so that the last line before a crash is there. */
export function createLogger(name: string, options: LogOptions): Logger {
  const stream = options.to ?? process.stderr;
  const isPretty = options.format === 'pretty' || (options.format === 'auto' && stream.isTTY === true);
  const destination: DestinationStream = isPretty ? pretty()({ destination: stream, sync: true, ignore: 'pid,hostname,name', translateTime: 'HH:MM:ss.l', colorize: stream.isTTY === true }) : stream;
  const paths = [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)];
  const log = pino({ name, level: options.level, redact: { paths, censor: '[secret]' }, formatters: { level: (label) => ({ level: label }) }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const line = (level: LogOptions['level']) => (message: string, fields: LogFields = {}) => log[level](fields, message);
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
