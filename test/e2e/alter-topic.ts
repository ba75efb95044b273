import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import type { Address } from '../support/mysql.ts';

/** Sets settings of a topic, as an administrator would. */
export async function alterTopic({ host, port }: Address, topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const admin = new Kafka({ clientId: 'admin', brokers: [`${host}:${String(port)}`], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }] });
  } finally {
    await admin.disconnect();
  }
}
