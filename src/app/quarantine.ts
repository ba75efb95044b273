import { resolve } from 'node:path';
import type { Config } from '../config/compile.ts';
import type { Sink, SinkContext, TopicWriter } from '../core/ports.ts';
import { createFileSink } from '../sink/file/file-sink.ts';
import { quarantineTopic } from './written-topics.ts';

/** A sink and the place for rows in quarantine, which is confirmed, flushed and closed with it. */
export interface WithQuarantine {
  readonly sink: Sink;
  readonly quarantine: () => Promise<TopicWriter>;
}

/** Label of the lines in a file of quarantined rows. */
const TOPIC = 'quarantine';

/** Rows in quarantine go to a topic of the sink, or to a file of their own, which is made when the first ones come. */
export function withQuarantine(config: Config, sink: Sink, context: SinkContext): WithQuarantine {
  const { file } = config.schema.quarantine;
  const topic = quarantineTopic(config);
  if (topic !== null) return { sink, quarantine: () => sink.topic(topic) };
  const aside = createFileSink({ path: resolve(file ?? `${config.checkpoint.path}.quarantine.jsonl`), rowLimit: config.limits.row }, context);
  let opened: Promise<void> | null = null;
  return {
    sink: {
      open: () => sink.open(),
      topic: (name) => sink.topic(name),
      flush: async () => {
        await Promise.all([sink.flush(), opened === null ? null : aside.flush()]);
      },
      close: async () => {
        await Promise.all([sink.close(), opened === null ? null : aside.close()]);
      },
    },
    quarantine: async () => {
      opened ??= aside.open().catch((error: unknown) => {
        opened = null;
        throw error;
      });
      await opened;
      return aside.topic(TOPIC);
    },
  };
}
