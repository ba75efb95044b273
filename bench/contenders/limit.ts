import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaLibraries, needJava } from '../../scripts/servers/kafka.ts';
import type { Contender } from './contender.ts';

/** Kafka's own ProducerPerformance with constant bytes: as fast as this broker takes messages of that size from one producer. */
export function limit(records: number, bytes: number): Contender {
  return {
    name: `ProducerPerformance, ${bytes} bytes`,
    start: async ({ kafkaPort, topic, folder }) => {
      const config = join(folder, 'producer.properties');
      writeFileSync(config, `bootstrap.servers=127.0.0.1:${kafkaPort}\nacks=all\nlinger.ms=5\nbatch.size=1048576\nbuffer.memory=134217728\n`);
      const args = ['-Xms256m', '-Xmx1g', '-cp', join(await kafkaLibraries(), '*'), 'org.apache.kafka.tools.ProducerPerformance',
        '--topic', topic, '--num-records', String(records), '--record-size', String(bytes), '--throughput', '-1', '--producer.config', config];
      return spawn(await needJava(), args, { stdio: ['ignore', 'ignore', 'ignore'] });
    },
  };
}
