import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache.ts';
import { command, findProgram } from '../servers/command.ts';
import { startKafka } from '../servers/kafka.ts';
import { startMariadb, startMariadbProgram } from '../servers/mariadb.ts';
import { MYSQL_FOLDER, startMysql, startMysqlProgram } from '../servers/mysql.ts';
import { dockerKafka, dockerMysql, hasDocker } from './docker.ts';
import { reason, tell } from './tell.ts';

/** A throw-away server of the demo. */
export interface DemoServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** One way to get a server: what it is, for people, and how to start it; undefined where it does not apply here. */
interface Way {
  readonly from: string;
  readonly start: (() => Promise<DemoServer>) | undefined;
}

/**
 * A MySQL: Docker where an engine answers; else one that was fetched before; else what the machine has; else fetched
 * now.
 * @throws Error with what was tried and the commands that would give one
 */
export async function demoMysql(): Promise<DemoServer> {
  const cached = existsSync(join(cacheFolder(), MYSQL_FOLDER));
  return first('MySQL', [
    { from: 'Docker', start: (await hasDocker()) ? dockerMysql : undefined },
    { from: 'the cache', start: cached ? startMysql : undefined },
    { from: 'this machine', start: await installedDatabase() },
    { from: 'Debian packages', start: cached ? undefined : startMysql },
    { from: 'Maven (MariaDB)', start: startMariadb },
  ], MYSQL_REMEDY);
}

/** A Kafka, from Docker or from Maven. @throws Error with what was tried */
export async function demoKafka(): Promise<DemoServer> {
  return first('Kafka', [
    { from: 'Docker', start: (await hasDocker()) ? dockerKafka : undefined },
    { from: 'Maven', start: startKafka },
  ], 'Any of these helps: a running Docker engine; or, on Debian or Ubuntu, `sudo apt-get install -y default-jdk-headless maven`.');
}

async function first(what: string, ways: readonly Way[], remedy: string): Promise<DemoServer> {
  const failures: string[] = [];
  for (const { from, start } of ways) {
    if (start === undefined) continue;
    try {
      const server = await start();
      tell(`${what}: ${server.name} on ${server.host}:${server.port}`);
      return server;
    } catch (error) {
      failures.push(`from ${from}: ${reason(error)}`);
    }
  }
  throw new Error(`no ${what} could be brought up.\n${failures.map((failure) => `  ${failure}`).join('\n')}\n${remedy}`);
}

async function installedDatabase(): Promise<(() => Promise<DemoServer>) | undefined> {
  const program = findProgram('mysqld') ?? findProgram('mariadbd');
  if (program === undefined) return undefined;
  const version = await command(program, ['--no-defaults', '--version']).catch(() => '');
  const number = /Ver (\d+\.\d+\.\d+)/.exec(version)?.[1] ?? '';
  if (version.includes('MariaDB')) {
    const installer = findProgram('mariadb-install-db');
    return installer === undefined ? undefined : () => startMariadbProgram({ name: `MariaDB ${number} of this machine`, program, installer, base: undefined });
  }
  if (Number.parseInt(number, 10) < 8) return undefined;
  return () => startMysqlProgram({ name: `MySQL ${number} of this machine`, program, launch: [], inside: [] });
}

const MYSQL_REMEDY = `Any of these gives one, and then \`npm run demo\` goes on:
  a running Docker engine:   docker info
  Debian:                    sudo apt-get install -y mariadb-server
  Ubuntu:                    sudo apt-get install -y mysql-server
  macOS:                     brew install mysql
  as root, on Debian:        apt-get install -y debootstrap`;
