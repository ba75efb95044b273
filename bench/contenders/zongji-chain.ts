import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Contender } from './contender.ts';

const PROGRAM = join(import.meta.dirname, '../zongji-chain/chain.mjs');

/** zongji's own row events, JSON.stringify and kafkajs's producer: what the same packages do without this project. */
export function zongjiChain(): Contender {
  return {
    name: 'zongji + kafkajs',
    start: ({ mysqlPort, kafkaPort, topic, file, position, tables }) =>
      Promise.resolve(spawn(process.execPath, [PROGRAM, String(mysqlPort), String(kafkaPort), topic, file, String(position), tables], { stdio: ['ignore', 'ignore', 'inherit'] })),
  };
}
