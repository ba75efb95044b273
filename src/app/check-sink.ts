import { resolve } from 'node:path';
import type { Config } from '../config/compile.ts';
import type { Problem } from '../core/problem.ts';
import { checkKafka } from '../sink/kafka/check.ts';
import { groupOf, kafkaOptions } from './kafka-options.ts';
import { beforeStart, problemOf } from './problems.ts';
import { obstacle } from './writable.ts';

/** The destination: reached, logged in, and `topics` as they are there. Changes nothing. */
export async function checkSink(config: Config, topics: readonly string[]): Promise<readonly Problem[]> {
  const { sink } = config;
  switch (sink.type) {
    case 'kafka':
      try {
        return (await checkKafka(kafkaOptions(config, sink), { topics, group: config.standby === null ? null : groupOf(config.name) })).map(beforeStart);
      } catch (error) {
        return [problemOf(error)];
      }
    case 'file': {
      const path = resolve(sink.path);
      const blocked = await obstacle(path);
      return blocked === null ? [] : [{ code: 'SINK_REFUSED', severity: 'error', where: path, message: `no changes can be written: ${blocked}`, repair: 'Give the user of the daemon write access there, or name another place in sink.path.' }];
    }
    case 'stdout':
      return [];
  }
}
