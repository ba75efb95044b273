import { spawn } from 'node:child_process';
import { goProgram } from '../go-program.ts';
import type { Contender } from './contender.ts';

/** go-mysql's canal with franz-go, built on the first use. */
export function goMysql(): Contender {
  return {
    name: 'go-mysql + franz-go',
    start: async ({ mysqlPort, kafkaPort, topic, file, position, tables }) => {
      const pattern = `^${tables.replaceAll('.', '\\.').replaceAll('*', '.*')}$`;
      const args = [`127.0.0.1:${mysqlPort}`, `127.0.0.1:${kafkaPort}`, topic, file, String(position), pattern];
      return spawn(await goProgram('go-mysql'), args, { stdio: ['ignore', 'ignore', 'ignore'] });
    },
  };
}
