import { exactlyOnce } from './compile.ts';
import type { Config } from './compile.ts';
import type { Disagreement } from './disagreement.ts';

/** A place for the position that needs more than is written, or another sink. */
export function checkpointDisagreements({ checkpoint, sink, schema, standby }: Config): Disagreement[] {
  const { type, server } = checkpoint;
  if (exactlyOnce(sink) && type !== 'kafka') {
    return [{ path: ['checkpoint', 'type'], message: `is ${type}, and sink.delivery is exactly-once: a position outside Kafka cannot be committed together with messages, so that a crash between the two would repeat or lose rows`, repair: 'Write type: kafka, or remove type (a checkpoint file that is there is taken over once); or write delivery: at-least-once.' }];
  }
  if (exactlyOnce(sink) && schema.quarantine.file !== null) {
    return [{ path: ['schema', 'quarantine', 'file'], message: 'cannot be, since sink.delivery is exactly-once: a file is part of no Kafka transaction', repair: 'Write topic: instead, or remove it: then rows in quarantine go to the topic <name>.quarantine.' }];
  }
  if (type === 'kafka' && sink.type !== 'kafka') {
    return [{ path: ['checkpoint', 'type'], message: `is kafka, and the sink is ${sink.type}`, repair: 'Write type: file or type: mysql: the topic is one of the sink.' }];
  }
  if (type === 'mysql' && server === null) {
    return [{ path: ['checkpoint', 'type'], message: 'is mysql, which needs server', repair: 'Add server: { host: …, user: …, password_file: … } beside it.' }];
  }
  if (type === 'file' && standby !== null) {
    return [{ path: ['standby'], message: 'cannot be, since checkpoint.type is file: daemons on other machines do not see the file, so whoever took over would begin at another position', repair: sink.type === 'kafka' ? 'Write checkpoint: { type: kafka }, or type: mysql with a server; a checkpoint file that is there is taken over once. Or remove standby.' : 'Write checkpoint: { type: mysql, server: { … } }; a checkpoint file that is there is taken over once. Or remove standby.' }];
  }
  if (type !== 'mysql' && server !== null) {
    return [{ path: ['checkpoint', 'server'], message: `does nothing, since checkpoint.type is ${type}`, repair: 'Write type: mysql, or remove it.' }];
  }
  return [];
}
