import type { Format } from '../core/ports.ts';
import { createDebeziumFormat } from './debezium/debezium-format.ts';
import type { FormatOptions } from './options.ts';
import { createPlainFormat } from './plain/plain-format.ts';

/** Every format, by the name it has in the configuration. */
const FORMATS = {
  plain: createPlainFormat,
  debezium: createDebeziumFormat,
} as const satisfies Record<string, (options: FormatOptions) => Format>;

export type FormatName = keyof typeof FORMATS;

/** The format of that name. */
export function createFormat(name: FormatName, options: FormatOptions): Format {
  return FORMATS[name](options);
}
