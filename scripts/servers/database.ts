import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Server } from './server.ts';
import { freePort } from './port.ts';
import { startServer } from './server.ts';

/** How a MySQL or MariaDB is started. */
export interface DatabaseOptions {
  /** Further command line flags; the last of two that name the same setting wins. */
  readonly flags?: readonly string[];
}

/** A database server that has its data folder already. */
export interface DatabaseSpec {
  readonly name: string;
  readonly program: string;
  /** What this server needs beyond the common flags; `--no-defaults` comes first by itself. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Holds `data`, the socket and the log. */
  readonly folder: string;
  /** Arguments of `program` that come before all flags. */
  readonly launch?: readonly string[];
  /** Statements run at every start, before the first connection. */
  readonly init?: readonly string[];
}

/** Starts a database server with binlog in row format; root needs no password over loopback. */
export async function startDatabase(spec: DatabaseSpec, options: DatabaseOptions): Promise<Server> {
  const port = await freePort();
  const { folder } = spec;
  const init = join(folder, 'init.sql');
  await writeFile(init, (spec.init ?? []).map((statement) => `${statement};\n`).join(''));
  return startServer({
    name: spec.name,
    port,
    folder,
    process: {
      program: spec.program,
      args: [...(spec.launch ?? []), '--no-defaults', ...common(folder, port), ...(spec.init === undefined ? [] : [`--init-file=${init}`]), ...spec.args, ...(options.flags ?? [])],
      cwd: spec.cwd ?? folder,
      ...(spec.env === undefined ? {} : { env: spec.env }),
      log: join(folder, 'server.log'),
      folder,
    },
    probe: () => answers(port),
  });
}

/** The account of daemons in tests, without a password: it has the smallest grants that docs/security.md names, and no more. */
export const READER = 'reader';

/** Makes `READER`; nothing of it is in the binlog. */
export function readerAccount(kind: 'mysql' | 'mariadb'): string[] {
  const grants = `replication slave, replication client, select${kind === 'mariadb' ? ', slave monitor' : ''}`;
  return ['set session sql_log_bin = 0', `create user if not exists '${READER}'@'127.0.0.1'`, `grant ${grants} on *.* to '${READER}'@'127.0.0.1'`];
}

/** Makes root reachable from 127.0.0.1, whatever the server's name resolution says, and the account of daemons; nothing of it is in the binlog. */
export function accounts(kind: 'mysql' | 'mariadb'): string[] {
  return [...readerAccount(kind), "create user if not exists 'root'@'127.0.0.1'", "grant all privileges on *.* to 'root'@'127.0.0.1' with grant option"];
}

/** Database servers refuse to run as root unless they are told to. */
export function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

function common(folder: string, port: number): string[] {
  return [
    `--datadir=${join(folder, 'data')}`,
    `--socket=${join(folder, 'mysql.sock')}`,
    `--pid-file=${join(folder, 'mysql.pid')}`,
    `--tmpdir=${folder}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    ...asRoot(),
    '--server-id=1',
    '--log-bin=binlog',
    '--binlog-format=ROW',
    '--sync-binlog=0',
    '--innodb-flush-log-at-trx-commit=0',
    '--character-set-server=utf8mb4',
  ];
}

/** Passes when root gets in and an answer comes back. */
export async function answers(port: number): Promise<void> {
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root', connectTimeout: 2000 });
  try {
    await connection.query('select 1');
  } finally {
    connection.destroy();
  }
}
