import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../scripts/servers/cache.ts';
import { command, needProgram } from '../../scripts/servers/command.ts';
import type { Contender } from './contender.ts';

const FOLDER = join(import.meta.dirname, '../go-mysql');

/** go-mysql's canal with franz-go, built on the first use. */
export function goMysql(): Contender {
  return {
    name: 'go-mysql + franz-go',
    start: async ({ mysqlPort, kafkaPort, topic, file, position, tables }) => {
      const pattern = `^${tables.replaceAll('.', '\\.').replaceAll('*', '.*')}$`;
      const args = [`127.0.0.1:${mysqlPort}`, `127.0.0.1:${kafkaPort}`, topic, file, String(position), pattern];
      return spawn(await program(), args, { stdio: ['ignore', 'ignore', 'ignore'] });
    },
  };
}

async function program(): Promise<string> {
  const source = ['main.go', 'go.mod', 'go.sum'].map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('');
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12);
  const folder = await installed(`bench-go-mysql-${version}`, async (target) => {
    await command(await needProgram('go', 'golang'), ['build', '-o', join(target, 'go-mysql'), '.'], { cwd: FOLDER, label: 'go build' });
  });
  return join(folder, 'go-mysql');
}
