import type { Logger } from '../../core/ports.ts';
import { RowcastError } from '../../core/errors.ts';
import { Cluster } from './cluster.ts';
import type { BrokerConnection } from './connection.ts';
import { connectionError } from './failures.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Request } from './protocol/requests.ts';
import type { WireReader } from './protocol/wire.ts';

/** Milliseconds beyond what a request may take, before the connection counts as dead by itself. */
const SLACK_MS = 5_000;

/**
 * The line to the coordinator of a group. It has connections of its own: a broker answers one request of a connection after
 * the other, and joining a group may wait for seconds.
 */
export class GroupLine {
  readonly #cluster: Cluster;
  readonly #group: string;
  #connection: BrokerConnection | null = null;

  /** `longestMs`: what one request may take. */
  constructor(options: KafkaSinkOptions, group: string, { longestMs, logger }: { longestMs: number; logger: Logger }) {
    this.#cluster = new Cluster({ ...options, requestTimeoutMs: longestMs + SLACK_MS, connectTimeoutMs: Math.min(options.connectTimeoutMs, longestMs) }, logger);
    this.#group = group;
  }

  /** Asks the coordinator, which is looked for where it is not known. Without an answer in `ms` it is hung up. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async ask<T>(request: Request, read: (answer: WireReader) => T, ms: number): Promise<T> {
    const connection = await this.#find();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => { reject(new RowcastError('SINK_LOST', `no answer in ${String(ms)} ms`)); }, ms);
    });
    const answer = connection.send(request, read);
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } catch (cause) {
      this.hangUp();
      throw connectionError(`The coordinator ${connection.address} of group ${this.#group}`, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Another broker coordinates the group now, or the line is dead: it is made anew. */
  hangUp(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  close(): void {
    this.#cluster.close();
  }

  async #find(): Promise<BrokerConnection> {
    if (this.#connection?.usable !== true) this.#connection = await this.#cluster.coordinator(this.#group, 'group');
    return this.#connection;
  }
}
