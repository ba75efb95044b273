import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import { NO_POLICIES } from '../../../src/core/type-policies.ts';
import { configOf, VALID } from './support.ts';

describe('a small file', () => {
  it('gets every default', () => {
    const { source, routes, ...rest } = configOf(VALID);
    const { password, ...server } = source;
    expect(password.reveal()).toBe('');
    expect(server).toEqual({
      host: '127.0.0.1',
      port: 3306,
      user: 'rowcast',
      tls: { mode: 'preferred', ca: null, cert: null, key: null },
      serverId: 'auto',
      start: 'latest',
      heartbeat: 5_000,
      onPurged: 'fail',
      connectTimeout: 10_000,
      query: false,
    });
    expect(routes).toEqual([
      {
        tables: ['shop.*'],
        drop: false,
        topic: 'shop.${database}.${table}',
        format: null,
        key: null,
        columns: { include: null, exclude: null, rename: {}, mask: {} },
        types: NO_POLICIES,
        where: null,
        when: null,
        onError: 'fail',
        onTooLarge: 'fail',
        deadLetter: 'shop.dead-letter',
        operations: ['insert', 'update', 'delete'],
        schemaChanges: null,
        tombstones: true,
      },
    ]);
    expect(rest).toEqual({
      name: 'shop',
      sink: { type: 'stdout' },
      deadLetter: { topic: null },
      schema: { onUnknown: 'quarantine', quarantine: { file: null, topic: null }, shadowTables: 'leave-out' },
      checkpoint: { type: 'file', path: './data/shop.checkpoint', topic: 'shop.checkpoint', server: null, table: 'rowcast.checkpoints' },
      format: {
        type: 'debezium',
        schemas: false,
        decimal: 'precise',
        bigintUnsigned: 'long',
        binary: 'bytes',
        timePrecision: 'adaptive_time_microseconds',
        transactions: false,
        transactionTopic: null,
        heartbeat: null,
        heartbeatTopic: null,
        flat: null,
      },
      types: NO_POLICIES,
      schemaChanges: null,
      masking: { key: null },
      standby: null,
      http: { host: '127.0.0.1', port: 9464 },
      log: { level: 'info', format: 'auto' },
      limits: { memory: 16_777_216, held: 8_388_608, row: 67_108_864 },
      shutdown: { deadline: 25_000 },
    });
  });

  it('gets the defaults of a Kafka sink', () => {
    expect(configOf(`${VALID}sink: { type: kafka, brokers: ["a:9092"] }`).sink).toEqual({
      type: 'kafka',
      delivery: 'exactly-once',
      transaction: { timeout: 60_000, interval: 100, size: 32 * 1024 * 1024, onTimeout: 'fail' },
      brokers: ['a:9092'],
      tls: null,
      sasl: null,
      compression: 'none',
      topics: { create: true, partitions: null, replicationFactor: null },
      batch: 1_048_576,
      connectTimeout: 10_000,
      requestTimeout: 30_000,
    });
  });

  it('may have keys without values, which count as not written', () => {
    expect(configOf(`${VALID}log:\nhttp: { host: , port: 1 }\nsink:\n`)).toMatchObject({ log: { level: 'info' }, http: { host: '127.0.0.1', port: 1 }, sink: { type: 'stdout' } });
  });

  it('may use anchors', () => {
    const text = 'name: shop\nsource: { user: rowcast }\nroutes:\n  - { tables: [a.b], columns: &c { mask: { x: redact } } }\n  - { tables: [a.c], columns: *c }\n';
    expect(configOf(text).routes[1]?.columns.mask).toEqual({ x: 'redact' });
  });
});

describe('values', () => {
  it.each([
    ['latest', 'latest'],
    ['{ gtid: "3e11:1-5" }', { gtid: '3e11:1-5' }],
    ['{ timestamp: 2026-01-31T12:00:00Z }', { timestamp: 1_769_860_800_000_000 }],
    ['{ timestamp: "2026-01-31 13:00:00.000001+01:00" }', { timestamp: 1_769_860_800_000_001 }],
    ['{ timestamp: 2026-01-31t12:00z }', { timestamp: 1_769_860_800_000_000 }],
    ['{ file: binlog.000001, position: 4 }', { file: 'binlog.000001', position: 4 }],
  ])('source.start: %s', (written, expected) => {
    expect(configOf(`name: s\nsource:\n  user: u\n  start: ${written}\nroutes: [{ tables: [a.b] }]`).source.start).toEqual(expected);
  });

  it.each(['2026-01-31', '2026-01-31T12:00:00', '2026-02-30T12:00:00Z', '2026-13-01T00:00:00Z', '1769860800', 'now'])('source.start: no time is %s', (written) => {
    expect(() => configOf(`name: s\nsource:\n  user: u\n  start: { timestamp: "${written}" }\nroutes: [{ tables: [a.b] }]`)).toThrow();
  });

  it('reads numbers, flags, units and lists that come from the environment', () => {
    const text = 'name: ${NAME}\nsource:\n  user: u\n  port: ${PORT:-3306}\n  serverId: ${ID}\n  query: ${QUERY}\nsink:\n  type: ${SINK}\n  brokers: ${BROKERS}\nroutes: [{ tables: "${TABLES}" }]\nhttp: ${HTTP}\nlimits: { row: "${ROW}" }\n';
    const env = { NAME: 'n1', PORT: '3307', ID: '77', QUERY: 'true', SINK: 'kafka', BROKERS: 'a:1, b:2', TABLES: 'x.*,y.z', HTTP: 'false', ROW: '1MB' };
    expect(configOf(text, env)).toMatchObject({
      name: 'n1',
      source: { port: 3307, serverId: 77, query: true },
      sink: { type: 'kafka', brokers: ['a:1', 'b:2'] },
      routes: [{ tables: ['x.*', 'y.z'] }],
      http: false,
      limits: { row: 1_000_000 },
      checkpoint: { path: './data/n1.checkpoint' },
    });
  });

  it('keeps a password of digits from the environment as it is', () => {
    expect(configOf('name: s\nsource:\n  user: u\n  password: ${P}\nroutes: [{ tables: [a.b] }]', { P: '007' }).source.password.reveal()).toBe('007');
  });

  it('leaves database and table to topic templates, even when the environment has such variables', () => {
    const text = 'name: s\nsource: { user: u }\nroutes:\n  - tables: [a.b]\n    topic: ${ENV}.${database}.${table}\n';
    expect(configOf(text, { ENV: 'prod', database: 'no', table: 'no' }).routes[0]?.topic).toBe('prod.${database}.${table}');
  });

  it('takes key: none and key columns', () => {
    const { routes } = configOf('name: s\nsource: { user: u }\nroutes:\n  - { tables: [a.b], key: none }\n  - { tables: [a.c], key: [id, part] }');
    expect(routes.map(({ key }) => key)).toEqual(['none', ['id', 'part']]);
  });
});

describe('secrets from files', () => {
  it.each([
    ['password_file: /run/secrets/mysql', 'hunter2'],
    ['password: !file /run/secrets/mysql', 'hunter2'],
    ['password_file: ${DIR}/mysql', 'hunter2'],
    ['password: !file "${DIR}/crlf"', 'hunter3'],
    ['password_file: /run/secrets/two', 'a\n'],
  ])('%s', (written, expected) => {
    expect(configOf(`name: s\nsource:\n  user: u\n  ${written}\nroutes: [{ tables: [a.b] }]`, { DIR: '/run/secrets' }).source.password.reveal()).toBe(expected);
  });

  it('gives certificates as text and hides private keys', () => {
    const { tls } = configOf('name: s\nsource:\n  user: u\n  tls: { mode: verify-ca, ca_file: /etc/ca.pem, cert_file: /etc/ca.pem, key_file: /etc/key.pem }\nroutes: [{ tables: [a.b] }]').source;
    expect(tls.ca).toBe('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----');
    expect(tls.key?.reveal()).toBe('-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----');
    expect(inspect(tls, { depth: 9 })).not.toContain('MIIE');
  });

  it('leaves columns whose names end in _file alone', () => {
    const { routes } = configOf('name: s\nsource: { user: u }\nroutes:\n  - { tables: [a.b], columns: { rename: { password_file: p, key_file: k } } }');
    expect(routes[0]?.columns.rename).toEqual({ password_file: 'p', key_file: 'k' });
  });

  it('never shows a secret in the whole configuration (Invariant 10)', () => {
    const config = configOf(`name: s
source: { user: u, password: hunter2-mysql }
sink: { type: kafka, brokers: [a:1], sasl: { mechanism: plain, username: u, password: hunter2-kafka } }
masking: { key: hunter2-hunter2-mask }
routes: [{ tables: [a.b] }]`);
    expect(inspect(config, { depth: 20 }) + JSON.stringify(config)).not.toContain('hunter2');
  });
});

describe('loadConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowcast-config-'));
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it('reads the file at a path, with files beside it', () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'from-file\n');
    const path = join(folder, 'ok.yaml');
    writeFileSync(path, `name: s\nsource: { user: u, password_file: ${secret} }\nroutes: [{ tables: [a.b] }]\n`);
    expect(loadConfig(path, {}).source.password.reveal()).toBe('from-file');
  });

  it('says that there is no such file', () => {
    const path = join(folder, 'none.yaml');
    expect(() => loadConfig(path, {})).toThrow(expect.objectContaining({ code: 'CONFIG_UNREADABLE', exit: 2, message: `the configuration file ${path} cannot be read: ENOENT: no such file or directory, open '${path}'` }));
  });

  it('throws all problems as one error', () => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(path, 'name: s\nsource:\n  usr: u\nroutes: [{ tables: [a.b] }]\nlog: { level: loud }\n');
    expect(() => loadConfig(path, {})).toThrow(RowcastError);
    expect(() => loadConfig(path, {})).toThrow(
      `the configuration has 2 problems:
  ${path}:3:3  source.usr is not a known key
    Did you mean user?
  ${path}:5:15  log.level must be debug, info, warn or error, not loud
    For example level: debug`,
    );
  });
});
