import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../../scripts/servers/port.ts';

/** The first port that Linux gives to an outgoing connection by default. */
const OUTGOING = 32_768;
/** Twenty ports that no other test asks for. */
const FEW = { lowest: 9_300, highest: 9_319 };
const PORT_MODULE = new URL('../../../scripts/servers/port.ts', import.meta.url).href;
/** Takes nineteen of the twenty, tells them, and lives until its input ends. */
const NEIGHBOUR = `import { freePort } from '${PORT_MODULE}';
const ports = [];
while (ports.length < 19) ports.push(await freePort(${JSON.stringify(FEW)}));
console.log(JSON.stringify(ports));
process.stdin.resume();`;

it('gives each server a port of its own that no outgoing connection takes, and that can be listened on', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(OUTGOING);
  const listener = createServer().listen(ports[0], '127.0.0.1');
  await once(listener, 'listening');
  listener.close();
});

it('gives no port that another process was given, although nothing listens on it yet', async () => {
  const neighbour = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', NEIGHBOUR], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [told] = (await once(neighbour.stdout, 'data')) as [Buffer];
  const taken = new Set(JSON.parse(told.toString()) as number[]);
  expect(taken.size).toBe(19);
  expect(taken).not.toContain(await freePort(FEW));
  neighbour.stdin.end();
  await once(neighbour, 'exit');
  expect(taken).toContain(await freePort(FEW));
});
