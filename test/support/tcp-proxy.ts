import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Address } from './mysql.ts';

/** Stands between a client and a server, and breaks the line on demand. */
export interface TcpProxy extends Address {
  /** Connections through it at this moment. */
  readonly connections: number;
  /** Bytes that came from the server so far, all connections together. */
  readonly received: number;
  /** Destroys every connection with a reset; new ones are accepted. */
  cut(): void;
  /** Refuses new connections (they are reset at once) until `accept`; those that exist live on. */
  refuse(): void;
  accept(): void;
  /** Stops moving bytes, in both directions and for new connections too, without closing anything; after so many more from the server. @default 0 */
  stall(after?: number): void;
  /** Half-open: whatever is sent on the connections that exist vanishes without a word, and neither side learns that the other closes. New ones work. */
  strand(): void;
  /** Ends a stall; nothing is lost. */
  resume(): void;
  close(): Promise<void>;
}

/** A proxy on a free loopback port to `target`. */
export async function startTcpProxy(target: Address): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const stranded = new Set<Socket>();
  let stalled = false;
  let refusing = false;
  let received = 0;
  let stallsAt = Infinity;
  const each = (act: (socket: Socket) => void): void => {
    for (const pair of pairs) pair.forEach(act);
  };
  const stall = (): void => {
    stallsAt = Infinity;
    stalled = true;
    each((socket) => socket.pause());
  };
  const listener = createServer((client) => {
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(target.port, target.host);
    server.on('data', (chunk) => {
      received += chunk.length;
      if (received >= stallsAt) stall();
    });
    const pair = [client, server] as const;
    pairs.add(pair);
    join(client, server, { isStalled: () => stalled, isStranded: () => stranded.has(client), ended: () => pairs.delete(pair) });
    if (stalled) pair.forEach((socket) => socket.pause());
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    get received() {
      return received;
    },
    cut: () => each((socket) => socket.resetAndDestroy()),
    refuse: () => (refusing = true),
    accept: () => (refusing = false),
    stall: (after = 0) => {
      if (after === 0) stall();
      else stallsAt = received + after;
    },
    strand: () => {
      for (const pair of pairs) pair.forEach((socket) => stranded.add(socket));
      pairs.clear();
    },
    resume: () => {
      stalled = false;
      each((socket) => socket.resume());
    },
    close: async () => {
      each((socket) => socket.destroy());
      stranded.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

interface Line {
  readonly isStalled: () => boolean;
  readonly isStranded: () => boolean;
  readonly ended: () => void;
}

/** Moves bytes both ways, and ends both sides when one ends. */
function join(client: Socket, server: Socket, { isStalled, isStranded, ended }: Line): void {
  for (const [from, to] of [[client, server], [server, client]] as const) {
    from.on('data', (chunk) => {
      if (!isStranded() && !to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!isStalled()) from.resume();
    });
    from.on('end', () => {
      if (!isStranded()) to.end();
    });
    from.on('error', () => {
      if (!isStranded()) to.destroy();
    });
    from.on('close', () => {
      if (!isStranded()) to.destroy();
      ended();
    });
  }
}
