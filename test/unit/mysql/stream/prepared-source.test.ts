import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/core/ports.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { PreparedSource } from '../../../../src/mysql/stream/prepared-source.ts';
import { codeOf, followed } from '../binlog/support.ts';

const quiet = (): void => undefined;
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const xid = "X'61',X'',1";
const place = { xid, gtid: null, server: 's', file: 'binlog.000001', position: 4, before: null, empty: false };
const commit = { gtid: null, place: 'binlog.000002:4', committedMicros: 1 };

/** Takes connections, and says nothing. */
let server: Server;
let connected: Promise<void>;

beforeEach(async () => {
  server = createServer();
  connected = new Promise((resolve) => server.once('connection', (socket) => { socket.on('error', quiet); resolve(); }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => { server.close(); });

function prepared(files: () => Promise<readonly string[]>): PreparedSource {
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'u', password: new Secret(''), tls: { mode: 'disabled', ca: null, cert: null, key: null }, connectTimeout: 5_000 } as const;
  const handler = { table: quiet, begin: quiet, rows: quiet, commit: quiet, notice: quiet };
  return new PreparedSource({
    dump: { server: address, encrypted: false, mariadb: false, heartbeat: 1000, rowLimit: 1 << 20, annotated: false, skipsText: true },
    decoder: { handler, observer: { alive: quiet, event: quiet }, captures: () => true, catalogue: followed(() => ({ columns: [] })), charsets: new Map(), flavor: 'mysql', includeQuery: false, holding: { all: false, memory: 1 << 20, path: '/nowhere/held' } },
    server: 's', gtids: false, taken: new Set(), logger, alive: quiet, executed: () => null, files,
  });
}

describe('a prepared transaction', () => {
  it('that is being read again when the stream is closed does not count as told', async () => {
    const source = prepared(() => Promise.resolve([]));
    const told = codeOf(() => source.reread(place, commit));
    await connected;
    await source.close();
    expect(await told).toBe('SOURCE_LOST');
  });

  it('that is looked for when the stream is closed is neither given up nor read', async () => {
    let list: (names: readonly string[]) => void = quiet;
    const source = prepared(() => new Promise((resolve) => (list = resolve)));
    const found = codeOf(() => source.find(xid, { file: 'binlog.000002', position: 4 }));
    await source.close();
    list([]);
    expect(await found).toBe('SOURCE_LOST');
    expect(await codeOf(() => source.reread(place, commit))).toBe('SOURCE_LOST');
  });
});
