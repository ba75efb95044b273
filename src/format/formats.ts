import { RowcastError } from '../core/errors.ts';
import type { Format } from '../core/ports.ts';
import { createDebeziumFormat } from './debezium/debezium-format.ts';
import type { FormatOptions } from './options.ts';
import { createPlainFormat } from './plain/plain-format.ts';

/** Every format, by the name it has in the configuration. */
const FORMATS: ReadonlyMap<string, (options: FormatOptions) => Format> = new Map([
  ['plain', createPlainFormat],
  ['debezium', createDebeziumFormat],
]);

/** The format of that name. @throws RowcastError CONFIG_INVALID where there is none */
export function createFormat(name: string, options: FormatOptions): Format {
  const create = FORMATS.get(name);
  if (create === undefined) throw new RowcastError('CONFIG_INVALID', `there is no format ${name}; there are ${[...FORMATS.keys()].join(', ')}`);
  return create(options);
}
