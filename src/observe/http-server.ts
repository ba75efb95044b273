import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RowcastError } from '../core/errors.ts';
import type { Json } from '../core/position.ts';

/** Not by `import`, which reads all that the module exports: for one of it, WebSocket, Node loads a second HTTP client. */
const { createServer } = process.getBuiltinModule('node:http');

/** What the server shows. */
export interface Pages {
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  readiness(): { readonly ready: boolean; readonly reason: string; readonly detail: string };
  /** Holds no secret and no column value (Invariant 10). */
  status(): Json;
}

export interface HttpServer {
  /** For people: `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Times in milliseconds, shorter in tests. */
export interface HttpLimits {
  /** For all headers of a request. @default 5000 */
  readonly headersTimeout?: number;
  /** For a whole request. @default 10000 */
  readonly requestTimeout?: number;
  /** How often the two are looked at. @default 1000 */
  readonly connectionsCheckingInterval?: number;
  /** For a connection on which nothing moves. @default 15000 */
  readonly idleMs?: number;
}

/** Milliseconds, and bytes of all headers. Times are looked at once a second: by default Node does so twice a minute only. */
const LIMITS = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192, connectionsCheckingInterval: 1_000 };
/** More are closed as they come. */
const MAX_CONNECTIONS = 64;
const REQUESTS_PER_CONNECTION = 1_000;
/** A connection on which nothing moves so long is closed: one whose client does not read, too. */
const IDLE_MS = 15_000;

/**
 * Serves `/metrics`, `/healthz` (the process lives), `/readyz` (200 when rows flow, else 503) and `/status`; GET and HEAD only.
 * @throws RowcastError CONFIG_INVALID when the address cannot be taken
 */
export async function serveHttp(address: { readonly host: string; readonly port: number }, pages: Pages, limits: HttpLimits = {}): Promise<HttpServer> {
  const { idleMs = IDLE_MS, ...times } = limits;
  const server = createServer({ ...LIMITS, ...times }, (request, response) => {
    answer(pages, request, response).catch(() => {
      if (!response.headersSent) send(response, { status: 500, type: TEXT, text: 'internal error\n' });
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION;
  server.setTimeout(idleMs);
  await listen(server, address);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    // What it sends besides is not read.
    response.setHeader('connection', 'close');
    send(response, { status: 405, type: TEXT, text: 'only GET is answered here\n' });
    return;
  }
  send(response, await page(pages, (request.url ?? '/').split('?', 1)[0] ?? '/'));
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json';
const PATHS = '/status, /readyz, /healthz and /metrics';

async function page(pages: Pages, path: string): Promise<Page> {
  switch (path) {
    case '/metrics':
      return { status: 200, ...(await pages.metrics()) };
    case '/healthz':
      return { status: 200, type: JSON_TYPE, text: '{"alive":true}\n' };
    case '/readyz': {
      const readiness = pages.readiness();
      return { status: readiness.ready ? 200 : 503, type: JSON_TYPE, text: `${JSON.stringify(readiness)}\n` };
    }
    case '/status':
      return { status: 200, type: JSON_TYPE, text: `${JSON.stringify(pages.status(), null, 2)}\n` };
    case '/':
      return { status: 200, type: TEXT, text: `Rowcast answers ${PATHS}.\n` };
    default:
      return { status: 404, type: TEXT, text: `There is ${PATHS}.\n` };
  }
}

function send(response: ServerResponse, { status, type, text }: Page): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.end(text);
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new RowcastError('CONFIG_INVALID', `http.host and http.port: cannot listen on ${host}:${port}: ${cause.message}`, { cause, hint: 'Choose another http.port, or `http: false`.' }));
    });
    server.listen(port, host, () => resolve());
  });
}
