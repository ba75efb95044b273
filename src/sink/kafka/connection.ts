import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Logger } from '../../core/ports.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Request } from './protocol/requests.ts';
import { WireReader } from './protocol/wire.ts';
import { ssl, sasl, quietLogger } from './vendor-options.ts';

/** What is used of kafkajs 2.2.4: its connection does TLS, SASL, framing and correlation. */
interface VendorConnection {
  socket?: Socket;
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

/**
 * The one connection to one broker. It opens when asked to, and after a failure opens anew; a socket whose answer is
 * overdue is destroyed, as a half-open one would swallow whatever follows. Logging in again, where the broker limits the
 * life of a session, waits until every request is answered.
 */
export class BrokerConnection {
  readonly host: string;
  readonly port: number;
  readonly #options: KafkaSinkOptions;
  readonly #logger: Logger;
  #vendor: VendorConnection | null = null;
  #opening: Promise<void> | null = null;
  #waiting = 0;
  #drained: (() => void) | null = null;

  constructor(address: { host: string; port: number }, options: KafkaSinkOptions, logger: Logger) {
    this.host = address.host;
    this.port = address.port;
    this.#options = options;
    this.#logger = logger;
  }

  get address(): string {
    return `${this.host}:${String(this.port)}`;
  }

  /** True when a request can be sent at once. */
  get usable(): boolean {
    const vendor = this.#vendor;
    return vendor !== null && this.#opening === null && vendor.isConnected() && (this.#options.sasl === undefined || vendor.isAuthenticated());
  }

  /** Makes it usable. Calls while it does share one attempt. */
  open(): Promise<void> {
    if (this.usable) return Promise.resolve();
    this.#opening ??= this.#prepare().finally(() => { this.#opening = null; });
    return this.#opening;
  }

  /** Sends at once, in the order of the calls. @throws Error when not usable, or when the connection ends before the answer */
  send(request: Request): Promise<WireReader> {
    const vendor = this.#vendor;
    if (vendor === null || !this.usable) return Promise.reject(new Error(`not connected to ${this.address}`));
    this.#waiting++;
    const timer = setTimeout(() => { this.destroy(new Error(`no answer from ${this.address} in ${String(this.#options.requestTimeoutMs)} ms`)); }, this.#options.requestTimeoutMs);
    return push(vendor, request, this.#options.clientId).finally(() => {
      clearTimeout(timer);
      this.#waiting--;
      if (this.#waiting === 0) this.#drained?.();
    });
  }

  /** Ends the connection at once; every request that waits fails with `error`. */
  destroy(error: Error): void {
    const vendor = this.#vendor;
    this.#vendor = null;
    if (vendor !== null) discard(vendor, error);
  }

  async #prepare(): Promise<void> {
    const old = this.#vendor;
    if (old?.isConnected() === true) {
      if (this.#waiting > 0) await new Promise<void>((resolve) => { this.#drained = resolve; });
      this.#drained = null;
      if (old === this.#vendor && old.isConnected()) return this.#limited(old, old.authenticate());
    }
    this.destroy(new Error('replaced'));
    const vendor = this.#make();
    this.#vendor = vendor;
    await this.#limited(vendor, this.#establish(vendor));
  }

  async #establish(vendor: VendorConnection): Promise<void> {
    const connected = vendor.connect();
    vendor.socket?.setNoDelay(true);
    const closed = new Promise<never>((_, reject) => vendor.socket?.once('close', () => { reject(new Error(`${this.address} closed the connection`)); }));
    closed.catch(() => undefined);
    await Promise.race([connected, closed]);
    vendor.socket?.once('close', () => {
      if (this.#vendor === vendor) this.destroy(new Error(`${this.address} closed the connection`));
    });
    if (this.#options.sasl !== undefined) await Promise.race([vendor.authenticate(), closed]);
  }

  async #limited(vendor: VendorConnection, work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => { reject(new Error(`${this.address} was not ready in ${String(this.#options.connectTimeoutMs)} ms`)); }, this.#options.connectTimeoutMs);
    });
    try {
      await Promise.race([work, late]);
    } catch (error) {
      if (this.#vendor === vendor) this.#vendor = null;
      discard(vendor, error as Error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #make(): VendorConnection {
    const { clientId, connectTimeoutMs, requestTimeoutMs } = this.#options;
    const vendor = new Connection({
      host: this.host, port: this.port, clientId, socketFactory, logger: quietLogger(this.#logger), ssl: ssl(this.#options), sasl: sasl(this.#options),
      connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs, enforceRequestTimeout: false,
    });
    vendor.setVersions(SASL_VERSIONS);
    vendor.setSupportAuthenticationProtocol(true);
    // Nothing is ever queued there, and its check would be a timer of 1 ms that arms itself for ever.
    vendor.requestQueue.scheduleCheckPendingRequests = () => undefined;
    vendor.requestQueue.maybeThrottle = () => undefined;
    return vendor;
  }
}

function push(vendor: VendorConnection, request: Request, clientId: string): Promise<WireReader> {
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
  }).then(({ payload }) => new WireReader(payload));
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

function discard(vendor: VendorConnection, error: Error): void {
  vendor.socket?.destroy();
  vendor.rejectRequests(error);
  void vendor.disconnect().catch(() => undefined);
}
