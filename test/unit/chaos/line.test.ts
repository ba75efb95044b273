import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLine, type Line } from '../../chaos/stage/line.ts';
import { until } from '../../support/wait.ts';

/** An echo behind a line, and what it has seen. */
let echo: Server;
let line: Line;
let served: Socket[];
let clients: Socket[];

beforeEach(async () => {
  [served, clients] = [[], []];
  echo = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  line = await startLine({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  for (const socket of [...clients, ...served]) socket.destroy();
  await line.close();
  await new Promise<void>((resolve) => echo.close(() => resolve()));
});

interface Client {
  readonly socket: Socket;
  received(): Buffer;
  /** How it ended: `end` in order, an error's code otherwise, null while it lives. */
  ending(): string | null;
}

async function client(): Promise<Client> {
  const socket = connect(line.port, line.host);
  clients.push(socket);
  const chunks: Buffer[] = [];
  let ending: string | null = null;
  socket.on('data', (bytes: Buffer) => chunks.push(bytes));
  socket.on('end', () => (ending ??= 'end'));
  socket.on('error', (error) => (ending = 'code' in error ? String(error.code) : 'error'));
  await once(socket, 'connect');
  return { socket, received: () => Buffer.concat(chunks), ending: () => ending };
}

async function says(one: Client, text: string): Promise<void> {
  const before = one.received().length;
  one.socket.write(text);
  await until('the echo', () => one.received().length >= before + text.length, 5_000);
}

describe('a line', () => {
  it('passes bytes both ways, whole and in order, and counts them', async () => {
    const one = await client();
    const sent = Buffer.alloc(3_000_000, 'abcdefghij');
    one.socket.write(sent);
    await until('all is back', () => one.received().length === sent.length, 10_000);
    expect(one.received().equals(sent)).toBe(true);
    expect([line.passed('up'), line.passed('down')]).toEqual([sent.length, sent.length]);
  });

  it('passes the end of a side on', async () => {
    const one = await client();
    await says(one, 'hello');
    const [server] = served;
    server?.end();
    await until('the end', () => one.ending() !== null, 5_000);
    expect(one.ending()).toBe('end');
  });

  it('is cut in order, or reset, and takes new connections', async () => {
    for (const [how, ending] of [['cut', 'end'], ['reset', 'ECONNRESET']] as const) {
      const one = await client();
      await says(one, 'hello');
      line.end(how);
      await until('the end', () => one.ending() !== null, 5_000);
      expect(one.ending()).toBe(ending);
      await says(await client(), 'again');
    }
  });

  it('refuses when there is no server', async () => {
    const [first] = [await client()];
    await says(first, 'x');
    for (const socket of served) socket.destroy();
    await new Promise<void>((resolve) => echo.close(() => resolve()));
    const one = await client();
    await until('the reset', () => one.ending() !== null, 5_000);
    expect(one.ending()).toBe('ECONNRESET');
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  });

  it('is cut after a number of bytes, right there', async () => {
    const one = await client();
    await says(one, 'before');
    const happened = line.endAfter({ direction: 'down', bytes: 1_234, how: 'cut' });
    one.socket.write(Buffer.alloc(50_000));
    await happened;
    await until('the end', () => one.ending() !== null, 5_000);
    expect(one.received()).toHaveLength('before'.length + 1_234);
    await says(await client(), 'after');
  });

  it('is not cut where that was taken back', async () => {
    void line.endAfter({ direction: 'up', bytes: 3, how: 'reset' });
    line.disarm();
    await says(await client(), 'more than three');
  });
});

describe('a line whose packets vanish', () => {
  it('tells neither side, and never moves a byte of that connection again', async () => {
    const one = await client();
    await says(one, 'hello');
    const restore = line.silence(['up', 'down']);
    one.socket.write('lost');
    const other = await client();
    other.socket.write('lost too');
    await sleep(100);
    expect([one.received().toString(), one.ending(), other.received().length, other.ending()]).toEqual(['hello', null, 0, null]);
    restore();
    one.socket.write('still lost');
    await says(await client(), 'new');
    expect([one.received().toString(), one.ending(), other.ending()]).toEqual(['hello', null, null]);
  });

  it('does not tell the server that the client has given up', async () => {
    const one = await client();
    await says(one, 'hello');
    const restore = line.silence(['up', 'down']);
    one.socket.destroy();
    await sleep(100);
    expect(served[0]?.destroyed).toBe(false);
    restore();
    await until('the server is told', () => served[0]?.destroyed === true, 5_000);
  });

  it('may lose one direction only', async () => {
    const one = await client();
    await says(one, 'hello');
    const restore = line.silence(['down']);
    one.socket.write('heard');
    await until('the server has it', () => line.passed('up') === 10, 5_000);
    await sleep(50);
    expect(one.received().toString()).toBe('hello');
    restore();
  });
});

describe('the weather of a line', () => {
  it('delays each byte, but not one after the other', async () => {
    const one = await client();
    await says(one, 'hello');
    line.slow({ delayMs: 100 });
    const begun = performance.now();
    for (let round = 0; round < 5; round++) one.socket.write('12345');
    await until('all is back', () => one.received().length === 30, 5_000);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(200);
    line.slow(null);
    await says(one, 'fast');
  });

  it('paces bytes', async () => {
    const one = await client();
    line.slow({ bytesPerSecond: 200_000 });
    const begun = performance.now();
    one.socket.write(Buffer.alloc(60_000));
    await until('all is back', () => one.received().length === 60_000, 5_000);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(300);
  });
});
