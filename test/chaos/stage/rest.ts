import { Kafka, logLevel } from 'kafkajs';
import { topicOffsets } from '../../../scripts/kafka-reader.ts';
import { until } from '../../support/wait.ts';
import { TABLES } from '../rows.ts';
import { NAME, type Stage } from './stage.ts';

/**
 * Looks at the topics while no daemon runs: the Kafka transaction that the last one left open is aborted, as its successor would
 * abort it, and whatever can be read then must be whole transactions of the source.
 * @throws Error with the GTIDs of those of which only a part can be read
 */
export async function wholeAtRest({ kafka, checker }: Stage): Promise<void> {
  const client = new Kafka({ brokers: [...kafka.brokers], clientId: 'chaos-rest', logLevel: logLevel.NOTHING });
  const producer = client.producer({ transactionalId: `rowcast-${NAME}`, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    await (await producer.transaction()).abort();
  } finally {
    await producer.disconnect();
  }
  for (const table of TABLES) {
    const topic = `${NAME}.${table}`;
    const ends = await topicOffsets(kafka.admin, topic);
    await until(`${topic} is read to its end`, () => ends.every(({ partition, high }) => checker.reached(topic, partition) >= Number(high)), 20_000);
  }
  const { open } = checker.fold;
  if (open.length > 0) throw new Error(`torn: of ${open.slice(0, 5).join(', ')} only a part can be read while no daemon runs`);
}
