import type { DaemonConfig } from '../../support/daemon.ts';
import { until } from '../../support/wait.ts';
import { audit } from '../checker/audit.ts';
import { Checker } from '../checker/checker.ts';
import type { Random } from '../random.ts';
import { Writer } from '../writer.ts';
import { HealthWatch } from './health.ts';
import { grantAll } from './kafka-admin.ts';
import { DAEMON_LOGIN, startCluster, type Cluster } from './kafka-cluster.ts';
import { mountDisk, type Mount } from './mounts.ts';
import { DAEMON_ACCOUNT, DATABASE, startMysqlPair, type MysqlPair } from './mysql-pair.ts';
import { Supervisor } from './supervisor.ts';

export type Delivery = 'exactly-once' | 'at-least-once';

/** Name of the daemon, and what its topics begin with. */
export const NAME = 'chaos';

/** Everything a fault can break, and what watches it. */
export interface Stage {
  readonly delivery: Delivery;
  readonly mysql: MysqlPair;
  readonly kafka: Cluster;
  readonly supervisor: Supervisor;
  readonly writer: Writer;
  readonly checker: Checker;
  readonly health: HealthWatch;
  /** Where the daemon keeps its local files, and where the third broker keeps its logs; a text where this machine mounts no disks. */
  readonly disks: { readonly state: Mount; readonly broker: Mount } | string;
  /** Path of the checkpoint, which the names of the other local files begin with. */
  readonly checkpoint: string;
  /** How long an outage lasts that the issue calls a minute, in milliseconds. */
  readonly minute: number;
  /** How many times as long as on a machine of its own the daemon may take to be ready. */
  readonly patience: number;
}

export interface StageOptions {
  readonly delivery: Delivery;
  readonly random: Random;
  /** Milliseconds. @default 60000 */
  readonly minute?: number;
  /** @default 1 */
  readonly patience?: number;
}

/** Starts everything, and waits until rows flow. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { patience = 1 } = options;
  const disks = openDisks();
  const [mysql, kafka] = await Promise.all([startMysqlPair(), startCluster(typeof disks === 'string' ? null : disks.broker)]);
  await grantAll(kafka.admin);
  let checkpoint = '';
  const supervisor = await Supervisor.create((home) => {
    checkpoint = typeof disks === 'string' ? home.checkpoint : `${disks.state.path}/saved.checkpoint`;
    return daemonConfig({ mysql, kafka, delivery: options.delivery, checkpoint });
  });
  const writer = new Writer({ server: () => mysql.primary, database: DATABASE, random: options.random });
  const checker = new Checker({ brokers: kafka.brokers, prefix: NAME, exactly: options.delivery === 'exactly-once' });
  const health = new HealthWatch({ supervisor, writer, checker, patience });
  supervisor.start();
  await begins(supervisor);
  await writer.start();
  checker.start();
  const stage: Stage = { delivery: options.delivery, mysql, kafka, supervisor, writer, checker, health, disks, checkpoint, minute: options.minute ?? 60_000, patience };
  await caughtUp(stage);
  health.start();
  return stage;
}

/** @throws Error with its log when the daemon is not ready in time */
async function begins(supervisor: Supervisor): Promise<void> {
  try {
    await until('the daemon is ready', async () => supervisor.runs && (await supervisor.daemon.readyz()).status === 200);
  } catch (error) {
    throw new Error(`the stage cannot begin: ${supervisor.unexpected.join('; ')}\n${supervisor.daemon.errors.slice(-6_000)}`, { cause: error });
  }
}

/** Another daemon of the same name on a host of its own, not started yet: it stands by while the first leads. */
export function anotherDaemon({ mysql, kafka, delivery }: Stage): Promise<Supervisor> {
  return Supervisor.create(({ checkpoint }) => daemonConfig({ mysql, kafka, delivery, checkpoint }));
}

/** Ends everything; the answer is what was not right at the end. */
export async function closeStage(stage: Stage): Promise<string[]> {
  const findings: string[] = [];
  try {
    await stage.health.stop();
    await stage.writer.stop();
    const exit = await stage.supervisor.stop();
    if (exit !== 0) findings.push(`SIGTERM ended the daemon with ${String(exit)}`);
  } finally {
    await stage.checker.stop();
    await stage.supervisor.remove();
    await Promise.all([stage.kafka.close(), stage.mysql.close()]);
    if (typeof stage.disks !== 'string') for (const disk of [stage.disks.state, stage.disks.broker]) disk.remove();
  }
  return findings;
}

/** Waits until everything that is committed now has come out of Kafka. */
export async function caughtUp(stage: Stage, limit = 90_000): Promise<void> {
  const goal = stage.writer.committed;
  await until(`transaction ${String(goal)} has come`, () => {
    stage.checker.assertSound();
    return stage.checker.fold.has(goal);
  }, limit);
}

/** Milliseconds that rows may take from Kafka through the checker. */
const SETTLE_MS = 10_000;

/** Compares topics and tables while nothing is written. @returns a line for each difference */
export function auditStage(stage: Stage): Promise<string[]> {
  return stage.writer.still(async () => {
    await caughtUp(stage);
    const late = await until('the metrics say that all was read', () => isCurrent(stage), 20_000).then(() => [], (error: unknown) => [String(error)]);
    // The last row of the ledger may come before rows of other partitions, and tables that it does not count.
    let differences: string[] = [];
    await until('topics and tables are equal', async () => {
      differences = await audit(stage.mysql.primary, DATABASE, stage.checker.fold);
      return differences.length === 0;
    }, SETTLE_MS).catch(() => undefined);
    stage.checker.fold.settle();
    return [...late, ...differences];
  });
}

/** Whether the metrics of lag say that everything was read. */
async function isCurrent({ supervisor }: Stage): Promise<boolean> {
  const text = await supervisor.daemon.text('/metrics');
  return /^rowcast_lag_seconds 0$/m.test(text) && /^rowcast_lag_bytes 0$/m.test(text);
}

function openDisks(): Stage['disks'] {
  const state = mountDisk('16m');
  if ('unfit' in state) return state.unfit;
  const broker = mountDisk('4g');
  return 'unfit' in broker ? broker.unfit : { state, broker };
}

interface Ends {
  readonly mysql: MysqlPair;
  readonly kafka: Cluster;
  readonly delivery: Delivery;
  readonly checkpoint: string;
}

/** Short times, so that a fault is noticed and over in seconds. */
function daemonConfig({ mysql, kafka, delivery, checkpoint }: Ends): DaemonConfig {
  return {
    name: NAME,
    source: { host: mysql.line.host, port: mysql.line.port, ...DAEMON_ACCOUNT, heartbeat: '500ms', connectTimeout: '2s' },
    sink: {
      type: 'kafka', brokers: kafka.nodes.map(({ line }) => `127.0.0.1:${String(line.port)}`), sasl: DAEMON_LOGIN, delivery,
      connectTimeout: '2s', requestTimeout: '3s', topics: { partitions: 3, replicationFactor: 3 },
      ...(delivery === 'exactly-once' ? { transaction: { timeout: '30s' } } : {}),
    },
    checkpoint: { type: delivery === 'exactly-once' ? 'kafka' : 'file', path: checkpoint },
    // A position in a file is seen by one host.
    ...(delivery === 'exactly-once' ? { standby: { timeout: '3s' } } : {}),
    format: 'plain',
    routes: [{ tables: [`${DATABASE}.*`], topic: `${NAME}.\${table}` }],
    log: { level: process.env['ROWCAST_CHAOS_LOG'] ?? 'info', format: 'json' },
  };
}
