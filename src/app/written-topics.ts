import { exactlyOnce } from '../config/compile.ts';
import type { Config, RouteConfig } from '../config/compile.ts';
import type { Sink } from '../core/ports.ts';
import type { NoticeRouter } from '../core/plan.ts';
import { parseTopic } from '../route/topic.ts';
import { systemClock } from './clock.ts';
import { allFormats, formatsOf, sideTopics } from './formats.ts';
import { complaint } from './problems.ts';

/** Every topic that may be written to, as far as the configuration alone tells, each once; topics that cannot be are left out. */
export function configuredTopics(config: Config): readonly string[] {
  const { name, schema, source } = config;
  // What formats say beside rows has the same topic for each kind of server.
  const side = sideTopics(allFormats(config, formatsOf(config, () => 'mysql', systemClock)));
  const gaps = source.onPurged === 'fail' ? [] : [gapTopic(name)];
  const aside = quarantineTopic(config);
  const quarantine = schema.onUnknown === 'fail' || aside === null ? [] : [aside];
  return [...new Set([...config.routes.flatMap(ofRoute), ...side, ...gaps, ...quarantine])];
}

/** Topic of rows in quarantine; null where they go to a file, which no Kafka transaction could take along. */
export function quarantineTopic({ name, sink, schema }: Config): string | null {
  return schema.quarantine.topic ?? (exactlyOnce(sink) ? `${name}.quarantine` : null);
}

/** Topic of gaps in the binlog. */
export function gapTopic(name: string): string {
  return `${name}.gaps`;
}

/** Topics of the schema changes of a table and of its database. */
export function changeTopics(notices: NoticeRouter, database: string, table: string): readonly string[] {
  return [...notices.schemaChanges(database, table), ...notices.schemaChanges(database, null)].map(({ topic }) => topic);
}

/** A sink that opens only where these topics are there; else it would end when the first message for one comes. */
export function requiringTopics(sink: Sink, topics: readonly string[]): Sink {
  return {
    open: async () => {
      await sink.open();
      for (const topic of topics) await sink.topic(topic);
    },
    topic: (name) => sink.topic(name),
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

/** Those that a route has for all of its tables. */
function ofRoute({ drop, topic, schemaChanges, deadLetter, onError, onTooLarge }: RouteConfig): string[] {
  if (drop) return [];
  const buried = onError === 'deadLetter' || onTooLarge === 'deadLetter';
  return [topic, ...(schemaChanges === null ? [] : [schemaChanges]), ...(buried ? [deadLetter] : [])].filter((text) => !text.includes('$') && complaint(() => parseTopic(text)) === null);
}
