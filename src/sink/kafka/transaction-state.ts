import { RowcastError } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';
import { NO_ERROR, UNKNOWN_TOPIC } from './protocol/error-codes.ts';
import type { TopicMetadata } from './protocol/metadata.ts';

/** The topic in which the brokers keep transactions. Source: Kafka, `Topic.TRANSACTION_STATE_TOPIC_NAME`. */
const STATE = '__transaction_state';

/** What is wrong, and the ways out of it. */
interface Trouble {
  readonly why: string;
  readonly hint: string;
}

/** The second: the end of an earlier transaction cannot be written either. */
const UNWRITTEN: ReadonlySet<string> = new Set(['COORDINATOR_NOT_AVAILABLE', 'CONCURRENT_TRANSACTIONS']);

type Asked = Pick<Cluster, 'metadata' | 'setting'>;

/** What keeps the brokers from coordinating transactions; null where they may, or do not tell. @throws RowcastError SINK_LOST, SINK_AUTH */
export async function transactionTrouble(cluster: Asked): Promise<Trouble | null> {
  const { brokers, topics } = await cluster.metadata([STATE]);
  const state = topics.find(({ name }) => name === STATE);
  if (state === undefined || state.error === UNKNOWN_TOPIC) return notMade(brokers.length);
  return state.error === NO_ERROR ? tooFewReplicas(cluster, state) : null;
}

/** An error that the coordinator answered, or that there is none, with the reason where the brokers tell one. Never rejects. */
export async function withReason(cluster: Asked, error: RowcastError): Promise<RowcastError> {
  if (!UNWRITTEN.has(String(error.facts['error']))) return error;
  const trouble = await transactionTrouble(cluster).catch(() => null);
  return trouble === null ? error : new RowcastError(error.code, `${error.message}: ${trouble.why}`, { cause: error, facts: error.facts, hint: trouble.hint });
}

function notMade(up: number): Trouble {
  return {
    why: `topic ${STATE}, in which the brokers keep transactions, does not exist, and they cannot make it while fewer of them are up (${String(up)}) than their transaction.state.log.replication.factor says (3 unless it is set)`,
    hint: `Bring more brokers up, or set transaction.state.log.replication.factor of the brokers to ${String(up)} and transaction.state.log.min.isr to no more than that, and restart them; it is tried again until then. ${AT_LEAST_ONCE}.`,
  };
}

/** Newer brokers ask for no more replicas than a partition has (seen with Kafka 4.1). */
async function tooFewReplicas(cluster: Asked, { partitions }: TopicMetadata): Promise<Trouble | null> {
  const least = Number((await cluster.setting(STATE, 'min.insync.replicas')).value ?? 1);
  const lacking = partitions.filter(({ leader, replicas, inSync }) => leader < 0 || inSync < Math.min(least, replicas)).length;
  if (lacking === 0) return null;
  return {
    why: `${String(lacking)} of ${String(partitions.length)} partitions of topic ${STATE}, in which the brokers keep transactions, have fewer replicas in sync than its min.insync.replicas says (${String(least)})`,
    hint: `Bring back brokers that are down, or lower min.insync.replicas of topic ${STATE} (transaction.state.log.min.isr of the brokers sets it when they make the topic); it is tried again until then. ${AT_LEAST_ONCE}; one that is in Kafka already is moved by \`rowcast position export\` and \`import\`, else reading begins at source.start.`,
  };
}

const AT_LEAST_ONCE = 'Or write delivery: at-least-once under sink, which needs no transactions where the position is in a file or a table';
