import { cp, mkdir, readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { METRICS } from '../../src/observe/metrics-table.ts';
import { builtProgram, ROOT } from '../support/built.ts';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';

const run = promisify(execFile);
const mysql = inject('mysql');
const kafka = inject('kafka');

let home: Place;
let database: string;
let config: DaemonConfig;
let daemon: Daemon;

beforeAll(async () => {
  home = await place('watched');
  database = await freshDatabase(mysql, 'watched');
  config = home.config(mysql, { sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`] }, routes: [{ tables: [`${database}.t`] }] });
  daemon = await readyDaemon(home, config);
  await query(mysql, 'create table t (id int primary key); create table other (id int primary key); insert into t values (1), (2), (3); insert into other values (1), (2)', database);
  await daemon.while(until('three messages confirmed', async () => /^rowcast_messages_sent_total\{[^}]*\} 3$/m.test(await daemon.text('/metrics'))));
});

afterAll(async () => {
  await daemon.kill();
  await home.remove();
});

describe('a running daemon', () => {
  it('tells its state at /status', async () => {
    const status = await daemon.while(until('all is read', async () => {
      const now = JSON.parse(await daemon.text('/status')) as { position: { read: string; saved: string }; lag: { bytes: number | null } };
      return now.position.read === now.position.saved && now.lag.bytes === 0 && now;
    }));
    expect(status).toMatchObject({
      name: 'watched',
      state: 'streaming',
      ready: true,
      reason: 'streaming',
      error: null,
      lag: { seconds: 0, bytes: 0 },
      inflight: { bytes: 0, limit: 16 * 1024 * 1024 },
    });
    expect(status.position.saved).toBe(home.saved());
  });

  it('tells how long the server keeps the position: for its default of 30 days were the daemon to stop, and for ever as it keeps up', async () => {
    const kept = 2_592_000;
    const slack = await daemon.while(until('the server was looked at', async () => Number(/^rowcast_retention_slack_seconds (\d.*)$/m.exec(await daemon.text('/metrics'))?.[1] ?? 0)));
    expect(slack).toBeGreaterThan(kept - 3_600);
    expect(slack).toBeLessThanOrEqual(kept);
    expect(await daemon.text('/metrics')).toMatch(/^rowcast_retention_runway_seconds \+Inf$/m);
    expect(JSON.parse(await daemon.text('/status'))).toMatchObject({ retention: { runwaySeconds: 'never', slackSeconds: expect.any(Number) as number } });
  });

  it('shows every metric of its table at /metrics, with what happened', async () => {
    const text = await daemon.text('/metrics');
    const names = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]));
    expect(METRICS.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
    const topic = `watched.${database}.t`;
    for (const line of [
      `rowcast_messages_encoded_total{topic="${topic}",table="${database}.t"} 3`,
      `rowcast_messages_sent_total{topic="${topic}"} 3`,
      `rowcast_rows_left_out_total{reason="no_route",table="${database}.other"} 2`,
      'rowcast_ready 1',
      'rowcast_inflight_bytes 0',
      'rowcast_state{state="streaming"} 1',
      'rowcast_reconnects_total 0',
    ]) expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^nodejs_heap_size_used_bytes /m);
    expect(Number(/^rowcast_checkpoint_age_seconds (\S+)$/m.exec(text)?.[1])).toBeLessThan(60);
  });

  it('logs a line per meaningful event and none per row', () => {
    expect(daemon.lines().map(({ msg }) => msg).filter((text) => /insert|row \d/i.test(text))).toEqual([]);
    expect(daemon.lines().filter(({ level }) => level === 'text')).toEqual([]);
    expect(daemon.said('table captured')).toHaveLength(1);
  });
});

describe('a daemon that waits for its checkpoint', () => {
  it('is alive, says what it waits for and why, ends when it is told to, and goes on when the place is there', async () => {
    const own = await place('early');
    const line = await startTcpProxy(mysql);
    line.refuse();
    const settings = own.config(mysql, { routes: [{ tables: [`${database}.t`] }], checkpoint: { path: own.checkpoint, type: 'mysql', server: { host: '127.0.0.1', port: line.port, user: 'root' }, table: `${database}.positions` } });
    const waits = async (one: Daemon): Promise<unknown> => one.while(until('it says what it waits for', async () => {
      const status = JSON.parse(await one.text('/status')) as { error: object | null };
      return status.error !== null && status;
    }));
    const stopped = await startDaemon(own, settings);
    await waits(stopped);
    expect(await stopped.stop()).toBe(0);
    const waiting = await startDaemon(own, settings);
    expect(await waits(waiting)).toMatchObject({ state: 'starting', ready: false, error: { code: 'CHECKPOINT_LOST' }, leadership: { standby: false, leads: false } });
    expect(await waiting.readyz()).toMatchObject({ status: 503, reason: 'starting', detail: expect.stringContaining(`it waits for the checkpoint in table ${database}.positions`) as string });
    expect(JSON.parse(await waiting.text('/healthz'))).toEqual({ alive: true });
    const metrics = await waiting.text('/metrics');
    for (const text of ['rowcast_ready 0', 'rowcast_leader 0', 'rowcast_state{state="starting"} 1']) expect(metrics.split('\n')).toContain(text);
    line.accept();
    await waiting.ready();
    expect((await waiting.text('/metrics')).split('\n')).toContain('rowcast_leader 1');
    expect(await waiting.stop()).toBe(0);
    await line.close();
    await own.remove();
  }, 60_000);
});

describe('pages of a daemon with secrets', () => {
  const SECRETS = ['s3cr3t-of-mysql', 's3cr3t-of-the-masks', 's3cr3t-of-kafka', 's3cr3t-of-a-row'];

  it('hold none of them, nor a value of a row, whatever is asked and however the daemon fares (Invariant 10)', async () => {
    const own = await place('secretive');
    const user = `u${database.slice(-12)}`;
    await query(mysql, `create user ${user}@'%' identified by '${SECRETS[0] ?? ''}'; grant replication slave, replication client, select on *.* to ${user}@'%'; create table secret (id int primary key, pin text, v int)`, database);
    const source = { host: mysql.host, port: mysql.port, user, password: SECRETS[0], heartbeat: '500ms' };
    const sasl = { mechanism: 'plain', username: 'u', password: SECRETS[2] };
    const route = { tables: [`${database}.secret`], columns: { mask: { pin: 'sha256' } }, where: '10 / row.v > 0', onError: 'skip' };
    const secretive = { source, masking: { key: SECRETS[1] }, routes: [route] };
    const pages = async (one: Daemon): Promise<string> => (await Promise.all(['/metrics', '/status', '/readyz', '/healthz', '/', '/config', '/status?password'].map((path) => one.text(path)))).join();
    const streaming = await readyDaemon(own, own.config(mysql, secretive));
    await query(mysql, `insert into secret values (1, '${SECRETS[3] ?? ''}', 1), (2, '${SECRETS[3] ?? ''}', 0)`, database);
    await streaming.while(until('the rows', async () => /left_out_total\{reason="condition_error"[^}]*\} 1$/m.test(await streaming.text('/metrics'))));
    const seen = [await pages(streaming), streaming.errors];
    expect(await streaming.stop()).toBe(0);
    // Nobody logs in at a broker without SASL: it stays unready, and says why.
    const waiting = await startDaemon(own, own.config(mysql, { ...secretive, sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], sasl } }));
    await until('it answers or has ended', () => pages(waiting).then((text) => seen.push(text) > 0, () => waiting.process.exitCode !== null));
    await waiting.kill();
    seen.push(waiting.errors);
    for (const secret of SECRETS) expect(seen.filter((text) => text.includes(secret))).toEqual([]);
    expect(seen[0]).toContain('"state": "streaming"');
    await query(mysql, `drop user ${user}@'%'`, database);
    await own.remove();
  });

  it('are not there under another address than the one of http.host', async () => {
    await expect(fetch(daemon.url.replace('127.0.0.1', '127.0.0.2'))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe('the layout of the image, in a plain folder', () => {
  it('runs, and its health check sees the daemon', async () => {
    await builtProgram();
    const app = join(home.folder, 'app');
    await mkdir(app);
    for (const name of ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'dist']) await cp(join(ROOT, name), join(app, name), { recursive: true });
    await run('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: app });
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await run(process.execPath, ['dist/cli/main.js', '--version'], { cwd: app })).stdout).toBe(`${version}\n`);
    expect((await run(process.execPath, ['dist/cli/main.js', '--help'], { cwd: app })).stdout).toContain('rowcast run');
    const own = await place('image');
    const imaged = await readyDaemon(own, own.config(mysql, { sink: { type: 'kafka', compression: 'zstd', brokers: [`${kafka.host}:${String(kafka.port)}`] }, routes: [{ tables: [`${database}.image`] }] }), { program: join(app, 'dist/cli/main.js') });
    const check = (url: string): Promise<{ stdout: string; stderr: string }> => run(process.execPath, ['dist/cli/healthcheck.js'], { cwd: app, env: { ...process.env, ROWCAST_HEALTH_URL: url } });
    expect(await check(`${imaged.url}/healthz`)).toMatchObject({ stderr: '' });
    await query(mysql, 'create table image (id int primary key); insert into image values (1)', database);
    await imaged.while(until('the row', async () => /^rowcast_messages_sent_total\{[^}]*\} 1$/m.test(await imaged.text('/metrics'))));
    expect(await imaged.stop()).toBe(0);
    await expect(check(`${imaged.url}/healthz`)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') as string });
    await own.remove();
  });
});
