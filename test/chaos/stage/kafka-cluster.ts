import { Kafka, logLevel, type Admin } from 'kafkajs';
import { startKafka, type Server } from '../../../scripts/servers/index.ts';
import type { KafkaPorts, KafkaSettings } from '../../../scripts/servers/kafka.ts';
import { freePort } from '../../../scripts/servers/port.ts';
import { startKafkaProxy, type KafkaProxy } from '../../support/kafka-proxy.ts';
import { startLine, type Line } from './line.ts';
import type { Mount } from './mounts.ts';

/** One of the brokers, which is a controller too, and the way of the daemon to it. */
export interface Node {
  readonly id: number;
  readonly server: Server;
  /** What the daemon connects to: it leads through `proxy` to the broker. */
  readonly line: Line;
  /** Reads the requests of the daemon, and loses one on demand. */
  readonly proxy: KafkaProxy;
}

export interface Cluster {
  readonly nodes: readonly [Node, Node, Node];
  /** The brokers as others than the daemon reach them. */
  readonly brokers: readonly string[];
  readonly admin: Admin;
  close(): Promise<void>;
}

/** How the daemon logs in; whoever comes by another listener is a super user. */
export const DAEMON_LOGIN = { mechanism: 'plain', username: 'rowcast', password: 'chaos-secret' } as const;

const IDS = [1, 2, 3] as const;

/** Three brokers with short timeouts. `disk`: where the third keeps its logs. */
export async function startCluster(disk: Mount | null): Promise<Cluster> {
  const ports: Record<number, KafkaPorts> = {};
  for (const id of IDS) ports[id] = { port: await freePort(), controller: await freePort() };
  const voters = IDS.map((id) => `${String(id)}@127.0.0.1:${String(ports[id]?.controller)}`).join(',');
  // No node answers before two of them are there.
  const nodes = await Promise.all(IDS.map((id) => startNode({ id, ports: ports[id] ?? { port: 0, controller: 0 }, voters, disk: id === 3 ? disk : null })));
  const brokers = nodes.map(({ server }) => `127.0.0.1:${String(server.port)}`);
  const admin = new Kafka({ brokers, clientId: 'chaos', logLevel: logLevel.NOTHING, connectionTimeout: 2_000, requestTimeout: 5_000, retry: { retries: 10, maxRetryTime: 1_000 } }).admin();
  await admin.connect();
  return {
    nodes: nodes as unknown as Cluster['nodes'],
    brokers,
    admin,
    close: async () => {
      await admin.disconnect().catch(() => undefined);
      for (const { server, line, proxy } of nodes) await Promise.all([server.stop(), line.close(), proxy.close()]);
    },
  };
}

/** Starts a broker again, and once more where Kafka itself ends while it starts, as whatever supervises a real one does. */
export async function bringBack({ id, server }: Node): Promise<void> {
  for (let left = STARTS; ; left--) {
    try {
      await server.restart();
      return;
    } catch (error) {
      if (left === 1) throw error;
      process.stderr.write(`broker ${String(id)} did not start, and is started again: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}

const STARTS = 3;

interface NodeSpec {
  readonly id: number;
  readonly ports: KafkaPorts;
  readonly voters: string;
  readonly disk: Mount | null;
}

async function startNode({ id, ports, voters, disk }: NodeSpec): Promise<Node> {
  const behind = await freePort();
  const proxy = await startKafkaProxy({ host: '127.0.0.1', port: behind });
  const line = await startLine(proxy);
  const config: KafkaSettings = {
    ...COMMON,
    'node.id': id,
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${String(ports.port)},PROXY://127.0.0.1:${String(behind)},CONTROLLER://127.0.0.1:${String(ports.controller)}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${String(ports.port)},PROXY://127.0.0.1:${String(line.port)}`,
    ...(disk === null ? {} : { 'log.dirs': `${disk.path}/data` }),
  };
  return { id, server: await startKafka({ ports, config }), line, proxy };
}

const COMMON: KafkaSettings = {
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXY:SASL_PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'listener.name.proxy.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${DAEMON_LOGIN.username}="${DAEMON_LOGIN.password}";`,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'group.min.session.timeout.ms': 1_000,
  'broker.session.timeout.ms': 2_000,
  'broker.heartbeat.interval.ms': 300,
  'min.insync.replicas': 2,
  'default.replication.factor': 3,
  'replica.lag.time.max.ms': 3_000,
  'replica.fetch.wait.max.ms': 200,
  'unclean.leader.election.enable': false,
  'auto.leader.rebalance.enable': false,
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
  'transaction.state.log.num.partitions': 3,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 500,
  'log.segment.bytes': 64 * 1024 * 1024,
};
