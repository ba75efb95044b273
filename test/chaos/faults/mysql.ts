import type { Connection } from 'mysql2/promise';
import { connectMysql, query, queryOn, type Address } from '../../support/mysql.ts';
import { until } from '../../support/wait.ts';
import { DAEMON_ACCOUNT } from '../stage/mysql-pair.ts';
import { lasts, type Fault } from './fault.ts';

const ACCOUNT = `'${DAEMON_ACCOUNT.user}'@'%'`;

/** The server that is read. */
export const MYSQL_FAULTS: readonly Fault[] = [
  {
    name: 'killed and back',
    row: 'mysql',
    inflict: async ({ mysql }, random) => {
      const { primary } = mysql;
      await primary.kill();
      await lasts(random);
      await primary.restart();
    },
  },
  {
    name: 'failover to a GTID replica',
    row: 'mysql',
    weight: 3,
    inflict: ({ mysql, writer }) => writer.still(() => mysql.failover()),
    afterwards: ({ mysql }) => mysql.rejoin(),
  },
  {
    name: 'PURGE BINARY LOGS of what was read',
    row: 'mysql',
    inflict: async ({ mysql, writer, supervisor }) => {
      const file = await nextFile(mysql.primary);
      await writer.more(5);
      // A position is saved at most once a second: what was delivered may be read again until it is.
      await until('the saved position is in the next file', async () => (await supervisor.daemon.text('/metrics')).includes(`position="${file}:`));
      await mysql.caughtUp();
      await query(mysql.primary, `purge binary logs to '${file}'`);
    },
  },
  {
    name: 'PURGE BINARY LOGS of what was not read, then the replica',
    row: 'mysql',
    weight: 2,
    inflict: async (stage) => {
      const { mysql, writer, supervisor } = stage;
      supervisor.allow(['SOURCE_POSITION_PURGED']);
      supervisor.hold();
      await supervisor.kill();
      await writer.more(20);
      await query(mysql.primary, 'flush binary logs');
      await writer.more(5);
      await mysql.caughtUp();
      await query(mysql.primary, `purge binary logs to '${await nextFile(mysql.primary)}'`);
      supervisor.release();
      await supervisor.ended();
      // The replica still has the binlog.
      await writer.still(() => mysql.failover());
      supervisor.resume();
    },
    afterwards: ({ mysql }) => mysql.rejoin(),
  },
  {
    name: 'FLUSH LOGS',
    row: 'mysql',
    weight: 2,
    inflict: async ({ mysql, writer }, random) => {
      for (let times = random.between(1, 4); times > 0; times--) {
        await query(mysql.primary, 'flush logs');
        await writer.more(random.between(0, 5));
      }
    },
  },
  {
    name: 'password changed',
    row: 'mysql',
    weight: 2,
    inflict: async ({ mysql, supervisor }) => {
      supervisor.allow(['SOURCE_AUTH']);
      await query(mysql.primary, `alter user ${ACCOUNT} identified by 'another'`);
      try {
        await killDumps(mysql.primary);
        await supervisor.ended();
      } finally {
        await query(mysql.primary, `alter user ${ACCOUNT} identified by '${DAEMON_ACCOUNT.password}'`);
      }
      supervisor.resume();
    },
  },
  {
    name: 'max_connections reached',
    row: 'mysql',
    inflict: async ({ mysql }, random) => {
      const held: Connection[] = [];
      const keeper = await connectMysql(mysql.primary);
      try {
        // One more is left for administrators, which `fill` takes too.
        await queryOn(keeper, 'set global max_connections = 10');
        await fill(mysql.primary, held);
        await killDumps(mysql.primary, keeper);
        await fill(mysql.primary, held);
        await lasts(random);
      } finally {
        await queryOn(keeper, 'set global max_connections = 151');
        await keeper.end();
        for (const connection of held) connection.destroy();
      }
    },
  },
  {
    name: 'the dump thread killed',
    row: 'mysql',
    inflict: ({ mysql }) => killDumps(mysql.primary),
  },
];

/** Begins another binlog file; the answer is its name. */
async function nextFile(server: Address): Promise<string> {
  await query(server, 'flush binary logs');
  const [now] = await query(server, 'show binary log status');
  return String(now?.['File']);
}

/** Kills the dump threads of the daemon, not that of the replica. */
async function killDumps(server: Address, given?: Connection): Promise<void> {
  const connection = given ?? (await connectMysql(server));
  try {
    const threads = await queryOn(connection, `select id from information_schema.processlist where user = '${DAEMON_ACCOUNT.user}' and command like 'Binlog Dump%'`);
    for (const thread of threads) await queryOn(connection, `kill ${String(thread['id'] ?? thread['ID'])}`).catch(() => undefined);
  } finally {
    if (given === undefined) await connection.end();
  }
}

/** Takes every connection that is left. */
async function fill(server: Address, held: Connection[]): Promise<void> {
  await until('no connection is left', async () => {
    try {
      const connection = await connectMysql(server);
      connection.on('error', () => undefined);
      held.push(connection);
      return false;
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ER_CON_COUNT_ERROR';
    }
  });
}

