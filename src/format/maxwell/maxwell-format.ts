import type { Format } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { createMaxwellAnnouncer } from './maxwell-announcer.ts';
import { MaxwellEncoder } from './maxwell-encoder.ts';
import type { MaxwellOptions } from './options.ts';

/**
 * Messages as Maxwell 1.45 writes them. Source: its documentation, "Reference" and "Data format". What differs is listed in
 * differences.ts.
 */
export function createMaxwellFormat(options: MaxwellOptions, context: FormatContext): Format {
  return { keyChanges: 'whole', announcer: createMaxwellAnnouncer(options, context), encoder: (projection) => new MaxwellEncoder(projection, options, context) };
}
