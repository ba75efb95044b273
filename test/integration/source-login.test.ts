import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { SourceOptions, TlsMode } from '../../src/mysql/options.ts';
import { preflight } from '../../src/mysql/preflight.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading, refusal, refused } from './source-support.ts';

/** Certificates made by openssl: a CA, a server for `localhost` and 127.0.0.1, a client, and a CA that signed nothing. */
class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'rowcast-tls-'));

  constructor() {
    this.#authority('ca');
    this.#authority('stranger');
    this.#signed('server', 'subjectAltName=DNS:localhost');
    this.#signed('client', 'basicConstraints=CA:FALSE');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #authority(name: string): void {
    this.#openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
  }

  #signed(name: string, extension: string): void {
    writeFileSync(this.path(`${name}.ext`), `${extension}\n`);
    this.#openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=rowcast-${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    this.#openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }
}

const certificates = new Certificates();
const SSL = [`--ssl-ca=${certificates.path('ca.pem')}`, `--ssl-cert=${certificates.path('server.pem')}`, `--ssl-key=${certificates.path('server.key')}`];
afterAll(() => certificates.remove());

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql({ flags: SSL })],
  ['MariaDB', () => startMariadb({ flags: ['--ssl', ...SSL] })],
];

describe.each(SERVERS)('logging in to %s', (name, start) => {
  let server: Server;
  const mysql = name === 'MySQL 9';
  const sql = (text: string) => query(server, text);
  const tls = (mode: TlsMode, given: Partial<SourceOptions['tls']> = {}): SourceOptions['tls'] => ({ mode, ca: null, cert: null, key: null, ...given });
  const ca = certificates.read('ca.pem');

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key)');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('encrypts the dump, too, where TLS is wanted', async () => {
    await sql(`create user tls@'127.0.0.1' identified by 'secret' require ssl; grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor'} on *.* to tls@'127.0.0.1'`);
    const account = { user: 'tls', password: new Secret('secret') };
    for (const mode of ['preferred', 'required'] as const) {
      await reading({ options: optionsFor(server, { ...account, tls: tls(mode) }), from: 'latest' }, async (_, recorder) => {
        await sql('insert into src.t values (1); delete from src.t');
        await recorder.until(2);
      });
    }
    expect(await refused(optionsFor(server, { ...account, tls: tls('disabled') }))).toMatch(/SOURCE_AUTH|SOURCE_TLS/);
  });

  it('checks the certificate and the host name as it is told to', async () => {
    const outcome = (mode: TlsMode, authority: string | null, host: string): Promise<string> => refused(optionsFor({ host, port: server.port }, { tls: tls(mode, { ca: authority }) }));
    expect(await outcome('verify-ca', ca, '127.0.0.1')).toBe('opened');
    expect(await outcome('verify-ca', certificates.read('stranger.pem'), '127.0.0.1')).toBe('SOURCE_TLS');
    expect(await outcome('verify-ca', null, '127.0.0.1')).toBe('SOURCE_TLS');
    expect(await outcome('verify-identity', ca, '127.0.0.1')).toBe('SOURCE_TLS');
    // Linux looks localhost up as 127.0.0.1 or ::1, and both are tried.
    expect(await outcome('verify-identity', ca, 'localhost')).toBe('opened');
    expect(await outcome('required', certificates.read('stranger.pem'), '127.0.0.1')).toBe('opened');
  });

  it('shows a client certificate', async () => {
    await sql(`create user x509@'127.0.0.1' identified by 'secret' require x509; grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor'} on *.* to x509@'127.0.0.1'`);
    const account = { user: 'x509', password: new Secret('secret') };
    expect(await refused(optionsFor(server, { ...account, tls: tls('required') }))).toBe('SOURCE_AUTH');
    expect(await refused(optionsFor(server, { ...account, tls: tls('verify-ca', { ca, cert: certificates.read('client.pem'), key: new Secret(certificates.read('client.key')) }) }))).toBe('opened');
  });

  it('by every plugin that the server has, with and without TLS', async () => {
    const plugins = mysql ? ['caching_sha2_password', 'sha256_password'] : ['mysql_native_password'];
    for (const [i, plugin] of plugins.entries()) {
      await sql(mysql ? `create user p${i}@'127.0.0.1' identified with ${plugin} by 'pass'` : `create user p${i}@'127.0.0.1' identified via ${plugin} using password('pass')`);
      await sql(`grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor'} on *.* to p${i}@'127.0.0.1'`);
      for (const mode of ['disabled', 'required'] as const) {
        expect([plugin, mode, await refused(optionsFor(server, { user: `p${i}`, password: new Secret('pass'), tls: tls(mode) }))]).toEqual([plugin, mode, 'opened']);
        expect([plugin, mode, await refused(optionsFor(server, { user: `p${i}`, password: new Secret('wrong'), tls: tls(mode) }))]).toEqual([plugin, mode, 'SOURCE_AUTH']);
      }
    }
  });

  it('tells every missing privilege with a statement that grants it', async () => {
    await sql("create user `it's``me`@'127.0.0.1' identified by 'low'");
    const options = optionsFor(server, { user: "it's`me", password: new Secret('low') });
    const problems = await preflight(options, 'latest');
    expect(problems.filter((problem) => problem.severity === 'error').length).toBe(2);
    for (const problem of problems) await paste(problem.repair);
    expect(await preflight(options, 'latest')).toEqual([]);
    await sql("grant select on src.* to `it's``me`@'127.0.0.1'");
    expect(await refused(options)).toBe('opened');
  });

  it('counts privileges that a role gives, and ALL PRIVILEGES', async () => {
    await sql(`create role dumper; grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor'} on *.* to dumper; create user roled@'127.0.0.1' identified by 'low'; grant dumper to roled@'127.0.0.1'`);
    const roled = optionsFor(server, { user: 'roled', password: new Secret('low') });
    expect((await preflight(roled, 'latest')).length).toBe(2);
    await sql(mysql ? "set default role dumper to roled@'127.0.0.1'" : "set default role dumper for roled@'127.0.0.1'");
    expect(await preflight(roled, 'latest')).toEqual([]);
    await reading({ options: roled, from: 'latest' }, async (_, recorder) => {
      await sql('insert into src.t values (1); delete from src.t');
      await recorder.until(2);
    });
    await sql("create user every@'127.0.0.1' identified by 'low'; grant all privileges on *.* to every@'127.0.0.1'");
    expect(await preflight(optionsFor(server, { user: 'every', password: new Secret('low') }), 'latest')).toEqual([]);
  });

  it('tells every wrong setting with a statement that rights it', async () => {
    await sql(`set global binlog_format = 'MIXED'; set global binlog_row_image = 'MINIMAL'; set global binlog_row_metadata = '${mysql ? 'MINIMAL' : 'NO_LOG'}'; set global binlog_expire_logs_seconds = 3600`);
    const problems = await preflight(optionsFor(server), 'latest');
    expect(problems.map((problem) => problem.severity)).toEqual(['error', 'warning', 'warning', 'warning']);
    for (const problem of problems) await paste(problem.repair);
    expect(await preflight(optionsFor(server), 'latest')).toEqual([]);
  });

  it('takes a server without TLS where it may be plain, and not where it must not', async () => {
    const plain = mysql ? await startMysql({ flags: ['--tls-version='] }) : await startMariadb();
    try {
      expect(await refused(optionsFor(plain))).toBe('opened');
      expect(await refusal(optionsFor(plain, { tls: tls('required') }))).toContain('SOURCE_TLS');
      expect(await refused(optionsFor(plain, { tls: tls('verify-ca', { ca }) }))).toBe('SOURCE_TLS');
    } finally {
      await plain.stop();
    }
  });

  /** Runs the SQL that a repair begins with, up to its first semicolon. */
  async function paste(repair: string): Promise<void> {
    const statement = /^[^;]*;/.exec(repair)?.[0];
    if (statement === undefined) throw new Error(`no statement to paste in: ${repair}`);
    await sql(statement);
  }
});
