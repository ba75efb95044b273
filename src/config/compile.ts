import type { TypePolicies } from '../core/type-policies.ts';
import { tombstonesOf } from './schema-format.ts';
import type { Written } from './schema.ts';

type WrittenRoute = Written['routes'][number];

type WrittenTypes = Written['types'];

/** One route of the configuration. `topic` always has a template, `types` is what holds for it. */
export type RouteConfig = Readonly<Omit<WrittenRoute, 'topic' | 'types' | 'tombstones'>> & {
  readonly topic: string;
  readonly types: TypePolicies;
  readonly tombstones: boolean;
  /** Template of the topic for rows that cannot go to `topic`. */
  readonly deadLetter: string;
};

/**
 * The configuration as the daemon uses it: as written, every default filled in; absent options are null, durations are
 * milliseconds, sizes are bytes, secrets are `Secret`.
 */
export type Config = Readonly<Omit<Written, 'routes' | 'checkpoint'>> & {
  readonly checkpoint: CheckpointConfig;
  readonly routes: readonly RouteConfig[];
};

/** Where the position is kept; `path` is the file, or what the names of local files begin with. */
export type CheckpointConfig = Readonly<Omit<Written['checkpoint'], 'type' | 'path' | 'topic'>> & {
  readonly type: 'file' | 'kafka' | 'mysql';
  readonly path: string;
  readonly topic: string;
};

export type SourceConfig = Config['source'];
export type SinkConfig = Config['sink'];
export type KafkaConfig = Extract<SinkConfig, { type: 'kafka' }>;
export type FileConfig = Extract<SinkConfig, { type: 'file' }>;
export type HttpConfig = Config['http'];

/** Fills in the defaults that follow from other keys. */
export function compile(written: Written): Config {
  return {
    ...written,
    checkpoint: {
      ...written.checkpoint,
      type: written.checkpoint.type ?? (exactlyOnce(written.sink) ? 'kafka' : 'file'),
      path: written.checkpoint.path ?? `./data/${written.name}.checkpoint`,
      topic: written.checkpoint.topic ?? `${written.name}.checkpoint`,
    },
    routes: written.routes.map((route) => ({
      ...route,
      topic: route.topic ?? defaultTopic(written.name),
      schemaChanges: route.schemaChanges ?? written.schemaChanges,
      types: typesOf(route.types, written.types),
      deadLetter: written.deadLetter.topic ?? `${written.name}.dead-letter`,
      tombstones: route.tombstones ?? tombstonesOf((route.format ?? written.format).type),
    })),
  };
}

/** Whether messages and positions are committed together. */
export function exactlyOnce(sink: SinkConfig): boolean {
  return sink.type === 'kafka' && sink.delivery === 'exactly-once';
}

/** Template of the topics of a route that names none. */
export function defaultTopic(name: string): string {
  return `${name}.\${database}.\${table}`;
}

/** The policies of a route that writes `own` in a file that writes `common`. */
export function typesOf(own: WrittenTypes, common: WrittenTypes): TypePolicies {
  return {
    zeroDates: chosen(own.zeroDates, common.zeroDates),
    tinyint1: chosen(own.tinyint1, common.tinyint1),
    bigint: chosen(own.bigint, common.bigint),
    decimal: chosen(own.decimal, common.decimal),
    binary: chosen(own.binary, common.binary),
    json: chosen(own.json, common.json),
    enum: chosen(own.enum, common.enum),
    set: chosen(own.set, common.set),
    geometry: chosen(own.geometry, common.geometry),
    vector: chosen(own.vector, common.vector),
  };
}

function chosen<W extends string>(own: W | 'format' | null, common: W | 'format' | null): W | null {
  const word = own ?? common;
  return word === 'format' ? null : word;
}
