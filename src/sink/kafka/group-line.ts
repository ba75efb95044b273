import type { Logger } from '../../core/ports.ts';
import { RowcastError } from '../../core/errors.ts';
import { Cluster } from './cluster.ts';
import { BrokerConnection } from './connection.ts';
import { connectionError } from './failures.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Request } from './protocol/requests.ts';
import type { WireReader } from './protocol/wire.ts';

/** Milliseconds beyond what a request may take, before the connection counts as dead by itself. */
const SLACK_MS = 5_000;

export interface GroupLineTimes {
  /** Milliseconds that one request may take. */
  readonly longestMs: number;
  /** Milliseconds for which a broker may be silent that is asked who coordinates, or does not let us in: then the next one is tried. */
  readonly seekMs: number;
}

/**
 * The line to the coordinator of a group. It has connections of its own: a broker answers one request of a connection after
 * the other, and joining a group may wait for seconds. Who coordinates is asked on others, where silence is soon taken for what it is.
 */
export class GroupLine {
  readonly #seekers: Cluster;
  readonly #options: KafkaSinkOptions;
  readonly #logger: Logger;
  readonly #group: string;
  #connection: BrokerConnection | null = null;
  #closed = false;

  constructor(options: KafkaSinkOptions, group: string, { times: { longestMs, seekMs }, logger }: { times: GroupLineTimes; logger: Logger }) {
    const connectTimeoutMs = Math.min(options.connectTimeoutMs, seekMs);
    this.#seekers = new Cluster({ ...options, requestTimeoutMs: seekMs, connectTimeoutMs }, logger);
    this.#options = { ...options, requestTimeoutMs: longestMs + SLACK_MS, connectTimeoutMs };
    this.#logger = logger;
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
    this.#closed = true;
    this.#seekers.close();
    this.hangUp();
  }

  async #find(): Promise<BrokerConnection> {
    const known = this.#connection;
    if (known?.usable === true) return known;
    this.hangUp();
    const connection = new BrokerConnection(await this.#seekers.seek(this.#group, 'group'), this.#options, this.#logger);
    if (this.#closed) throw new RowcastError('SINK_LOST', 'the line was closed');
    this.#connection = connection;
    await connection.open().catch((cause: unknown) => { throw connectionError(`Broker ${connection.address}`, cause); });
    return connection;
  }
}
