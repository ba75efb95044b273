import type { Config } from '../config/compile.ts';
import type { SourceOptions } from '../mysql/options.ts';
import type { RouteTable } from '../route/router.ts';

/** The source's options from the configuration. */
export function sourceOptions(config: Config, router: Pick<RouteTable, 'captures' | 'reaches' | 'names' | 'ignoreCase' | 'namesHidden' | 'hidesColumns'>, recaptureSchema: boolean): SourceOptions {
  const { host, port, user, password, tls, serverId, heartbeat, connectTimeout, query, onPurged } = config.source;
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
    onPurged,
    rowLimit: config.limits.row,
    includeQuery: query,
    hidesText: (sql) => router.namesHidden(sql),
    hidesTextOf: (database, table) => router.hidesColumns(database, table),
    captures: (database, table) => router.captures(database, table),
    reaches: (database) => router.reaches(database),
    ignoreCase: () => router.ignoreCase(),
    hidesShadow: (database, table) => config.schema.shadowTables === 'leave-out' && !router.names(database, table),
    onUnknown: config.schema.onUnknown,
    recaptureSchema,
    holding: { all: needsXid(config), memory: config.limits.held, path: `${config.checkpoint.path}.held` },
  };
}

/** Some format says the XID of a transaction with its first row, and the binlog has it at the end. */
function needsXid(config: Config): boolean {
  return [config.format, ...config.routes.map(({ format }) => format)].some((format) => {
    if (format?.type !== 'maxwell') return false;
    const { commitInfo, partitionBy, partitionFallback } = format;
    return commitInfo || partitionBy === 'transaction_id' || (partitionBy === 'column' && partitionFallback === 'transaction_id');
  });
}
