import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { command, needProgram } from './command.ts';
import { installed } from './cache.ts';
import { say } from './say.ts';
import type { Server } from './server.ts';
import { freePort } from './port.ts';
import { dataFolder, startServer } from './server.ts';

/** Fixed, so that two runs see the same broker. */
const KAFKA_VERSION = '4.1.0';
const SLF4J_VERSION = '1.7.36';
const CLUSTER_ID = 'Um93Y2FzdFJvd2Nhc3RSbw';

/** How a Kafka is started. */
export interface KafkaOptions {
  /** Broker settings that are added to ours, or override them; as a function where they need the ports that were chosen. */
  readonly config?: KafkaSettings | ((ports: KafkaPorts) => KafkaSettings);
  /** Where it listens, for nodes that must know each other before they start. @default two free ports */
  readonly ports?: KafkaPorts;
  /** Flags of the broker's Java. @default a small one that starts quickly */
  readonly jvm?: readonly string[];
}

export type KafkaSettings = Readonly<Record<string, string | number | boolean>>;

/** Where a Kafka will listen. */
export interface KafkaPorts {
  /** For clients, without encryption or login. */
  readonly port: number;
  /** For the other nodes of the cluster. */
  readonly controller: number;
}

/** A one-process Kafka (KRaft); `host:port` is its only client listener. It creates no topic by itself. */
export async function startKafka(options: KafkaOptions = {}): Promise<Server> {
  const java = await needJava();
  const libraries = await kafkaLibraries();
  const folder = await dataFolder('kafka');
  const { port, controller } = options.ports ?? { port: await freePort(), controller: await freePort() };
  const config = join(folder, 'server.properties');
  const changes = typeof options.config === 'function' ? options.config({ port, controller }) : options.config;
  await writeFile(config, properties({ ...settings(folder, port, controller), ...changes }));
  await command(java, [...JVM, '-cp', join(libraries, '*'), 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config]);
  return startServer({
    name: `Apache Kafka ${KAFKA_VERSION}`,
    port,
    folder,
    process: {
      program: java,
      args: [...(options.jvm ?? ['-Xms256m', '-Xmx512m', ...JVM]), ...LOGGING, '-cp', join(libraries, '*'), 'kafka.Kafka', config],
      cwd: folder,
      log: join(folder, 'server.log'),
      folder,
    },
    probe: () => hasBroker(port),
  });
}

/** The folder of Kafka's jars, fetched by Maven on the first use. */
export function kafkaLibraries(): Promise<string> {
  return installed(`kafka-${KAFKA_VERSION}-logging`, async (folder) => {
    const maven = await needProgram('mvn', 'maven');
    say(`fetching Apache Kafka ${KAFKA_VERSION} with Maven (about 60 MB)`);
    await writeFile(join(folder, 'pom.xml'), pom());
    await command(maven, ['-B', '-q', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], {
      cwd: folder,
      label: 'mvn dependency:copy-dependencies',
    });
  });
}

/** The path of a Java of 17 or newer. @throws Error with the command that gives one */
export async function needJava(): Promise<string> {
  const java = await needProgram('java', 'default-jdk-headless');
  const text = await command(java, ['-XshowSettings:properties', '-version'], { mergeErrors: true });
  const major = Number(/java\.specification\.version = (?:1\.)?(\d+)/.exec(text)?.[1]);
  if (!(major >= 17)) throw new Error(`Kafka needs Java 17 or newer, and ${java} is ${major}. On Debian or Ubuntu: sudo apt-get install -y default-jdk-headless`);
  return java;
}

function settings(folder: string, port: number, controller: number): Record<string, string | number | boolean> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    'log.segment.bytes': 268_435_456,
    // A stop in a test should not wait for a second broker to take over.
    'controlled.shutdown.enable': false,
  };
}

function properties(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join('');
}

function pom(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  return `<project><modelVersion>4.0.0</modelVersion>
<groupId>rowcast</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
${dependency('org.apache.kafka', 'kafka-tools', KAFKA_VERSION)}
${dependency('org.slf4j', 'slf4j-simple', SLF4J_VERSION)}
</dependencies></project>
`;
}

/** Passes when the server answers a Metadata request and names itself as a broker. */
export function hasBroker(port: number): Promise<void> {
  // Metadata v1 for no topic: size, api key 3, version 1, correlation id 1, null client id, an empty array.
  const request = Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0]);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let answer = Buffer.alloc(0);
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 12 || answer.length < 4 + answer.readInt32BE(0)) return;
      // After size and correlation id: the number of brokers that have registered.
      if (answer.readInt32BE(8) >= 1) resolve();
      else reject(new Error('the broker has not registered yet'));
      socket.destroy();
    });
  });
}

/** To standard error, which is its log file: what is wrong, and what it ends with. */
const LOGGING = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true', '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS'];
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
