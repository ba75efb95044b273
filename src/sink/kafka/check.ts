import { asRowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import type { Problem } from '../../core/problem.ts';
import { Cluster } from './cluster.ts';
import type { KafkaSinkOptions } from './options.ts';
import { isPassing } from './protocol/error-codes.ts';

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Messages above this are likely with rows of some size; a topic that takes less deserves a warning. */
const SMALL_MAX_MESSAGE = 1_000_000;

/** What a sink needs at the brokers. */
export interface KafkaNeeds {
  readonly topics: readonly string[];
  /** Group that decides who leads; null where nobody else could. */
  readonly group: string | null;
}

/** Connects, and tells what is wrong with the brokers, with these topics and with the group. Changes nothing there. Never rejects. */
export async function checkKafka(options: KafkaSinkOptions, { topics, group }: KafkaNeeds): Promise<Problem[]> {
  const problems: Problem[] = [];
  let cluster: Cluster | null = null;
  try {
    cluster = new Cluster(options, SILENT);
    for (const broker of options.brokers) await checkBroker(options, broker, problems);
    await cluster.metadata([]);
    await cluster.producerId();
    for (const topic of topics) await checkTopic(cluster, options, topic, problems);
    if (group !== null) await cluster.coordinator(group, 'group').catch((error: unknown) => problems.push(problemOf(error, group)));
  } catch (error) {
    problems.push(problemOf(error, options.brokers.join(',')));
  } finally {
    cluster?.close();
  }
  return problems;
}

/** A broker that does not answer is a warning: the others may do. */
async function checkBroker(options: KafkaSinkOptions, broker: string, problems: Problem[]): Promise<void> {
  if (options.brokers.length === 1) return;
  const one = new Cluster({ ...options, brokers: [broker] }, SILENT);
  try {
    await one.metadata([]);
  } catch (error) {
    problems.push({ ...problemOf(error, broker), severity: 'warning' });
  } finally {
    one.close();
  }
}

async function checkTopic(cluster: Cluster, options: KafkaSinkOptions, name: string, problems: Problem[]): Promise<void> {
  try {
    const topic = await cluster.topic(name);
    if (topic === null) {
      if (!options.topics.create) problems.push({ code: 'SINK_REFUSED', message: `Topic ${name} does not exist and sink.topics.create is false`, repair: `Create the topic ${name}, or set sink.topics.create to true.`, severity: 'error', where: name });
      else problems.push(...(await uncreatable(cluster, name)));
      return;
    }
    const { partitions } = options.topics;
    if (partitions !== undefined && topic.partitions.length !== partitions) {
      problems.push({ code: 'SINK_REFUSED', message: `Topic ${name} has ${String(topic.partitions.length)} partitions, not the ${String(partitions)} of sink.topics.partitions`, repair: 'Nothing, if that is meant: sink.topics.partitions is used for new topics only.', severity: 'warning', where: name });
    }
    const max = await cluster.maxMessageBytes(name);
    if (max < SMALL_MAX_MESSAGE) {
      problems.push({ code: 'ROW_TOO_LARGE', message: `Topic ${name} takes messages of ${String(max)} bytes at most; a larger row would stop the daemon`, repair: `Raise max.message.bytes of topic ${name}.`, severity: 'warning', where: name });
    }
  } catch (error) {
    problems.push(problemOf(error, name));
  }
}

/** The brokers are asked whether they would make it; nothing is made. */
async function uncreatable(cluster: Cluster, name: string): Promise<Problem[]> {
  const { error, message } = await cluster.creatable({ name });
  return isPassing(error) ? [] : [problemOf(cluster.uncreated(name, error, message), name)];
}

/** An error as a problem of a topic, a group or a broker. */
export function problemOf(error: unknown, where: string): Problem {
  const failure = asRowcastError(error);
  return { code: failure.code, message: failure.message, repair: failure.hint, severity: 'error', where };
}
