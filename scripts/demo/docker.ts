import { setTimeout as sleep } from 'node:timers/promises';
import { command, findProgram } from '../servers/command.ts';
import { hasBroker } from '../servers/kafka.ts';
import { answers } from '../servers/database.ts';
import { freePort } from '../servers/port.ts';
import type { DemoServer } from './servers.ts';
import { tell } from './tell.ts';

/** Whether a Docker engine answers. */
export async function hasDocker(): Promise<boolean> {
  if (findProgram('docker') === undefined) return false;
  try {
    await command('docker', ['info', '--format', '{{.ServerVersion}}']);
    return true;
  } catch {
    return false;
  }
}

/** A MySQL 8.4 in a container that is removed when it stops. */
export function dockerMysql(): Promise<DemoServer> {
  return container({
    name: 'MySQL 8.4 in Docker',
    image: 'mysql:8.4',
    inner: () => 3306,
    env: () => ({ MYSQL_ALLOW_EMPTY_PASSWORD: '1', MYSQL_ROOT_HOST: '%' }),
    args: ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--binlog-row-metadata=FULL'],
    probe: answers,
  });
}

/** An Apache Kafka in a container that is removed when it stops. */
export function dockerKafka(): Promise<DemoServer> {
  return container({
    name: 'Apache Kafka 4.1 in Docker',
    image: 'apache/kafka:4.1.0',
    inner: (port) => port,
    env: (port) => ({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:${CONTROLLER}`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${CONTROLLER}`,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    }),
    args: [],
    probe: hasBroker,
  });
}

interface Container {
  readonly name: string;
  readonly image: string;
  /** The port inside, given the one outside. */
  readonly inner: (port: number) => number;
  readonly env: (port: number) => Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly probe: (port: number) => Promise<void>;
}

async function container(spec: Container): Promise<DemoServer> {
  const port = await freePort();
  const env = Object.entries(spec.env(port)).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  tell(`starting ${spec.image} with Docker`);
  const id = (
    await command('docker', ['run', '--rm', '-d', '-p', `127.0.0.1:${port}:${spec.inner(port)}`, ...env, spec.image, ...spec.args], { label: `docker run ${spec.image}` })
  ).trim().split('\n').at(-1) ?? '';
  const stop = async (): Promise<void> => {
    await command('docker', ['rm', '-f', '-v', id]);
  };
  try {
    await ready(spec, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: spec.name, host: '127.0.0.1', port, stop };
}

async function ready(spec: Container, port: number): Promise<void> {
  const deadline = Date.now() + READY_LIMIT;
  for (;;) {
    try {
      await spec.probe(port);
      return;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`${spec.name} did not answer within ${READY_LIMIT / 1000} s`, { cause });
    }
    await sleep(500);
  }
}

const CONTROLLER = 29093;
const READY_LIMIT = 120_000;
