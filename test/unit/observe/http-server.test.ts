import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp } from '../../../src/observe/http-server.ts';
import type { HttpLimits, HttpServer, Pages } from '../../../src/observe/http-server.ts';

const servers: HttpServer[] = [];
let ready = true;

const pages: Pages = {
  metrics: () => Promise.resolve({ type: 'text/plain; version=0.0.4', text: 'up 1\n' }),
  readiness: () => ({ ready, reason: ready ? 'streaming' : 'sink-down', detail: 'broker 1 is away' }),
  status: () => ({ state: 'streaming' }),
};

afterEach(async () => {
  ready = true;
  for (const server of servers.splice(0)) await server.close();
});

async function serve(over: Partial<Pages> = {}, limits: HttpLimits = {}): Promise<string> {
  const server = await serveHttp({ host: '127.0.0.1', port: 0 }, { ...pages, ...over }, limits);
  servers.push(server);
  return server.url;
}

function method(url: string, verb: string): Promise<{ status: number; allow: string | undefined }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: verb }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, allow: response.headers.allow });
    });
    call.on('error', reject);
    call.end();
  });
}

describe('the HTTP server', () => {
  it('answers metrics, health and status, and says what there is elsewhere', async () => {
    const url = await serve();
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(url + path);
      return [response.status, await response.text()];
    };
    expect(await get('/metrics')).toEqual([200, 'up 1\n']);
    expect(await get('/healthz')).toEqual([200, '{"alive":true}\n']);
    expect(await get('/status?x=1')).toEqual([200, '{\n  "state": "streaming"\n}\n']);
    expect(await get('/')).toEqual([200, 'Rowcast answers /status, /readyz, /healthz and /metrics.\n']);
    expect(await get('/etc/passwd')).toEqual([404, 'There is /status, /readyz, /healthz and /metrics.\n']);
  });

  it('answers readiness by its status code, with the reason', async () => {
    const url = await serve();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    ready = false;
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, reason: 'sink-down', detail: 'broker 1 is away' });
  });

  it('takes only GET and HEAD', async () => {
    const url = await serve();
    expect(await method(`${url}/status`, 'HEAD')).toEqual({ status: 200, allow: undefined });
    for (const verb of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(await method(`${url}/status`, verb)).toEqual({ status: 405, allow: 'GET, HEAD' });
  });

  it('answers 500 without the reason when a page fails', async () => {
    const url = await serve({ metrics: () => Promise.reject(new Error('password=hunter2')) });
    const response = await fetch(`${url}/metrics`);
    expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
  });

  it('says which address is taken', async () => {
    const url = await serve();
    await expect(serveHttp({ host: '127.0.0.1', port: Number(new URL(url).port) }, pages)).rejects.toMatchObject({ code: 'CONFIG_INVALID', hint: 'Choose another http.port, or `http: false`.' });
  });
});

/** A connection that sends `text` and answers with all that comes until its end. */
function speak(url: string, text: string, then: (socket: Socket) => void = () => undefined): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(text);
      then(socket);
    });
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => { resolve(answer); });
  });
}

const SHORT: HttpLimits = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50, idleMs: 300 };
const GET = 'GET /healthz HTTP/1.1\r\nhost: x\r\n';

describe('limits of the HTTP server', () => {
  it('end a request whose headers come byte by byte', async () => {
    const url = await serve({}, SHORT);
    let drip: NodeJS.Timeout | undefined;
    const answer = await speak(url, GET, (socket) => { drip = setInterval(() => socket.write('a'), 20); });
    clearInterval(drip);
    expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('end a connection that says nothing, and one whose body never ends', async () => {
    const url = await serve({}, SHORT);
    expect(await speak(url, '')).toMatch(/^(HTTP\/1\.1 408 |$)/);
    let drip: NodeJS.Timeout | undefined;
    await speak(url, `${GET}transfer-encoding: chunked\r\n\r\n`, (socket) => { drip = setInterval(() => socket.write('1\r\na\r\n'), 20); });
    clearInterval(drip);
  });

  it('end a connection whose client does not read', async () => {
    const url = await serve({ metrics: () => Promise.resolve({ type: 'text/plain', text: 'x'.repeat(50_000_000) }) }, SHORT);
    let read = 0;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'));
      socket.on('error', () => undefined);
      socket.once('close', () => { resolve(); });
      // The rest is read only once the server has had time to give up.
      socket.once('readable', () => setTimeout(() => socket.on('data', (chunk: Buffer) => (read += chunk.length)), 1_000));
    });
    expect(read).toBeLessThan(50_000_000);
  });

  it('refuse headers of more than 8 KiB, and what is no HTTP', async () => {
    const url = await serve();
    expect(await speak(url, `${GET}x: ${'y'.repeat(9_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await speak(url, `${GET}${Array.from({ length: 3_000 }, (_, n) => `h${String(n)}: 1\r\n`).join('')}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await speak(url, `GET /${'p'.repeat(9_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await speak(url, '\u0016\u0003\u0001\u0002\u0000garbage\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('hold 64 connections and close more at once; the place of one that ends is free again', async () => {
    const url = await serve();
    const port = Number(new URL(url).port);
    const held = await Promise.all(Array.from({ length: 64 }, () => new Promise<Socket>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`${GET}\r\n`));
      socket.on('error', () => undefined);
      socket.once('data', () => { resolve(socket); });
    })));
    expect(await speak(url, `${GET}connection: close\r\n\r\n`)).toBe('');
    const first = held[0];
    await new Promise((resolve) => first?.once('close', resolve).destroy());
    await expect.poll(() => speak(url, `${GET}connection: close\r\n\r\n`)).toContain('{"alive":true}');
    for (const socket of held) socket.destroy();
  });

  it('read no body: a POST is answered and its connection closed', async () => {
    const url = await serve();
    const answer = await speak(url, `POST /status HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n${'b'.repeat(1000)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it.each(['CONNECT x:1', 'TRACE /status', 'PROPFIND /status', 'PATCH /healthz'])('know no %s', async (line) => {
    expect(await speak(await serve(), `${line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/^(HTTP\/1\.1 405 |$)/);
  });

  it.each(['//metrics', '/metrics/', '/./metrics', '/x/../metrics', '/%6detrics', '/metrics%00', '/METRICS', 'http://x/metrics', '*', '/..%2f..%2fetc/passwd', '/status/../../secret'])('know no page %s', async (path) => {
    expect(await speak(await serve(), `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 404 [^]*There is \/status, \/readyz, \/healthz and \/metrics\.\n$/);
  });

  it('do not show what was asked for, nor speak another protocol on request', async () => {
    const url = await serve();
    expect(await speak(url, 'GET /<script>alert(1)</script> HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).not.toContain('script');
    const upgraded = await speak(url, `${GET}connection: upgrade, close\r\nupgrade: websocket\r\n\r\n`);
    expect(upgraded).not.toContain('101');
  });

  it('show themselves at 127.0.0.1 alone', async () => {
    const port = Number(new URL(await serve()).port);
    const refused = await new Promise<string>((resolve) => {
      connect(port, '127.0.0.2', () => { resolve('connected'); }).on('error', (error: NodeJS.ErrnoException) => { resolve(error.code ?? ''); });
    });
    expect(refused).toBe('ECONNREFUSED');
  });
});
