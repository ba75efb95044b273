/** What the dump connection tells the server before it asks for the binlog. */
export interface DumpSettings {
  readonly serverId: number;
  /** Milliseconds. */
  readonly heartbeat: number;
  readonly mariadb: boolean;
}

/**
 * The statements, in order. Servers since 8.0.26 read the names with `source` and `replica`, others those with `master` and
 * `slave`; each ignores the others, which are only user variables.
 */
export function sessionStatements(settings: DumpSettings): readonly string[] {
  const nanoseconds = `${settings.heartbeat}000000`;
  const uuid = replicaUuid(settings.serverId);
  const common = [
    // Events come with a checksum wherever their file has one, and files without are sent as they are.
    "SET @master_binlog_checksum='CRC32', @source_binlog_checksum='CRC32'",
    `SET @master_heartbeat_period=${nanoseconds}, @source_heartbeat_period=${nanoseconds}`,
    `SET @slave_uuid='${uuid}', @replica_uuid='${uuid}'`,
    // A pause may last: the server must neither give up writing to a full socket nor find the session idle.
    `SET SESSION net_write_timeout=${YEAR_SECONDS}, SESSION wait_timeout=${YEAR_SECONDS}`,
  ];
  if (!settings.mariadb) return common;
  return [...common, 'SET @mariadb_slave_capability=4', 'SET @slave_gtid_strict_mode=1', 'SET @slave_gtid_ignore_duplicates=0'];
}

/**
 * The same for the same server id, so that the server takes two daemons under one id for one replica, ends the older
 * dump with error 1236, and the collision shows.
 */
export function replicaUuid(serverId: number): string {
  return `726f7763-6173-4000-8000-0000${serverId.toString(16).padStart(8, '0')}`;
}

const YEAR_SECONDS = 31_536_000;
