import { startMysql, type Server } from '../../../scripts/servers/index.ts';
import { query, type Address } from '../../support/mysql.ts';
import { until } from '../../support/wait.ts';
import { SCHEMA } from '../rows.ts';
import { startLine, type Line } from './line.ts';

/** The database of the writer's tables. */
export const DATABASE = 'chaos';

/** The daemon's account, with the smallest grants. */
export const DAEMON_ACCOUNT = { user: 'captures', password: 'chaos-secret' } as const;

/** A MySQL that is written to, a replica of it by GTIDs, and the daemon's line to whichever is written to. */
export interface MysqlPair {
  readonly primary: Server;
  readonly replica: Server;
  readonly line: Line;
  /** Waits until the replica has all that the primary has. */
  caughtUp(): Promise<void>;
  /** The replica takes over: the primary is killed. Nothing may be written meanwhile. */
  failover(): Promise<void>;
  /** The old primary comes back as the replica. */
  rejoin(): Promise<void>;
  close(): Promise<void>;
}

/** What is committed outlives a kill, in the binlog as in the tables. */
const FLAGS = ['--innodb-flush-log-at-trx-commit=1', '--sync-binlog=1', '--binlog-expire-logs-seconds=0', '--skip-replica-start', '--relay-log=relay', '--log-error-verbosity=2'];

export async function startMysqlPair(): Promise<MysqlPair> {
  const servers = await Promise.all([startMysql({ flags: FLAGS }), startMysql({ flags: [...FLAGS, '--server-id=2'] })]);
  let [primary, replica] = servers;
  const target: Address = { host: '127.0.0.1', get port() { return primary.port; } };
  const line = await startLine(target);
  await query(primary, SETUP);
  await query(primary, `create database ${DATABASE} character set utf8mb4; use ${DATABASE}; ${SCHEMA}`);
  await follow(replica, primary);
  const caughtUp = async (): Promise<void> => {
    const [row] = await query(primary, 'select @@gtid_executed as gtids');
    const [done] = await query(replica, `select wait_for_executed_gtid_set('${String(row?.['gtids']).replaceAll('\n', '')}', 30) as late`);
    if (String(done?.['late']) !== '0') throw new Error('the replica has not caught up within 30 s');
  };
  return {
    get primary() { return primary; },
    get replica() { return replica; },
    line,
    caughtUp,
    failover: async () => {
      await caughtUp();
      const old = primary;
      await old.kill();
      await query(replica, 'stop replica; reset replica all');
      [primary, replica] = [replica, old];
      line.end('reset');
    },
    rejoin: async () => {
      await replica.restart();
      await follow(replica, primary);
    },
    close: async () => {
      await line.close();
      for (const server of servers) await server.stop();
    },
  };
}

const SETUP = `create user '${DAEMON_ACCOUNT.user}'@'%' identified by '${DAEMON_ACCOUNT.password}';
  grant replication slave, replication client on *.* to '${DAEMON_ACCOUNT.user}'@'%'; grant select on ${DATABASE}.* to '${DAEMON_ACCOUNT.user}'@'%';
  create user 'replica'@'%' identified by 'replica'; grant replication slave on *.* to 'replica'@'%'`;

async function follow(replica: Server, primary: Server): Promise<void> {
  await query(replica, `change replication source to source_host='127.0.0.1', source_port=${String(primary.port)}, source_user='replica', source_password='replica',
    source_auto_position=1, get_source_public_key=1, source_connect_retry=1, source_retry_count=86400, source_heartbeat_period=1; start replica`);
  await until('the replica follows', async () => {
    const [row] = await query(replica, 'show replica status');
    return row?.['Replica_IO_Running'] === 'Yes' && row['Replica_SQL_Running'] === 'Yes';
  });
}
