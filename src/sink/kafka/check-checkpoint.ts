import { asRowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import type { Problem } from '../../core/problem.ts';
import { problemOf } from './check.ts';
import { Cluster } from './cluster.ts';
import { newCompactedTopic, UNFIT_HINT, unfitness } from './compacted-topic.ts';
import { schemaTopicOf, schemaTransactionalId, type KafkaCheckpointOptions } from './checkpoint-store.ts';
import { TransactionCoordinator } from './coordinator.ts';
import { brokerError } from './failures.ts';
import { errorName, INVALID_REPLICATION_FACTOR, isPassing, NO_ERROR, reactionTo, UNKNOWN_TOPIC } from './protocol/error-codes.ts';
import { MAY_READ, MAY_WRITE } from './protocol/metadata.ts';
import { transactionTrouble } from './transaction-state.ts';

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const PATIENCE_MS = 5_000;

/** A topic that a daemon writes under a transactional id. */
interface Place {
  readonly topic: string;
  readonly keeps: string;
  readonly transactionalId: string;
}

/**
 * Tells what keeps a daemon from writing positions and schema history into their topics: topics that are not there and may
 * not be made, or keep nothing for long, and ACLs. Changes nothing there, and fences nobody. Brokers that cannot be reached
 * are for others to tell. Never rejects.
 */
export async function checkCheckpointTopics(options: KafkaCheckpointOptions): Promise<Problem[]> {
  const cluster = new Cluster(options, SILENT);
  const { topic, transactionalId } = options;
  const places: readonly Place[] = [
    { topic, keeps: 'positions', transactionalId },
    { topic: schemaTopicOf(topic), keeps: 'the schema history', transactionalId: schemaTransactionalId(transactionalId) },
  ];
  try {
    const found: Problem[] = [];
    for (const place of places) found.push(...(await topicProblems(cluster, options, place)), ...(await transactionProblems(cluster, options, place)));
    return [...found, ...(await stateProblems(cluster, options))];
  } catch (thrown) {
    const problem = problemOf(thrown, topic);
    return problem.code === 'SINK_LOST' || problem.code === 'SINK_AUTH' ? [] : [problem];
  } finally {
    cluster.close();
  }
}

async function topicProblems(cluster: Cluster, options: KafkaCheckpointOptions, place: Place): Promise<Problem[]> {
  const { topic, keeps } = place;
  const { error, partitions, operations } = await cluster.permissions(topic);
  if (error === UNKNOWN_TOPIC) return missingTopic(cluster, options, place);
  if (reactionTo(error) === 'auth') return [forbidden(options, `see topic ${topic}, which keeps ${keeps}`, errorName(error), topicRules(topic))];
  if (error !== NO_ERROR) return [];
  const problems: Problem[] = [];
  const { value: policy } = await cluster.setting(topic, 'cleanup.policy');
  const unfit = unfitness(partitions, policy, keeps);
  if (unfit !== null) problems.push({ code: 'SINK_REFUSED', message: `Topic ${topic}, which keeps ${keeps}, ${unfit}`, repair: UNFIT_HINT, severity: 'error', where: topic });
  if (policy === null) problems.push({ code: 'SINK_AUTH', message: `Nobody can say whether topic ${topic} is compacted: ${who(options)} may not read its settings`, repair: `Allow DescribeConfigs on topic ${topic}, or make sure by hand that its cleanup.policy is compact: else ${keeps} may be deleted.`, severity: 'warning', where: topic });
  const lacking = [...((operations & MAY_READ) === 0 ? ['read'] : []), ...((operations & MAY_WRITE) === 0 ? ['write'] : [])];
  if (lacking.length > 0) problems.push(forbidden(options, `${lacking.join(' and ')} topic ${topic}, which keeps ${keeps}`, null, topicRules(topic)));
  return problems;
}

/** The brokers are asked whether they would make it. */
async function missingTopic(cluster: Cluster, options: KafkaCheckpointOptions, { topic, keeps }: Place): Promise<Problem[]> {
  const byHand = `create it with one partition and cleanup.policy=compact, for example: kafka-topics.sh --create --topic ${topic} --partitions 1 --config cleanup.policy=compact`;
  if (!options.topics.create) return [{ code: 'SINK_REFUSED', message: `Topic ${topic}, which keeps ${keeps}, does not exist, and sink.topics.create is false`, repair: `Set sink.topics.create to true, or ${byHand}.`, severity: 'error', where: topic }];
  const { error, message } = await cluster.creatable(newCompactedTopic(topic));
  if (isPassing(error)) return [];
  if (error === INVALID_REPLICATION_FACTOR) return [problemOf(cluster.uncreated(topic, error, message), topic)];
  const cannot = brokerError(`Topic ${topic}, which keeps ${keeps}, does not exist and could not be made`, error, message);
  return [{ code: cannot.code, message: cannot.message, repair: `Allow Create on the cluster, or on topic ${topic}, to ${who(options)}; or ${byHand}.`, severity: 'error', where: topic }];
}

/** Asks for the end of a transaction of nobody: the right to write is looked at first, and nothing is done. */
async function transactionProblems(cluster: Cluster, options: KafkaCheckpointOptions, { keeps, transactionalId }: Place): Promise<Problem[]> {
  const rules = `Describe and Write on the transactional id ${transactionalId} (or on the prefix ${options.transactionalId})`;
  const denied = (why: string): Problem => forbidden(options, `use the transactional id ${transactionalId}, by which ${keeps} ${keeps === 'positions' ? 'are' : 'is'} written`, why, rules);
  // A cluster that never had transactions needs some seconds to choose a coordinator.
  const coordinator = new TransactionCoordinator(cluster, { transactionalId, transactionTimeoutMs: options.transactionTimeoutMs, patienceMs: Math.min(PATIENCE_MS, options.requestTimeoutMs) });
  try {
    await coordinator.probe();
  } catch (thrown) {
    const { code, facts } = asRowcastError(thrown);
    if (code === 'SINK_AUTH' && facts['error'] !== undefined) return [denied(String(facts['error']))];
  }
  return [];
}

/** Whether the brokers can keep transactions at all: the first question for their coordinator has had them make its topic. */
async function stateProblems(cluster: Cluster, { topic, transactionalId }: KafkaCheckpointOptions): Promise<Problem[]> {
  const trouble = await transactionTrouble(cluster);
  return trouble === null ? [] : [{ code: 'SINK_LOST', message: `No broker coordinates the transactions of ${transactionalId}: ${trouble.why}`, repair: trouble.hint, severity: 'error', where: topic }];
}

function topicRules(topic: string): string {
  return `Describe, DescribeConfigs, Read and Write on topic ${topic}`;
}

function forbidden(options: KafkaCheckpointOptions, what: string, why: string | null, rules: string): Problem {
  return { code: 'SINK_AUTH', message: `${who(options)} may not ${what}${why === null ? '' : ` (${why})`}`, repair: `Add ACLs that allow ${rules} to ${who(options)}.`, severity: 'error', where: options.topic };
}

/** Who we are to the brokers, as far as we know. */
function who({ sasl }: KafkaCheckpointOptions): string {
  return sasl !== undefined && 'username' in sasl ? `User:${sasl.username}` : 'the principal of this daemon';
}
