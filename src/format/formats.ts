import type { Format } from '../core/ports.ts';
import type { FormatContext } from './context.ts';
import { createDebeziumFormat } from './debezium/debezium-format.ts';
import { DEBEZIUM_DEFAULTS } from './debezium/options.ts';
import type { DebeziumOptions } from './debezium/options.ts';
import { createPlainFormat } from './plain/plain-format.ts';

/** A format with its own options, as the configuration has it. */
export type FormatChoice = { readonly type: 'plain' } | { readonly type: 'debezium'; /** @default Debezium's own */ readonly options?: Partial<DebeziumOptions> };

/** A format, made once for each choice. */
export function createFormat(choice: FormatChoice, context: FormatContext): Format {
  switch (choice.type) {
    case 'plain':
      return createPlainFormat(context);
    case 'debezium':
      return createDebeziumFormat(context, { ...DEBEZIUM_DEFAULTS, ...choice.options });
  }
}
