import type { Written } from './schema.ts';

type WrittenRoute = Written['routes'][number];

/** One route of the configuration. `topic` always has a template. */
export type RouteConfig = Readonly<Omit<WrittenRoute, 'topic'>> & { readonly topic: string };

/**
 * The configuration as the daemon uses it: as written, every default filled in; absent options are null, durations are
 * milliseconds, sizes are bytes, secrets are `Secret`.
 */
export type Config = Readonly<Omit<Written, 'routes' | 'checkpoint'>> & {
  readonly checkpoint: { readonly type: 'file'; readonly path: string };
  readonly routes: readonly RouteConfig[];
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
    checkpoint: { type: 'file', path: written.checkpoint.path ?? `./data/${written.name}.checkpoint` },
    routes: written.routes.map((route) => ({ ...route, topic: route.topic ?? defaultTopic(written.name) })),
  };
}

/** Template of the topics of a route that names none. */
export function defaultTopic(name: string): string {
  return `${name}.\${database}.\${table}`;
}
