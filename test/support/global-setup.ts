import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import type { Server } from '../../scripts/servers/index.ts';
import { readerAccount, startKafka, startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { query } from './mysql.ts';
import type { Address } from './mysql.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mysql: Address;
    mariadb: Address;
    mysql56: Address;
    kafka: Address;
  }
}

/**
 * Starts the servers that test files share, and stops them after the last file. A server that does not come up fails
 * the run: nothing is skipped. One after another, as the first run installs them, and each says what it does.
 * With `ROWCAST_TEST_SERVERS` they are those that `npm run servers` keeps running.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env['ROWCAST_TEST_SERVERS'];
  if (kept !== undefined && kept !== '') return attach(project, kept);
  const running: Server[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()));
  };
  try {
    for (const [name, start] of STARTERS) {
      const server = await start();
      running.push(server);
      project.provide(name, { host: server.host, port: server.port });
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

async function attach(project: TestProject, file: string): Promise<() => Promise<void>> {
  const addresses = JSON.parse(readFileSync(file, 'utf8')) as Record<(typeof STARTERS)[number][0], Address>;
  for (const [name] of STARTERS) project.provide(name, addresses[name]);
  // They may have been started before the account was thought of.
  for (const name of ['mysql', 'mariadb'] as const) await query(addresses[name], readerAccount(name).join('; '));
  return () => Promise.resolve();
}

const STARTERS = [
  ['mysql', startMysql],
  ['mariadb', startMariadb],
  ['mysql56', startMysql56],
  ['kafka', startKafka],
] as const;
