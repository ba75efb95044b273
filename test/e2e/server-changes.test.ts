import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { READER, startMysql } from '../../scripts/servers/index.ts';
import { replicate } from '../integration/support/replicas.ts';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { savePosition } from './refusal.ts';

let source: Server;
let replica: Server;
let home: Place;
let database: string;

beforeAll(async () => {
  [source, replica] = await Promise.all([startMysql({ flags: ['--server-id=1'] }), startMysql({ flags: ['--server-id=2'] })]);
});
afterAll(() => Promise.all([source.stop(), replica.stop()]));

beforeEach(async () => {
  home = await place('moved');
  database = await freshDatabase(source, 'moved');
  await query(source, `create table ${database}.t (id int primary key)`);
});
afterEach(() => home.remove());

function config(server: Server, changes: DaemonConfig = {}): DaemonConfig {
  return home.config(server, { format: 'plain', routes: [{ tables: [`${database}.*`] }], source: { host: server.host, port: server.port, user: READER, heartbeat: '500ms', ...changes } });
}

/** What was written: ids of rows, and gaps. */
function written(): string[] {
  if (!existsSync(home.output)) return [];
  return readFileSync(home.output, 'utf8').split('\n').filter((line) => line !== '').map((line) => /\.gaps"/.test(line) ? 'gap' : (/\bid\\?":\s*(\d+)/.exec(line)?.[1] ?? line));
}

async function delivered(daemon: Daemon, id: number): Promise<void> {
  await daemon.while(until(`row ${id} is written`, () => written().includes(String(id))));
}

// First of all: a new replica needs all that the source ever wrote.
describe('a daemon that is pointed at a replica', () => {
  it('waits, and says so, until the replica has what it read, and goes on there; /status tells of the server', async () => {
    const first = await readyDaemon(home, config(source));
    await query(source, `insert into ${database}.t values (1)`);
    await delivered(first, 1);
    expect(await first.stop()).toBe(0);
    await query(source, `insert into ${database}.t values (2)`);
    await replicate(source, replica, { mariadb: false, start: false });
    const daemon = await startDaemon(home, config(replica));
    const answer = await daemon.while(until('the daemon waits for the replica', async () => {
      const ready = await daemon.readyz();
      return ready.reason === 'source-behind' && ready;
    }));
    expect(answer).toMatchObject({ status: 503, detail: expect.stringContaining('is a replica that does not have transactions yet') as string });
    await query(replica, 'start replica');
    await daemon.ready();
    await delivered(daemon, 2);
    expect(written()).toEqual(['1', '2']);
    const status = await daemon.while(until('the server was looked at', async () => {
      const { server } = JSON.parse(await daemon.text('/status')) as { server: { problems: unknown[]; settings: Record<string, string> } | null };
      return server ?? undefined;
    }));
    expect(status).toMatchObject({ problems: [], settings: { binlog_format: 'ROW', gtid_mode: 'ON' } });
    expect(await daemon.stop()).toBe(0);
  });
});

describe('a daemon whose binlog was purged while it was stopped', () => {
  it.each<['earliest' | 'latest', string[]]>([['earliest', ['gap', '4', '5']], ['latest', ['gap', '5']]])('goes on with onPurged: %s, and tells the gap once', async (onPurged, expected) => {
    await savePosition(home, config(source));
    const saved = home.saved();
    await query(source, `insert into ${database}.t values (1); insert into ${database}.t values (2), (3); flush binary logs`);
    const [last] = await query(source, 'show binary log status');
    await query(source, `purge binary logs to '${String(last?.['File'])}'; insert into ${database}.t values (4)`);
    const daemon = await readyDaemon(home, config(source, { onPurged }));
    await query(source, `insert into ${database}.t values (5)`);
    await delivered(daemon, 5);
    expect(written()).toEqual(expected);
    expect(daemon.lines().filter(({ level, msg }) => level === 'error' && msg.startsWith('rows are missing'))).toMatchObject([{ code: 'SOURCE_POSITION_PURGED', after: saved, resumedAt: onPurged, transactions: onPurged === 'earliest' ? 2 : 3 }]);
    const metrics = await daemon.text('/metrics');
    expect(metrics).toContain(`rowcast_gaps_total{resumed_at="${onPurged}"} 1`);
    expect(metrics).toContain(`rowcast_gap_transactions_total ${onPurged === 'earliest' ? 2 : 3}`);
    await daemon.while(until('the position after the gap is saved', () => home.saved() !== saved));
    expect(await daemon.stop()).toBe(0);
    const again = await readyDaemon(home, config(source, { onPurged }));
    expect(await again.stop()).toBe(0);
    expect(written()).toEqual(expected);
  });
});
