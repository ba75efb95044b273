import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp } from '../../../src/observe/http-server.ts';
import type { HttpServer, Pages } from '../../../src/observe/http-server.ts';

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

async function serve(over: Partial<Pages> = {}): Promise<string> {
  const server = await serveHttp({ host: '127.0.0.1', port: 0 }, { ...pages, ...over });
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
