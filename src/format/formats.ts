import type { Format } from '../core/ports.ts';
import { createCanalFormat } from './canal/canal-format.ts';
import type { CanalOptions } from './canal/options.ts';
import { createCloudEventsFormat } from './cloudevents/cloudevents-format.ts';
import type { CloudEventsOptions } from './cloudevents/options.ts';
import type { FormatContext } from './context.ts';
import { createDebeziumFormat } from './debezium/debezium-format.ts';
import { DEBEZIUM_DEFAULTS } from './debezium/options.ts';
import type { DebeziumOptions } from './debezium/options.ts';
import { createMaxwellFormat } from './maxwell/maxwell-format.ts';
import type { MaxwellOptions } from './maxwell/options.ts';
import { createPlainFormat } from './plain/plain-format.ts';

/** A format with its own options, as the configuration has it. */
export type FormatChoice =
  | { readonly type: 'plain' }
  | { readonly type: 'debezium'; /** @default Debezium's own */ readonly options?: Partial<DebeziumOptions> }
  | ({ readonly type: 'maxwell' } & MaxwellOptions)
  | ({ readonly type: 'canal' } & CanalOptions)
  | ({ readonly type: 'cloudevents' } & CloudEventsOptions);

/** A format, made once for each choice. */
export function createFormat(choice: FormatChoice, context: FormatContext): Format {
  switch (choice.type) {
    case 'plain':
      return createPlainFormat(context);
    case 'debezium':
      return createDebeziumFormat(context, { ...DEBEZIUM_DEFAULTS, ...choice.options });
    case 'maxwell':
      return createMaxwellFormat(choice, context);
    case 'canal':
      return createCanalFormat(choice, context);
    case 'cloudevents':
      return createCloudEventsFormat(choice, context);
  }
}
