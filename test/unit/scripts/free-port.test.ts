import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../../scripts/servers/server.ts';

/** The first port that Linux gives to an outgoing connection by default. */
const OUTGOING = 32_768;

it('gives each server a port of its own that no outgoing connection takes, and that can be listened on', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort));
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(OUTGOING);
  const listener = createServer().listen(ports[0], '127.0.0.1');
  await once(listener, 'listening');
  listener.close();
});
