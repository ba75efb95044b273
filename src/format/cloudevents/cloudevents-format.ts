import type { Format } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { createPlainFormat } from '../plain/plain-format.ts';
import { tableAttributes } from './attributes.ts';
import { BinaryEncoder } from './binary-encoder.ts';
import { createCloudEventsAnnouncer } from './cloudevents-announcer.ts';
import type { CloudEventsOptions } from './options.ts';
import { StructuredEncoder } from './structured-encoder.ts';

/**
 * CloudEvents 1.0 over the messages of the plain format. Sources: the specification, its Kafka protocol binding, its JSON
 * event format and its extension for partitioning.
 */
export function createCloudEventsFormat(options: CloudEventsOptions, context: FormatContext): Format {
  const plain = createPlainFormat(context);
  return {
    announcer: createCloudEventsAnnouncer(options, context),
    encoder(projection) {
      const attributes = tableAttributes(projection, options, context);
      const Encoder = options.mode === 'structured' ? StructuredEncoder : BinaryEncoder;
      return new Encoder(projection, plain.encoder(projection), attributes);
    },
  };
}
