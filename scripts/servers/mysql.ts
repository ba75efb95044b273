import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, needProgram } from './command.ts';
import { installed } from './cache.ts';
import type { DatabaseOptions } from './database.ts';
import { accounts, asRoot, startDatabase } from './database.ts';
import { debianMirror } from './mirror.ts';
import { say } from './say.ts';
import type { Server } from './server.ts';
import { dataFolder } from './server.ts';

/** Its folder in the cache. */
export const MYSQL_FOLDER = 'mysql-9-debian-sid';

const PLUGINS = 'usr/lib/mysql/plugin';

/** A current MySQL (9.7) with GTIDs and full binlog metadata. */
export async function startMysql(options: DatabaseOptions = {}): Promise<Server> {
  const root = await mysqlRoot();
  return startMysqlProgram({ name: 'MySQL 9.7', ...launcher(root, join(root, 'usr/sbin/mysqld')), inside: inside(root, join(root, PLUGINS)) }, options);
}

/**
 * The same with a keyring in a file, so that it can encrypt its binlog. A server looks for the list of its components beside
 * its program and for theirs beside their libraries, so this one has copies of both in a folder of its own.
 */
export async function startMysqlWithKeyring(options: DatabaseOptions = {}): Promise<Server> {
  const root = await mysqlRoot();
  const folder = await dataFolder('keyring');
  const program = join(folder, 'mysqld');
  await copyFile(join(root, 'usr/sbin/mysqld'), program);
  await copyFile(join(root, PLUGINS, 'component_keyring_file.so'), join(folder, 'component_keyring_file.so'));
  await writeFile(join(folder, 'mysqld.my'), JSON.stringify({ components: 'file://component_keyring_file' }));
  await writeFile(join(folder, 'component_keyring_file.cnf'), JSON.stringify({ path: join(folder, 'keyring'), read_only: false }));
  return startMysqlProgram({ name: 'MySQL 9.7 with a keyring', ...launcher(root, program), inside: inside(root, folder) }, options);
}

function inside(root: string, plugins: string): string[] {
  return [`--basedir=${join(root, 'usr')}`, `--lc-messages-dir=${join(root, 'usr/share/mysql')}`, `--plugin-dir=${plugins}`];
}

/** A mysqld of 8.0 or newer. */
export interface MysqlProgram {
  readonly name: string;
  readonly program: string;
  /** Arguments before all flags. */
  readonly launch: readonly string[];
  /** Flags that tell it where its parts are. */
  readonly inside: readonly string[];
}

/** Starts any MySQL of 8.0 or newer on a data folder of its own. */
export async function startMysqlProgram(given: MysqlProgram, options: DatabaseOptions = {}): Promise<Server> {
  const { name, program, launch } = given;
  const folder = await dataFolder('mysql');
  const own = [...given.inside, '--secure-file-priv='];
  // A data folder is made for one way of telling names apart.
  const names = options.flags?.filter((flag) => flag.startsWith('--lower-case-table-names=')) ?? [];
  await command(program, [...launch, '--no-defaults', '--initialize-insecure', ...asRoot(), `--datadir=${join(folder, 'data')}`, ...own, ...names]);
  const args = [...own, '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--binlog-row-metadata=FULL', '--mysqlx=0', '--performance-schema=OFF', '--innodb-buffer-pool-size=128M'];
  return startDatabase({ name, program, launch, folder, args, init: accounts('mysql') }, options);
}

/** The folder of a minimal Debian with MySQL in it, made by debootstrap on the first use. */
export function mysqlRoot(): Promise<string> {
  return installed(MYSQL_FOLDER, async (folder) => {
    if (process.platform !== 'linux') throw new Error(`MySQL for tests comes from Debian packages, which do not run on ${process.platform}. ${BY_DOCKER}`);
    if (process.getuid?.() !== 0) throw new Error(`debootstrap, which brings MySQL for tests, must run as root once: sudo -E env ROWCAST_CACHE=… npm test. ${BY_DOCKER}`);
    // Packages run parts of their set-up as other users, who must be able to enter the folder.
    await chmod(folder, 0o755);
    const debootstrap = await needProgram('debootstrap', 'debootstrap');
    say('fetching MySQL from Debian sid with debootstrap (about 160 MB, 720 MB on disk, a minute or two)');
    await command(debootstrap, ['--variant=minbase', '--include=mysql-server', 'sid', folder, debianMirror()], { label: 'debootstrap' });
    for (const waste of ['var/cache/apt', 'var/lib/apt/lists', 'var/lib/mysql', 'usr/share/doc']) await rm(join(folder, waste), { recursive: true, force: true });
  });
}

/**
 * The server is run by the loader and libraries it was built for, so that it needs neither the machine's nor a chroot.
 */
function launcher(root: string, mysqld: string): { readonly program: string; readonly launch: readonly string[] } {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const loader = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2';
  const libraries = join(root, 'usr/lib', triplet);
  return { program: join(libraries, loader), launch: ['--library-path', libraries, mysqld] };
}

const BY_DOCKER = 'With a Docker engine, `docker run -d -p 3306:3306 -e MYSQL_ALLOW_EMPTY_PASSWORD=1 mysql:9` gives a MySQL by hand.';
