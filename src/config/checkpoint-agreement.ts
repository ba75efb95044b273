import { exactlyOnce } from './compile.ts';
import type { Config } from './compile.ts';
import type { Disagreement } from './disagreement.ts';
import type { Path } from './places.ts';

/** A place for the position that needs more than is written, or another sink. */
export function checkpointDisagreements(config: Config, isWritten: (path: Path) => boolean): Disagreement[] {
  const { checkpoint, sink, standby } = config;
  const { type, server } = checkpoint;
  if (exactlyOnce(sink)) {
    const outside = outsideKafka(config, isWritten(DELIVERY) ? WRITTEN : BY_DEFAULT);
    if (outside !== null) return [outside];
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
    return [{ path: ['checkpoint', 'server'], message: `does nothing, since checkpoint.type is ${type}`, repair: exactlyOnce(sink) ? 'Remove it: exactly-once delivery needs the position in Kafka. Or write type: mysql beside it, and delivery: at-least-once under sink.' : 'Write type: mysql, or remove it.' }];
  }
  return [];
}

const DELIVERY = ['sink', 'delivery'];
const WRITTEN = 'sink.delivery is exactly-once';
const BY_DEFAULT = 'delivery to Kafka is exactly-once where the file says nothing else (there is no sink.delivery)';

/** What the file keeps where no Kafka transaction reaches; `since` says why that matters. */
function outsideKafka({ checkpoint: { type }, schema }: Config, since: string): Disagreement | null {
  if (type !== 'kafka') {
    return { path: ['checkpoint', 'type'], message: `is ${type}, and ${since}: a position outside Kafka cannot be committed together with messages, so that a crash between the two would repeat or lose rows`, repair: `${MOVE[type]} Or, to go on as it is, write delivery: at-least-once under sink: after a crash, rows since the last saved position then come again.` };
  }
  if (schema.quarantine.file !== null) {
    return { path: ['schema', 'quarantine', 'file'], message: `cannot be, since ${since}: a file is part of no Kafka transaction`, repair: 'Write topic: instead, or remove it: then rows in quarantine go to the topic <name>.quarantine. Or write delivery: at-least-once under sink, and checkpoint: { type: kafka } if the position is in Kafka already.' };
  }
  return null;
}

/** How the position gets into Kafka. A table is not imported by itself: without its position, reading would begin at source.start. */
const MOVE = {
  file: 'Remove type, or write type: kafka: a checkpoint file that is there is taken over once.',
  mysql: 'Write type: kafka in place of type, server and table, and move the position by hand: stop the daemon, run `rowcast position export` with delivery: at-least-once in the file, and `rowcast position import` with the new one, else reading begins at source.start.',
} as const;
