import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Logger } from '../../core/ports.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Request } from './protocol/requests.ts';
import { quietLogger, sasl, ssl } from './vendor-options.ts';

/** What is used of kafkajs 2.2.4: its connection does TLS, SASL, framing and correlation. */
export interface VendorConnection {
  socket?: Socket;
  /** Milliseconds before the end of a session's life at which it counts as over. */
  reauthenticationThreshold: number;
  /** Milliseconds (a Long); 0 for no end. */
  sessionLifetime: { toString(): string };
  requestQueue: {
    push(request: { entry: object; expectResponse: boolean; requestTimeout: null; sendRequest: () => void }): void;
    scheduleCheckPendingRequests: () => void;
    maybeThrottle: () => void;
  };
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  authenticate(): Promise<void>;
  isAuthenticated(): boolean;
  isConnected(): boolean;
  setVersions(versions: object): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
  nextCorrelationId(): number;
  rejectRequests(error: Error): void;
}

const require = createRequire(import.meta.url);
const Connection = require('kafkajs/src/network/connection') as new (options: object) => VendorConnection;
const socketFactory = (require('kafkajs/src/network/socketFactory') as () => unknown)();

/** SaslHandshake and SaslAuthenticate, the only requests kafkajs sends by itself. */
const SASL_VERSIONS = { 17: { minVersion: 0, maxVersion: 1 }, 36: { minVersion: 0, maxVersion: 1 } };

/** Part of a session's life after which it is renewed. */
const SESSION_PART = 0.8;

/** A connection that is not yet open. */
export function makeConnection(address: { host: string; port: number }, options: KafkaSinkOptions, logger: Logger): VendorConnection {
  const { clientId, connectTimeoutMs, requestTimeoutMs } = options;
  const vendor = new Connection({
    host: address.host, port: address.port, clientId, socketFactory, logger: quietLogger(logger), ssl: ssl(options), sasl: sasl(options),
    connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs, enforceRequestTimeout: false,
  });
  vendor.setVersions(SASL_VERSIONS);
  vendor.setSupportAuthenticationProtocol(true);
  // Nothing is ever queued there, and its check would be a timer of 1 ms that arms itself for ever.
  vendor.requestQueue.scheduleCheckPendingRequests = () => undefined;
  vendor.requestQueue.maybeThrottle = () => undefined;
  return vendor;
}

/**
 * Logs in, for the first time or again. The fixed ten seconds of kafkajs before the end of a session would have a shorter
 * one never count as good.
 * @throws Error of kafkajs when the broker refuses it; another one when the connection ended meanwhile, which kafkajs reports as a refusal too
 */
export async function logIn(vendor: VendorConnection): Promise<void> {
  try {
    await vendor.authenticate();
  } catch (error) {
    if (vendor.isConnected()) throw error;
    throw new Error('the connection ended during the login', { cause: error });
  }
  vendor.reauthenticationThreshold = Math.round(Number(vendor.sessionLifetime.toString()) * (1 - SESSION_PART));
}

/** Writes a request to the socket at once, its parts as they are; the answer without its correlation id. */
export function push(vendor: VendorConnection, request: Request, clientId: string): Promise<Buffer> {
  const correlationId = vendor.nextCorrelationId();
  const head = requestHeader(request, correlationId, clientId);
  return new Promise<{ payload: Buffer }>((resolve, reject) => {
    vendor.requestQueue.push({
      entry: { apiKey: request.key, apiName: `api ${String(request.key)}`, apiVersion: request.version, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout: null,
      sendRequest: () => {
        const socket = vendor.socket;
        if (socket === undefined) throw new Error('not connected');
        socket.cork();
        socket.write(head);
        for (const part of request.parts) socket.write(part);
        socket.uncork();
      },
    });
  }).then(({ payload }) => payload);
}

/*
 * Request header. Source: Kafka protocol guide, "Request Header v1" and "v2".
 * size INT32 (bytes after), api_key INT16, api_version INT16, correlation_id INT32, client_id NULLABLE_STRING, v2: tagged fields
 */
function requestHeader(request: Request, correlationId: number, clientId: string): Buffer {
  const name = Buffer.from(clientId);
  const head = Buffer.alloc(14 + name.length + (request.flexible ? 1 : 0));
  let size = head.length - 4;
  for (const part of request.parts) size += part.length;
  head.writeInt32BE(size, 0);
  head.writeInt16BE(request.key, 4);
  head.writeInt16BE(request.version, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(name.length, 12);
  name.copy(head, 14);
  return head;
}

/** Bytes that have left this process, of all that were written. */
export function flushedBytes(vendor: VendorConnection): number {
  const socket = vendor.socket as (Socket & { _handle?: { writeQueueSize?: number } | null }) | undefined;
  return socket === undefined ? 0 : socket.bytesWritten - socket.writableLength - (socket._handle?.writeQueueSize ?? 0);
}

/** Ends it at once; every request that waits fails with `error`. */
export function discard(vendor: VendorConnection, error: Error): void {
  vendor.socket?.destroy();
  vendor.rejectRequests(error);
  void vendor.disconnect().catch(() => undefined);
}
