import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startKafka, startMysql } from '../../scripts/servers/index.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { kafkaLibraries, needJava } from '../../scripts/servers/kafka.ts';
import { freePort } from '../../scripts/servers/port.ts';
import { ROOT } from '../support/built.ts';
import { place, startDaemon } from '../support/daemon.ts';
import type { Daemon, Place } from '../support/daemon.ts';
import { readTopic } from '../support/kafka.ts';
import { query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';

const run = promisify(execFile);
const PASSWORD = 'a password of this test';

let mysql: Server;
let kafka: Server;
/** Port of the listener with TLS and logins. */
let secure = 0;
let home: Place;
let daemon: Daemon | null = null;

beforeAll(async () => {
  mysql = await startMysql();
  await query(mysql, `create database shop; create database audit;
    create user 'rowcast'@'%' identified by 'reads'; grant replication slave, replication client, select on *.* to 'rowcast'@'%'`);
  const keys = await place('keys');
  const pem = await certificate(keys.folder);
  await keys.remove();
  secure = await freePort();
  kafka = await startKafka({
    config: ({ port, controller }) => ({
      listeners: `PLAINTEXT://127.0.0.1:${String(port)},CONTROLLER://127.0.0.1:${String(controller)},SECURE://127.0.0.1:${String(secure)}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${String(port)},SECURE://127.0.0.1:${String(secure)}`,
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL',
      'inter.broker.listener.name': 'PLAINTEXT',
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.secure.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.secure.ssl.keystore.type': 'PEM',
      'listener.name.secure.ssl.keystore.certificate.chain': escaped(pem.certificate),
      'listener.name.secure.ssl.keystore.key': escaped(pem.key),
    }),
  });
  await run(await needJava(), ['-cp', join(await kafkaLibraries(), '*'), 'kafka.admin.ConfigCommand', '--bootstrap-server', `127.0.0.1:${String(kafka.port)}`,
    '--alter', '--entity-type', 'users', '--entity-name', 'rowcast', '--add-config', `SCRAM-SHA-512=[password=${PASSWORD}]`]);
});

afterAll(async () => {
  await mysql.stop();
  await kafka.stop();
});

beforeEach(async () => {
  home = await place('files');
});

afterEach(async () => {
  await daemon?.kill();
  await home.remove();
});

/** A key and a certificate for 127.0.0.1 that signs itself. */
async function certificate(folder: string): Promise<{ readonly key: string; readonly certificate: string }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]);
  return { key: await readFile(key, 'utf8'), certificate: await readFile(cert, 'utf8') };
}

/** A PEM text as one line of a properties file. */
function escaped(pem: string): string {
  return pem.trim().replaceAll('\n', '\\n');
}

/** Runs a configuration file as it is, with the addresses of the test's servers. */
async function started(file: string, env: Readonly<Record<string, string>> = {}): Promise<Daemon> {
  daemon = await startDaemon(home, {}, {
    file,
    env: {
      MYSQL_HOST: mysql.host,
      MYSQL_PORT: String(mysql.port),
      MYSQL_PASSWORD: 'reads',
      KAFKA_BROKERS: `127.0.0.1:${String(kafka.port)}`,
      CHECKPOINT: home.checkpoint,
      ...env,
    },
  });
  return daemon;
}

/** Waits until `count` messages are in a topic, and gives their keys and values. */
async function told(topic: string, count = 1): Promise<[key: string, value: Record<string, unknown> | null][]> {
  const messages = await until(`${String(count)} messages in ${topic}`, async () => {
    const found = await readTopic(kafka, topic);
    return found.length >= count && found;
  }, 20_000);
  return messages.map(({ key, value }) => [String(key), value === null ? null : (JSON.parse(value.toString()) as Record<string, unknown>)]);
}

const file = (name: string): string => join(ROOT, 'config', name);

describe('each file in config/ is a configuration that works', () => {
  it('and is tested here', () => {
    expect(readdirSync(join(ROOT, 'config')).filter((name) => name.endsWith('.yaml')).sort()).toEqual(['demo.yaml', 'file-sink.yaml', 'kafka-tls-sasl.yaml', 'minimal.yaml', 'routes.yaml']);
  });

  it('minimal.yaml, on another port', async () => {
    const copy = join(home.folder, 'minimal.yaml');
    await writeFile(copy, `${await readFile(file('minimal.yaml'), 'utf8')}\nhttp: { port: "\${HTTP_PORT}" }\n`);
    const minimal = await started(copy);
    await minimal.ready();
    await query(mysql, 'create table minimal (id int primary key); insert into minimal values (1)', 'shop');
    expect(await minimal.while(told('shop.shop.minimal'))).toMatchObject([['{"id":1}', { op: 'c', after: { id: 1 } }]]);
    expect(await minimal.stop()).toBe(0);
  });

  it('file-sink.yaml', async () => {
    const filed = await started(file('file-sink.yaml'), { OUTPUT: home.output });
    await query(mysql, 'create table filed (id int primary key); insert into filed values (5)', 'shop');
    const line = await filed.while(until('the row', async () => (await readFile(home.output, 'utf8')).split('\n').find((text) => text.includes('"table":"filed"'))));
    expect(JSON.parse(line)).toMatchObject({ topic: 'shop.shop.filed', key: { id: 5 }, value: { op: 'insert', after: { id: 5 } } });
    expect(await filed.stop()).toBe(0);
  });

  it('kafka-tls-sasl.yaml', async () => {
    const encrypted = await started(file('kafka-tls-sasl.yaml'), { KAFKA_BROKERS: `127.0.0.1:${String(secure)}`, KAFKA_TLS_VERIFY: 'false', KAFKA_PASSWORD: PASSWORD });
    await encrypted.ready();
    await query(mysql, 'create table encrypted (id int primary key); insert into encrypted values (3)', 'shop');
    expect(await encrypted.while(told('cdc.shop.encrypted'))).toMatchObject([['{"id":3}', { op: 'c' }]]);
    expect(encrypted.errors).not.toContain(PASSWORD);
    expect(await encrypted.stop()).toBe(0);
  });

  it('kafka-tls-sasl.yaml, with a wrong password and with a certificate that nobody vouches for', async () => {
    const wrong = await started(file('kafka-tls-sasl.yaml'), { KAFKA_BROKERS: `127.0.0.1:${String(secure)}`, KAFKA_TLS_VERIFY: 'false', KAFKA_PASSWORD: 'wrong-guess' });
    expect(await wrong.end()).toBe(5);
    expect(wrong.failure()).toMatchObject({ code: 'SINK_AUTH', exit: 5 });
    expect(wrong.failure().hint).toMatch(/sink\.sasl/);
    expect(wrong.errors).not.toContain('wrong-guess');
    const untrusted = await started(file('kafka-tls-sasl.yaml'), { KAFKA_BROKERS: `127.0.0.1:${String(secure)}`, KAFKA_PASSWORD: PASSWORD });
    expect(await untrusted.end()).toBe(5);
    expect(untrusted.failure().msg).toMatch(/certificate/);
    expect(untrusted.failure().hint).toMatch(/sink\.tls/);
  });

  // Before routes.yaml, whose tables of the same names look otherwise: it begins at the start of the binlog.
  it('demo.yaml', async () => {
    const demo = await started(file('demo.yaml'));
    await demo.ready();
    await query(mysql, "create table order_lines (id int primary key); insert into order_lines values (4)", 'shop');
    expect(await demo.while(told('cdc.shop.order_lines'))).toMatchObject([['{"id":4}', { op: 'c' }]]);
    expect(await demo.stop()).toBe(0);
  });

  it('routes.yaml', async () => {
    await query(mysql, `create table outbox (id int primary key, aggregate_id int, body text);
      create table orders (id int primary key, status varchar(20), total int);
      create table customers (id int primary key, mail varchar(50), phone varchar(50), note text);
      create table tmp_1 (id int primary key); create table audit.log (id int primary key); create table other (id int primary key);
      create table payments (id int primary key, amount decimal(5,2))`, 'shop');
    const routed = await started(file('routes.yaml'));
    await routed.ready();
    await query(mysql, `insert into outbox values (1, 77, 'said'); delete from outbox;
      insert into orders values (1, 'draft', 1); update orders set status = 'open';
      insert into customers values (1, 'a@b.example', '0123456789', 'hush'); delete from customers;
      insert into payments values (9, 1.50); insert into tmp_1 values (1); insert into audit.log values (1); insert into other values (1)`, 'shop');
    expect(await routed.while(told('cdc.shop.other'))).toMatchObject([['{"id":1}', { op: 'c' }]]);
    expect(await routed.stop()).toBe(0);
    expect(await told('shop.events')).toMatchObject([['{"aggregate_id":77}', { op: 'insert', after: { body: 'said' } }]]);
    expect(await told('shop.orders')).toMatchObject([['{"id":1}', { op: 'c', after: { status: 'open' } }]]);
    expect(await told('maxwell')).toMatchObject([['{"database":"shop","table":"payments","pk.id":9}', { type: 'insert', commit: true, data: { id: 9, amount: 1.5 } }]]);
    const customers = await told('shop.shop.customers', 2);
    expect(customers).toMatchObject([['{"id":1}', { op: 'c', after: { phone: '****6789' } }], ['{"id":1}', { op: 'd' }]]);
    expect(Object.keys(customers[0]?.[1]?.['after'] as object)).toEqual(['id', 'email', 'phone']);
    expect(JSON.stringify(customers)).not.toMatch(/hush|a@b/);
  });

  it('container/rowcast.yaml, on another port', async () => {
    const port = await freePort();
    const text = await readFile(file('container/rowcast.yaml'), 'utf8');
    expect(text).toContain('port: 9464');
    const copy = join(home.folder, 'container.yaml');
    await writeFile(copy, text.replace('port: 9464', `port: ${String(port)}`));
    const contained = await started(copy, { ROWCAST_DATA: home.folder });
    await contained.while(until('ready', async () => (await fetch(`http://127.0.0.1:${String(port)}/readyz`)).status === 200));
    await query(mysql, 'create table contained (id int primary key); insert into contained values (6)', 'shop');
    expect(await contained.while(told('cdc.shop.contained'))).toMatchObject([['{"id":6}', { op: 'c' }]]);
    expect(await contained.stop()).toBe(0);
  });
});
