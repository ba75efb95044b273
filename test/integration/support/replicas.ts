import { rm, cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from '../../../scripts/servers/index.ts';
import { query } from '../../support/mysql.ts';
import { until } from '../../support/wait.ts';

/** Makes `replica` a replica of `source` by GTIDs, with an account that is made there. Nothing must be written on the replica before. */
export async function replicate(source: Server, replica: Server, { mariadb, start = true }: { readonly mariadb: boolean; readonly start?: boolean }): Promise<void> {
  await query(source, "create user if not exists 'repl'@'%' identified by 'r'; grant replication slave on *.* to 'repl'@'%'");
  if (mariadb) {
    await query(replica, `change master to master_host='${source.host}', master_port=${source.port}, master_user='repl', master_password='r', master_use_gtid=slave_pos, master_ssl=0${start ? '; start slave' : ''}`);
  } else {
    await query(replica, `change replication source to source_host='${source.host}', source_port=${source.port}, source_user='repl', source_password='r', source_auto_position=1, get_source_public_key=1${start ? '; start replica' : ''}`);
  }
}

/** Waits until the replica has executed all that the source has. */
export async function caughtUp(source: Server, replica: Server, mariadb: boolean): Promise<void> {
  const asked = mariadb ? 'select @@global.gtid_binlog_pos as gtids' : 'select @@global.gtid_executed as gtids';
  const wanted = String((await query(source, asked))[0]?.['gtids']);
  await until('the replica has everything', async () => {
    const [row] = await query(replica, mariadb ? asked : `select gtid_subset('${wanted.replace(/\s/g, '')}', @@global.gtid_executed) as gtids`);
    const has = String(row?.['gtids']);
    // A replica may have written in a domain of its own.
    return mariadb ? wanted.split(',').every((gtid) => has.split(',').includes(gtid)) : has === '1';
  });
}

/** Makes the replica a server of its own, as a failover does. */
export async function promote(replica: Server, mariadb: boolean): Promise<void> {
  await query(replica, mariadb ? 'stop slave; reset slave all' : 'stop replica; reset replica all');
}

/** Halts a server and keeps a copy of its data, and starts it again; the answer puts the copy back in the same way. */
export async function backUp(server: Server): Promise<() => Promise<void>> {
  const data = join(server.folder, 'data');
  const copy = join(server.folder, 'backup');
  await server.halt();
  await cp(data, copy, { recursive: true });
  await server.restart();
  return async () => {
    await server.halt();
    await rm(data, { recursive: true });
    await cp(copy, data, { recursive: true });
    await server.restart();
  };
}
