import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/servers/port.ts';
import { startKafka, type Server } from '../../scripts/servers/index.ts';
import { kafkaLibraries, needJava, type KafkaPorts, type KafkaSettings } from '../../scripts/servers/kafka.ts';
import { Secret } from '../../src/core/secret.ts';
import { checkCheckpointTopics } from '../../src/sink/kafka/check-checkpoint.ts';
import { KafkaCheckpointStore, type KafkaCheckpointOptions } from '../../src/sink/kafka/checkpoint-store.ts';
import type { KafkaSasl, KafkaSinkOptions } from '../../src/sink/kafka/options.ts';
import { Certificates } from '../support/certificates.ts';
import { readTopic } from '../support/kafka.ts';
import { openSink, put, texts } from '../unit/sink/kafka/support/sink.ts';

const run = promisify(execFile);
const JAAS = 'org.apache.kafka.common.security';

/** For brokers and clients at 127.0.0.1, and nowhere else. */
const certificates = new Certificates();
let kafka: Server;
/** Ports by listener. */
let ports: { tls: number; mutual: number; plain: number; scram: number; oauth: number };

beforeAll(async () => {
  ports = { tls: await freePort(), mutual: await freePort(), plain: await freePort(), scram: await freePort(), oauth: await freePort() };
  const store = await keystore();
  kafka = await startKafka({ config: (chosen) => settings(chosen, store, certificates.path('ca.pem')) });
  // The command takes one mechanism of a user at a time.
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    await run(await needJava(), ['-cp', join(await kafkaLibraries(), '*'), 'kafka.admin.ConfigCommand', '--bootstrap-server', `127.0.0.1:${String(kafka.port)}`, '--alter',
      '--add-config', `${mechanism}=[password=scram-secret]`, '--entity-type', 'users', '--entity-name', 'writer']);
  }
}, 180_000);

afterAll(async () => {
  await kafka.stop();
  certificates.remove();
});

/** A key and its certificate in one file, as a broker wants them. */
async function keystore(): Promise<string> {
  for (const name of ['broker', 'client']) certificates.sign(name, 'subjectAltName=IP:127.0.0.1');
  const path = certificates.path('keystore.pem');
  await writeFile(path, text('broker.key') + text('broker.pem'));
  return path;
}

function text(name: string): string {
  return certificates.read(name);
}

function settings({ port, controller }: KafkaPorts, store: string, authority: string): KafkaSettings {
  const listeners = Object.entries({ PLAINTEXT: port, TLS: ports.tls, MUTUAL: ports.mutual, PLAIN: ports.plain, SCRAM: ports.scram, OAUTH: ports.oauth });
  const clients = listeners.map(([name, at]) => `${name}://127.0.0.1:${String(at)}`).join(',');
  return {
    listeners: `${clients},CONTROLLER://127.0.0.1:${String(controller)}`,
    'advertised.listeners': clients,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,TLS:SSL,MUTUAL:SSL,PLAIN:SASL_PLAINTEXT,SCRAM:SASL_SSL,OAUTH:SASL_PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.type': 'PEM', 'ssl.keystore.location': store,
    'ssl.truststore.type': 'PEM', 'ssl.truststore.location': authority,
    'listener.name.mutual.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'listener.name.plain.plain.sasl.jaas.config': `${JAAS}.plain.PlainLoginModule required user_writer="plain-secret" user_stranger="stranger-secret";`,
    'listener.name.plain.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.plain.connections.max.reauth.ms': 5000,
    'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.scram.scram-sha-256.sasl.jaas.config': `${JAAS}.scram.ScramLoginModule required;`,
    'listener.name.scram.scram-sha-512.sasl.jaas.config': `${JAAS}.scram.ScramLoginModule required;`,
    'listener.name.oauth.sasl.enabled.mechanisms': 'OAUTHBEARER',
    'listener.name.oauth.oauthbearer.sasl.jaas.config': `${JAAS}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:writer;User:CN=client',
  };
}

/** A token without a signature, as a broker without a key set takes it. */
function token(subject: string, seconds = 600): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now - 1000, exp: now + seconds })}.`;
}

type Changes = Partial<KafkaSinkOptions>;

async function writes(port: number, topic: string, changes: Changes): Promise<string[]> {
  const { sink } = await openSink(port, { topics: { create: true, partitions: 1 }, ...changes });
  const writer = await sink.topic(topic);
  for (const value of texts(0, 100)) put(writer, 'k', value);
  await sink.flush();
  await sink.close();
  return (await readTopic(kafka, topic)).map((message) => String(message.value));
}

const plain = (username: string, password: string): KafkaSasl => ({ mechanism: 'plain', username, password: new Secret(password) });

describe('TLS', () => {
  it('writes to a broker whose certificate the CA signed', async () => {
    // Without a certificate of the client the ACLs see ANONYMOUS, who may do all here.
    expect(await writes(ports.tls, 'tls', { tls: { ca: text('ca.pem') } })).toEqual(texts(0, 100));
  });

  it('shows its own certificate', async () => {
    const tls = { ca: text('ca.pem'), cert: text('client.pem'), key: text('client.key') };
    expect(await writes(ports.mutual, 'mutual', { tls })).toEqual(texts(0, 100));
  });

  it('is not refused by anything on the certificate where nobody looks at it', async () => {
    const brokers = [`localhost:${String(ports.tls)}`];
    expect(await writes(ports.tls, 'unchecked', { brokers, tls: { ca: text('stranger.pem'), rejectUnauthorized: false } })).toEqual(texts(0, 100));
  });

  it.each([
    ['a host name that is not on the certificate', () => ports.tls, 'ca.pem', /altnames/, 'localhost'],
    ['a CA that signed nothing', () => ports.tls, 'stranger.pem', /self-signed certificate|unable to verify|unable to get/, '127.0.0.1'],
    ['no certificate where the broker asks for one', () => ports.mutual, 'ca.pem', /certificate|alert/, '127.0.0.1'],
  ])('refuses %s', async (_, port, ca, message, host) => {
    const changes: Changes = { brokers: [`${host}:${String(port())}`], tls: { ca: text(ca) } };
    await expect(openSink(port(), changes)).rejects.toMatchObject({ code: 'SINK_AUTH', message: expect.stringMatching(message) as string, hint: expect.stringContaining('sink.tls') as string });
  });
});

describe('SASL', () => {
  it.each<[string, () => number, () => Changes]>([
    ['plain', () => ports.plain, () => ({ sasl: plain('writer', 'plain-secret') })],
    ['scram-sha-256', () => ports.scram, () => ({ tls: { ca: text('ca.pem') }, sasl: { mechanism: 'scram-sha-256', username: 'writer', password: new Secret('scram-secret') } })],
    ['scram-sha-512', () => ports.scram, () => ({ tls: { ca: text('ca.pem') }, sasl: { mechanism: 'scram-sha-512', username: 'writer', password: new Secret('scram-secret') } })],
    ['oauthbearer', () => ports.oauth, () => ({ sasl: { mechanism: 'oauthbearer', token: () => Promise.resolve(token('writer')) } })],
  ])('logs in by %s', async (mechanism, port, changes) => {
    expect(await writes(port(), `sasl-${mechanism}`, changes())).toEqual(texts(0, 100));
  });

  it.each<[string, () => number, () => Changes]>([
    ['a wrong password (plain)', () => ports.plain, () => ({ sasl: plain('writer', 'wrong') })],
    ['a wrong password (scram)', () => ports.scram, () => ({ tls: { ca: text('ca.pem') }, sasl: { mechanism: 'scram-sha-512', username: 'writer', password: new Secret('wrong') } })],
    ['a mechanism that the broker does not have', () => ports.plain, () => ({ sasl: { mechanism: 'scram-sha-256', username: 'writer', password: new Secret('x') } })],
    ['a token that has expired', () => ports.oauth, () => ({ sasl: { mechanism: 'oauthbearer', token: () => Promise.resolve(token('writer', -500)) } })],
  ])('does not try again with %s', async (_, port, changes) => {
    await expect(openSink(port(), changes())).rejects.toMatchObject({ code: 'SINK_AUTH', retry: false });
  });

  it('does not let a password into the error', async () => {
    const error: unknown = await openSink(ports.plain, { sasl: plain('writer', 'hunter2-hunter2') }).catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });

  it('ends with SINK_AUTH when the ACLs forbid to write at all, or to write to a topic', async () => {
    const sasl = plain('stranger', 'stranger-secret');
    await expect(openSink(ports.plain, { sasl })).rejects.toMatchObject({ code: 'SINK_AUTH', message: expect.stringContaining('CLUSTER_AUTHORIZATION_FAILED') as string });
    const admin = new Kafka({ brokers: [`127.0.0.1:${String(kafka.port)}`], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createAcls({ acl: [{ resourceType: AclResourceTypes.TOPIC, resourceName: 'own', resourcePatternType: ResourcePatternTypes.LITERAL, principal: 'User:stranger', host: '*', operation: AclOperationTypes.WRITE, permissionType: AclPermissionTypes.ALLOW }] });
    await admin.disconnect();
    const { sink } = await openSink(ports.plain, { sasl });
    await expect(sink.topic('sasl-plain')).rejects.toMatchObject({ code: 'SINK_AUTH', message: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED') as string });
  });

  it('logs in again while it writes, and loses and repeats nothing', async () => {
    const { sink, seen } = await openSink(ports.plain, { topics: { create: true, partitions: 1 }, sasl: plain('writer', 'plain-secret') });
    const writer = await sink.topic('again');
    const end = performance.now() + 12_000;
    let sent = 0;
    while (performance.now() < end) {
      for (let i = 0; i < 20; i++) put(writer, 'k', String(sent++));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await sink.flush();
    expect(seen.events).toEqual([]);
    const values = (await readTopic(kafka, 'again')).map((message) => String(message.value));
    expect(values).toEqual(texts(0, sent));
  }, 60_000);
});

describe('a check of the topics of positions and schema history', () => {
  const options = (create: boolean, topic = 'kept'): KafkaCheckpointOptions => ({
    brokers: [`127.0.0.1:${String(ports.plain)}`], clientId: 'check', compression: 'none', topics: { create }, batchBytes: 1 << 20, requestTimeoutMs: 10_000, connectTimeoutMs: 5_000, memory: 1 << 20,
    sasl: plain('stranger', 'stranger-secret'), name: 'shop', topic, transactionalId: `rowcast-${topic}`, transactionTimeoutMs: 10_000,
  });
  const messages = async (create: boolean): Promise<string[]> => (await checkCheckpointTopics(options(create))).map(({ message }) => message);
  const { TOPIC, TRANSACTIONAL_ID } = AclResourceTypes;
  const { DESCRIBE, DESCRIBE_CONFIGS, CREATE, READ, WRITE } = AclOperationTypes;

  async function administer(work: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>): Promise<void> {
    const admin = new Kafka({ brokers: [`127.0.0.1:${String(kafka.port)}`], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await work(admin).finally(() => admin.disconnect());
  }

  /** Allows the stranger to do this with all whose names begin so. */
  function allow(resourceType: AclResourceTypes, resourceName: string, operations: readonly AclOperationTypes[]): Promise<void> {
    return administer((admin) => admin.createAcls({ acl: operations.map((operation) => ({ resourceType, resourceName, resourcePatternType: ResourcePatternTypes.PREFIXED, principal: 'User:stranger', host: '*', operation, permissionType: AclPermissionTypes.ALLOW })) }));
  }

  it('tells each right that is missing, and how to give it, until nothing is; it makes nothing and fences nobody', async () => {
    const id = (ending: string, keeps: string): string => `User:stranger may not use the transactional id rowcast-kept${ending}, by which ${keeps} written (TRANSACTIONAL_ID_AUTHORIZATION_FAILED)`;
    const ids = [id('', 'positions are'), id(':schema', 'the schema history is')];
    expect(await messages(true)).toEqual([
      'User:stranger may not see topic kept, which keeps positions (TOPIC_AUTHORIZATION_FAILED)', ids[0],
      'User:stranger may not see topic kept.schema, which keeps the schema history (TOPIC_AUTHORIZATION_FAILED)', ids[1],
    ]);
    await allow(TOPIC, 'kept', [DESCRIBE]);
    expect(await messages(true)).toEqual([expect.stringMatching(/^Topic kept, which keeps positions, does not exist and could not be made: (TOPIC|CLUSTER)_AUTHORIZATION_FAILED/), ids[0], expect.stringContaining('Topic kept.schema, which keeps the schema history, does not exist and could not be made'), ids[1]]);
    expect(await messages(false)).toEqual(['Topic kept, which keeps positions, does not exist, and sink.topics.create is false', ids[0], 'Topic kept.schema, which keeps the schema history, does not exist, and sink.topics.create is false', ids[1]]);
    await allow(TRANSACTIONAL_ID, 'rowcast-kept', [DESCRIBE]);
    expect((await messages(true)).slice(1, 2)).toEqual([ids[0]]);
    await allow(TRANSACTIONAL_ID, 'rowcast-kept', [WRITE]);
    await allow(TOPIC, 'kept', [CREATE]);
    expect(await messages(true)).toEqual([]);
    await administer((admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2 }, { topic: 'kept.schema', numPartitions: 1 }] }));
    expect(await messages(false)).toEqual([
      'Topic kept, which keeps positions, has 2 partitions, not one',
      'Nobody can say whether topic kept is compacted: User:stranger may not read its settings', 'User:stranger may not read and write topic kept, which keeps positions',
      'Nobody can say whether topic kept.schema is compacted: User:stranger may not read its settings', 'User:stranger may not read and write topic kept.schema, which keeps the schema history',
    ]);
    await allow(TOPIC, 'kept', [READ, WRITE, DESCRIBE_CONFIGS]);
    expect(await messages(false)).toEqual(['Topic kept, which keeps positions, has 2 partitions, not one', 'Topic kept.schema, which keeps the schema history, has cleanup.policy=delete, which deletes the schema history after a while']);
    const [first] = await checkCheckpointTopics(options(false));
    expect(first).toMatchObject({ code: 'SINK_REFUSED', severity: 'error', where: 'kept', repair: expect.stringContaining('checkpoint.topic') as string });
  }, 60_000);

  it('finds nothing where a daemon with these rights writes, who is not disturbed', async () => {
    await allow(TOPIC, 'fine', [CREATE, DESCRIBE_CONFIGS, READ, WRITE]);
    await allow(TRANSACTIONAL_ID, 'rowcast-fine', [DESCRIBE, WRITE]);
    const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const store = new KafkaCheckpointStore(options(true, 'fine'), { logger: quiet, lost: () => undefined });
    expect(await checkCheckpointTopics(options(true, 'fine'))).toEqual([]);
    await store.open();
    await store.save({ position: { state: 1, label: 'one' }, savedAt: 1 });
    await store.pieces.write(0, Buffer.from('one'));
    expect(await checkCheckpointTopics(options(true, 'fine'))).toEqual([]);
    await store.save({ position: { state: 2, label: 'two' }, savedAt: 2 });
    expect(await store.pieces.write(1, Buffer.from('two'))).toBe(2);
    await store.close();
    expect(await checkCheckpointTopics({ ...options(true), brokers: ['127.0.0.1:1'] })).toEqual([]);
  }, 60_000);
});
