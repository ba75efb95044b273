import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asRowcastError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import type { SourceOptions, TlsMode } from '../../src/mysql/options.ts';
import { TableCheckpointStore } from '../../src/mysql/checkpoint-table.ts';
import { preflight } from '../../src/mysql/preflight.ts';
import { openSession } from '../../src/mysql/stream/sql-session.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { mariadbPlugins, startMariadb, startMysql } from '../../scripts/servers/index.ts';
import { Certificates } from '../support/certificates.ts';
import type { Address } from '../support/mysql.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading, refusal, refused } from './source-support.ts';

/** A CA, a server for `localhost` alone, a client, and a CA that signed none of them. */
const certificates = new Certificates();
certificates.sign('server', 'subjectAltName=DNS:localhost');
certificates.sign('client', 'basicConstraints=CA:FALSE');
const SSL = [`--ssl-ca=${certificates.path('ca.pem')}`, `--ssl-cert=${certificates.path('server.pem')}`, `--ssl-key=${certificates.path('server.key')}`];
afterAll(() => certificates.remove());

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql({ flags: SSL })],
  ['MariaDB', async () => startMariadb({ flags: ['--ssl', ...SSL, `--plugin-dir=${await mariadbPlugins()}`, '--plugin-load-add=auth_ed25519', '--plugin-load-add=auth_pam_v1'] })],
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

  it('checks the certificate and the host name as it is told to, and says what to do', async () => {
    const outcome = async (mode: TlsMode, authority: string | null, host: string): Promise<string> => {
      const options = optionsFor({ host, port: server.port }, { tls: tls(mode, { ca: authority === null ? null : certificates.read(authority) }) });
      const error = await openSession(options).then((session) => session.close(), asRowcastError);
      return error === undefined ? refused(options) : `${error.code}: ${error.hint}`;
    };
    const [untrusted, otherName] = [expect.stringMatching(/^SOURCE_TLS: No CA that is trusted.*tls\.ca/) as string, expect.stringMatching(/^SOURCE_TLS: The certificate is good, but not for this host/) as string];
    // Linux looks localhost up as 127.0.0.1 or ::1, and both are tried.
    for (const [mode, authority, host, wanted] of [
      ['preferred', 'stranger.pem', '127.0.0.1', 'opened'],
      ['required', 'stranger.pem', '127.0.0.1', 'opened'],
      ['verify-ca', 'ca.pem', '127.0.0.1', 'opened'],
      ['verify-ca', 'stranger.pem', 'localhost', untrusted],
      ['verify-ca', null, 'localhost', untrusted],
      ['verify-identity', 'ca.pem', 'localhost', 'opened'],
      ['verify-identity', 'ca.pem', '127.0.0.1', otherName],
      ['verify-identity', 'stranger.pem', 'localhost', untrusted],
    ] as const) expect([mode, authority, host, await outcome(mode, authority, host)]).toEqual([mode, authority, host, wanted]);
  });

  it('holds for the checkpoint in a table and for check, too', async () => {
    const store = (host: string, mode: TlsMode, authority: string): TableCheckpointStore => {
      const options = optionsFor({ host, port: server.port }, { user: 'root', tls: tls(mode, { ca: certificates.read(authority) }) });
      return new TableCheckpointStore({ ...options, name: 'tls', table: 'src.checkpoints' }, () => undefined);
    };
    const good = store('localhost', 'verify-identity', 'ca.pem');
    await good.open();
    await good.close();
    for (const bad of [store('localhost', 'verify-ca', 'stranger.pem'), store('127.0.0.1', 'verify-identity', 'ca.pem')]) {
      await expect(bad.open()).rejects.toMatchObject({ code: 'CHECKPOINT_UNWRITABLE', message: expect.stringContaining('no TLS connection') as string, hint: expect.stringMatching(/^In checkpoint\.server and checkpoint\.table: (No CA|The certificate is good)/) as string });
    }
    const problems = await preflight(optionsFor(server, { tls: tls('verify-identity', { ca }) }), 'latest');
    expect(problems).toMatchObject([{ code: 'SOURCE_TLS', severity: 'error', repair: expect.stringContaining('tls.mode: verify-ca') as string }]);
  });

  it('shows a client certificate', async () => {
    await sql(`create user x509@'127.0.0.1' identified by 'secret' require x509; grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor'} on *.* to x509@'127.0.0.1'`);
    const account = { user: 'x509', password: new Secret('secret') };
    expect(await refused(optionsFor(server, { ...account, tls: tls('required') }))).toBe('SOURCE_AUTH');
    expect(await refused(optionsFor(server, { ...account, tls: tls('verify-ca', { ca, cert: certificates.read('client.pem'), key: new Secret(certificates.read('client.key')) }) }))).toBe('opened');
  });

  it('by every plugin that the server has, with and without TLS, whether the server knows the password from before or not', async () => {
    const plugins = mysql ? ['caching_sha2_password', 'sha256_password'] : ['mysql_native_password', 'ed25519'];
    for (const [i, plugin] of plugins.entries()) {
      await sql(mysql ? `create user p${i}@'127.0.0.1' identified with ${plugin} by 'pässword'` : `create user p${i}@'127.0.0.1' identified via ${plugin} using password('pässword')`);
      await sql(`grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor'} on *.* to p${i}@'127.0.0.1'`);
      for (const mode of ['disabled', 'required'] as const) {
        // caching_sha2_password forgets whom it knows: the next login sends the password, by TLS or by the server's RSA key.
        await sql('flush privileges');
        for (const [password, wanted] of [['pässword', 'opened'], ['pässword', 'opened'], ['wrong', 'SOURCE_AUTH'], ['', 'SOURCE_AUTH']] as const) {
          expect([plugin, mode, password, await refused(optionsFor(server, { user: `p${i}`, password: new Secret(password), tls: tls(mode) }))]).toEqual([plugin, mode, password, wanted]);
        }
      }
    }
  });

  it.skipIf(mysql)('and names a plugin that it has not', async () => {
    await sql("create user pam@'127.0.0.1' identified via pam using 'other'");
    const error = await openSession(optionsFor(server, { user: 'pam', password: new Secret('pass') })).catch(asRowcastError);
    expect(error).toMatchObject({ code: 'SOURCE_AUTH', retry: false, message: expect.stringContaining('asks for the login plugin dialog, which is not supported') as string, hint: expect.stringContaining('IDENTIFIED VIA ed25519') as string });
  });

  it('tells every missing privilege with a statement that grants it', async () => {
    await sql("create user `it's``me`@'127.0.0.1' identified by 'low'");
    const options = optionsFor(server, { user: "it's`me", password: new Secret('low') });
    const problems = await preflight(options, 'latest');
    expect(problems.map((problem) => problem.severity)).toEqual(mysql ? ['error', 'error'] : ['error', 'error', 'warning']);
    for (const problem of problems) await paste(problem.repair);
    expect(await preflight(options, 'latest')).toEqual([]);
    await sql("grant select on src.* to `it's``me`@'127.0.0.1'");
    expect(await refused(options)).toBe('opened');
  });

  it('counts privileges that a role gives, and ALL PRIVILEGES', async () => {
    await sql(`create role dumper; grant select, replication slave, ${mysql ? 'replication client' : 'binlog monitor, slave monitor'} on *.* to dumper; create user roled@'127.0.0.1' identified by 'low'; grant dumper to roled@'127.0.0.1'`);
    const roled = optionsFor(server, { user: 'roled', password: new Secret('low') });
    expect((await preflight(roled, 'latest')).length).toBe(mysql ? 2 : 3);
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
      for (const mode of ['verify-ca', 'verify-identity'] as const) expect(await refused(optionsFor(plain, { tls: tls(mode, { ca }) }))).toBe('SOURCE_TLS');
      await expect(openSession(optionsFor(plain, { tls: tls('required') }))).rejects.toMatchObject({ hint: expect.stringContaining('Give the server a certificate') as string });
    } finally {
      await plain.stop();
    }
  });

  it.each<[string, Interference, RegExp]>([
    ['answers the handshake with something else', (_, client) => client.end('HTTP/1.1 400 Bad Request'), /^SOURCE_TLS/],
    ['closes the connection in the handshake', (_, client) => client.end(), /^SOURCE_LOST/],
    ['resets it', (_, client) => client.resetAndDestroy(), /^SOURCE_LOST/],
  ])('preferred never falls back to plain when somebody %s', async (_, interfere, wanted) => {
    const between = await startInterference(server, { greeting: (bytes) => bytes, second: interfere });
    expect(await refusal(optionsFor(between, { connectTimeout: 5_000 }))).toMatch(wanted);
    expect(between.connections).toBe(1);
    await between.close();
  });

  it('cannot tell a server without TLS from one whose TLS somebody hides: preferred takes both, all that is stricter neither', async () => {
    const between = await startInterference(server, { greeting: withoutTls, second: null });
    expect(await refused(optionsFor(between))).toBe('opened');
    for (const mode of ['required', 'verify-ca'] as const) expect(await refused(optionsFor(between, { tls: tls(mode, { ca }) }))).toBe('SOURCE_TLS');
    await between.close();
  });

  /** Runs the SQL that a repair begins with, up to its first semicolon. */
  async function paste(repair: string): Promise<void> {
    const statement = /^[^;]*;/.exec(repair)?.[0];
    if (statement === undefined) throw new Error(`no statement to paste in: ${repair}`);
    await sql(statement);
  }
});

type Interference = (chunk: Buffer, client: Socket) => void;

/** Somebody in the line: changes the server's greeting, and meets the second thing that the client sends (the first is the wish for TLS). */
async function startInterference(target: Address, { greeting, second }: { readonly greeting: (bytes: Buffer) => Buffer; readonly second: Interference | null }): Promise<Address & { readonly connections: number; close(): Promise<void> }> {
  let connections = 0;
  const listener = createServer((client) => {
    connections++;
    const far = connect(target.port, target.host);
    let sent = 0;
    far.once('data', (first) => {
      client.write(greeting(first));
      far.on('data', (chunk) => void client.write(chunk));
    });
    client.on('data', (chunk) => {
      if (++sent >= 2 && second !== null) second(chunk, client);
      else far.write(chunk);
    });
    for (const [one, other] of [[client, far], [far, client]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: () => new Promise((resolve) => listener.close(() => resolve())),
  };
}

/** A greeting (protocol 10) without the flag CLIENT_SSL: after the version comes the thread id (4), salt (8), a zero, and the flags. */
function withoutTls(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const flags = changed.indexOf(0, 5) + 1 + 4 + 8 + 1;
  changed.writeUInt16LE(changed.readUInt16LE(flags) & ~0x0800, flags);
  return changed;
}
