import type { Config } from './compile.ts';
import type { Disagreement } from './disagreement.ts';

/** A place for the position that needs more than is written, or another sink. */
export function checkpointDisagreements({ checkpoint, sink }: Config): Disagreement[] {
  const { type, server } = checkpoint;
  if (type === 'kafka' && sink.type !== 'kafka') {
    return [{ path: ['checkpoint', 'type'], message: `is kafka, and the sink is ${sink.type}`, repair: 'Write type: file or type: mysql: the topic is one of the sink.' }];
  }
  if (type === 'mysql' && server === null) {
    return [{ path: ['checkpoint', 'type'], message: 'is mysql, which needs server', repair: 'Add server: { host: …, user: …, password_file: … } beside it.' }];
  }
  if (type !== 'mysql' && server !== null) {
    return [{ path: ['checkpoint', 'server'], message: `does nothing, since checkpoint.type is ${type}`, repair: 'Write type: mysql, or remove it.' }];
  }
  return [];
}
