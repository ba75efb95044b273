import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Address } from '../../support/mysql.ts';
import { Flow, type Weather } from './flow.ts';

export type Direction = 'up' | 'down';

/** A TCP proxy between the daemon and one server: the line that a fault breaks. `up` is towards the server. */
export interface Line extends Address {
  /** Bytes passed on so far in a direction. */
  passed(direction: Direction): number;
  /** Delay and pace of both directions from now on; null for none. */
  slow(weather: Weather | null): void;
  /** Ends every connection: `cut` closes it in order, `reset` by an RST. New ones are accepted. */
  end(how: 'cut' | 'reset'): void;
  /** Ends the connection that passes the next `bytes` bytes in a direction, right after the last of them, whatever they are part of. */
  endAfter(after: { readonly direction: Direction; readonly bytes: number; readonly how: 'cut' | 'reset' }): Promise<void>;
  /** Forgets an `endAfter` that has not happened; its promise stays open. */
  disarm(): void;
  /**
   * Packets vanish without a word from now on, also those that would open or close a connection, until the answer is called.
   * Connections that were open or opened meanwhile never move a byte again, and end when the daemon gives them up.
   */
  silence(directions: readonly Direction[]): () => void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly flows: Readonly<Record<Direction, Flow>>;
  /** Its packets vanish for ever. */
  doomed: boolean;
}

/** A line on a free loopback port to `target`, whose port may change between connections. */
export async function startLine(target: Address): Promise<Line> {
  const state = new LineState(target);
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => { state.join(client); });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    passed: (direction) => state.passed[direction],
    slow: (weather) => { state.slow(weather); },
    end: (how) => { state.end(how); },
    endAfter: (after) => new Promise((happened) => { state.trap = { ...after, left: after.bytes, happened }; }),
    disarm: () => { state.trap = null; },
    silence: (directions) => state.silence(directions),
    close: async () => {
      state.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

interface Trap {
  readonly direction: Direction;
  readonly how: 'cut' | 'reset';
  left: number;
  readonly happened: () => void;
}

class LineState {
  readonly passed: Record<Direction, number> = { up: 0, down: 0 };
  trap: Trap | null = null;
  readonly #target: Address;
  readonly #pairs = new Set<Pair>();
  #weather: Weather | null = null;
  #silent: readonly Direction[] = [];

  constructor(target: Address) {
    this.#target = target;
  }

  join(client: Socket): void {
    const server = connect({ host: this.#target.host, port: this.#target.port, allowHalfOpen: true, noDelay: true });
    const flows = { up: new Flow(client, server), down: new Flow(server, client) };
    const pair: Pair = { client, server, flows, doomed: false };
    this.#pairs.add(pair);
    for (const direction of ['up', 'down'] as const) this.#pump(pair, direction);
    flows.up.weather = flows.down.weather = this.#weather;
    if (this.#silent.length > 0) this.#doom(pair);
  }

  slow(weather: Weather | null): void {
    this.#weather = weather;
    for (const { flows } of this.#pairs) flows.up.weather = flows.down.weather = weather;
  }

  end(how: 'cut' | 'reset'): void {
    for (const pair of this.#pairs) endPair(pair, how);
  }

  silence(directions: readonly Direction[]): () => void {
    this.#silent = directions;
    for (const pair of this.#pairs) this.#doom(pair);
    return () => {
      this.#silent = [];
      // The server's network gives its side up some time; the daemon is told nothing.
      for (const { doomed, server } of this.#pairs) if (doomed) server.destroy();
    };
  }

  destroy(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  #doom(pair: Pair): void {
    pair.doomed = true;
    for (const direction of ['up', 'down'] as const) if (this.#silent.includes(direction)) pair.flows[direction].vanish();
  }

  #pump(pair: Pair, direction: Direction): void {
    const flow = pair.flows[direction];
    const from = direction === 'up' ? pair.client : pair.server;
    from.on('data', (chunk: Buffer) => {
      const { trap } = this;
      if (trap?.direction !== direction || pair.doomed) {
        this.passed[direction] += chunk.length;
        flow.take(chunk);
        return;
      }
      const part = chunk.subarray(0, trap.left);
      trap.left -= part.length;
      this.passed[direction] += part.length;
      flow.take(part);
      if (trap.left > 0) return;
      this.trap = null;
      void flow.idle().then(() => { endPair(pair, trap.how); trap.happened(); });
    });
    from.on('end', () => { if (!pair.doomed) flow.finish(); });
    from.on('error', () => undefined);
    from.on('close', (hadError) => { this.#closed(pair, direction, hadError); });
  }

  #closed(pair: Pair, direction: Direction, hadError: boolean): void {
    const { client, server, flows, doomed } = pair;
    if (client.destroyed && server.destroyed) this.#pairs.delete(pair);
    if (doomed) {
      // As long as packets vanish nobody tells the server that the daemon gave up, and the daemon is told nothing ever.
      if (direction === 'up' && this.#silent.length === 0) server.destroy();
      return;
    }
    const other = direction === 'up' ? server : client;
    if (hadError) other.resetAndDestroy();
    else void flows[direction].idle().then(() => { other.destroySoon(); });
  }
}

function endPair({ client, server }: Pair, how: 'cut' | 'reset'): void {
  for (const socket of [client, server]) {
    if (how === 'reset') socket.resetAndDestroy();
    else socket.destroySoon();
  }
}
