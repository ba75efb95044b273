import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './servers/cache.ts';
import type { Server } from './servers/index.ts';
import { startKafka, startMariadb, startMysql, startMysql56 } from './servers/index.ts';

/**
 * `npm run servers`: the servers that integration tests share, kept running, so that a test file starts at once:
 * `ROWCAST_TEST_SERVERS=FILE npx vitest run --project integration …`, FILE being what this prints. Ctrl-C ends them.
 */
const file = process.argv[2] ?? join(cacheFolder(), 'test-servers.json');
const starters = { mysql: startMysql, mariadb: startMariadb, mysql56: startMysql56, kafka: startKafka } as const;
const running: [string, Server][] = [];
for (const [name, start] of Object.entries(starters)) running.push([name, await start()]);
writeFileSync(file, JSON.stringify(Object.fromEntries(running.map(([name, { host, port }]) => [name, { host, port }]))));
console.log(`running: ${running.map(([, { name, port }]) => `${name} on ${port}`).join(', ')}\nROWCAST_TEST_SERVERS=${file}`);

await new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
});
rmSync(file, { force: true });
await Promise.all(running.map(([, server]) => server.stop()));
process.exit();
