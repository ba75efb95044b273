import type { Logger } from '../../core/ports.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Request } from './protocol/requests.ts';
import { WireReader } from './protocol/wire.ts';
import { StallWatch } from './stall-watch.ts';
import { discard, flushedBytes, logIn, makeConnection, push, type VendorConnection } from './vendor.ts';

/**
 * The one connection to one broker. It opens when asked to, and after a failure opens anew; a socket on which nothing
 * moves is destroyed, as a half-open one would swallow whatever follows. Logging in again, where the broker limits the
 * life of a session, waits until every request is answered.
 */
export class BrokerConnection {
  readonly host: string;
  readonly port: number;
  readonly #options: KafkaSinkOptions;
  readonly #logger: Logger;
  readonly #watch: StallWatch;
  #vendor: VendorConnection | null = null;
  #opening: Promise<void> | null = null;
  #waiting = 0;
  #answers = 0;
  #drained: (() => void) | null = null;
  #closed = false;

  /** `stalled` is told when it is given up because nothing moved. */
  constructor(address: { host: string; port: number }, options: KafkaSinkOptions, logger: Logger, stalled: () => void = () => undefined) {
    this.host = address.host;
    this.port = address.port;
    this.#options = options;
    this.#logger = logger;
    this.#watch = new StallWatch(options.requestTimeoutMs, {
      waiting: () => this.#waiting > 0,
      moved: () => this.#answers + (this.#vendor === null ? 0 : flushedBytes(this.#vendor)),
      stalled: () => {
        this.#destroy(new Error(`no answer from ${this.address} in ${String(options.requestTimeoutMs)} ms`));
        stalled();
      },
    });
  }

  get address(): string {
    return `${this.host}:${String(this.port)}`;
  }

  /** It was closed for good. */
  get closed(): boolean {
    return this.#closed;
  }

  /** True when a request can be sent at once. */
  get usable(): boolean {
    const vendor = this.#vendor;
    return vendor !== null && this.#opening === null && vendor.isConnected() && (this.#options.sasl === undefined || vendor.isAuthenticated());
  }

  /** Something waits for an answer, and nothing has moved for a while. */
  get silent(): boolean {
    return this.#watch.still && this.#waiting > 0;
  }

  /** Gives the socket up where nothing waits on it; it opens anew. */
  renew(): void {
    if (this.#waiting === 0 && this.#opening === null && !this.#closed) this.#destroy(new Error('another line was dead without a word'));
  }

  /** Makes it usable. Calls while it does share one attempt. @throws Error when it cannot */
  open(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`the connection to ${this.address} was closed`));
    if (this.usable) return Promise.resolve();
    this.#opening ??= this.#prepare().finally(() => { this.#opening = null; });
    return this.#opening;
  }

  /**
   * Sends at once, in the order of the calls. An answer that cannot be read ends the connection.
   * @throws Error when not usable, or when the connection ends before the answer; it is not usable then
   */
  async send<T>(request: Request, read: (answer: WireReader) => T): Promise<T> {
    const vendor = this.#vendor;
    if (vendor === null || !this.usable) throw new Error(`not connected to ${this.address}`);
    this.#waiting++;
    this.#watch.begin();
    try {
      const payload = await push(vendor, request, this.#options.clientId);
      this.#answers++;
      return read(new WireReader(payload));
    } catch (error) {
      if (this.#vendor === vendor) this.#destroy(error as Error);
      throw error;
    } finally {
      if (--this.#waiting === 0) this.#drained?.();
    }
  }

  /** Ends it for good; every request that waits fails. */
  close(): void {
    this.#closed = true;
    this.#destroy(new Error(`the connection to ${this.address} was closed`));
  }

  #destroy(error: Error): void {
    const vendor = this.#vendor;
    this.#vendor = null;
    this.#watch.end();
    if (vendor !== null) discard(vendor, error);
  }

  async #prepare(): Promise<void> {
    const old = this.#vendor;
    if (old?.isConnected() === true) {
      if (this.#waiting > 0) await new Promise<void>((resolve) => { this.#drained = resolve; });
      this.#drained = null;
      if (old === this.#vendor && old.isConnected()) return this.#limited(old, logIn(old));
    }
    if (this.#closed) throw new Error(`the connection to ${this.address} was closed`);
    this.#destroy(new Error('replaced'));
    const vendor = makeConnection(this, this.#options, this.#logger);
    this.#vendor = vendor;
    await this.#limited(vendor, this.#establish(vendor));
  }

  async #establish(vendor: VendorConnection): Promise<void> {
    const connected = vendor.connect();
    vendor.socket?.setNoDelay(true);
    let reason: Error | null = null;
    vendor.socket?.once('error', (error) => { reason = error; });
    const closed = new Promise<never>((_, reject) => {
      vendor.socket?.once('close', () => {
        const error = reason ?? new Error(`${this.address} closed the connection`);
        reject(error);
        if (this.#vendor === vendor) this.#destroy(error);
      });
    });
    closed.catch(() => undefined);
    await Promise.race([connected, closed]);
    if (this.#options.sasl !== undefined) await Promise.race([logIn(vendor), closed]);
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
}
