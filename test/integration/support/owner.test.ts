import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { query } from '../../support/mysql.ts';
import { until } from '../../support/wait.ts';

const SERVERS = fileURLToPath(new URL('../../../scripts/servers/index.ts', import.meta.url));
const OWNER = `
import { startMysql56 } from ${JSON.stringify(SERVERS)};
const server = await startMysql56();
console.log(JSON.stringify({ pid: server.pid, port: server.port, folder: server.folder }));
setInterval(() => undefined, 1000);
`;

it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('a server dies with its owner, and its data goes with it: %s', async (signal) => {
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', OWNER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const server = JSON.parse(line) as { pid: number; port: number; folder: string };
  expect(await query({ host: '127.0.0.1', port: server.port }, 'select 1 as one')).toEqual([{ one: '1' }]);

  owner.kill(signal);

  await until('the end of the server', () => !isAlive(server.pid));
  await until('the removal of its folder', () => !existsSync(server.folder));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
