import type { Format } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { createCanalAnnouncer } from './canal-announcer.ts';
import { CanalEncoder } from './canal-encoder.ts';
import type { CanalOptions } from './options.ts';
import { parsePartitionHash } from './partition.ts';

/**
 * Canal's flat messages, as Canal 1.1.8 writes them. Source: its code, `MQMessageUtils`, `LogEventConvert` and
 * `RowsLogBuffer`, and its documentation. What differs is listed in differences.ts.
 * @throws RowcastError CONFIG_INVALID for a `partitionHash` that is none
 */
export function createCanalFormat(options: CanalOptions, context: FormatContext): Format {
  parsePartitionHash(options.partitionHash);
  return { keyChanges: 'whole', announcer: createCanalAnnouncer(context), encoder: (projection) => new CanalEncoder(projection, options, context) };
}
