import type { Config } from '../config/compile.ts';
import type { Router } from '../core/plan.ts';
import type { SourceOptions } from '../mysql/options.ts';

/** The source's options from the configuration. */
export function sourceOptions(config: Config, router: Pick<Router, 'captures'>, recaptureSchema: boolean): SourceOptions {
  const { host, port, user, password, tls, serverId, heartbeat, connectTimeout, query } = config.source;
  return {
    name: config.name,
    host,
    port,
    user,
    password,
    tls,
    serverId,
    heartbeat,
    connectTimeout,
    rowLimit: config.limits.row,
    includeQuery: query,
    captures: (database, table) => router.captures(database, table),
    recaptureSchema,
  };
}
