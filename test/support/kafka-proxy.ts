import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Address } from './mysql.ts';

/** Requests by their numbers in Kafka's protocol. */
export const API = { produce: 0, initProducerId: 22, addPartitions: 24, endTransaction: 26 } as const;

/** One request that goes wrong, once. */
export interface Fault {
  /** A number of `API`. */
  readonly api: number;
  /** `request`: it never arrives. `answer`: it arrives and is done, and its answer is lost. Either way its connection is reset. `held`: it waits until `release`. */
  readonly loses: 'request' | 'answer' | 'held';
  /** Only a request that holds this text somewhere, such as the name of a topic. */
  readonly about?: string;
  /** Requests of the kind that pass before it. @default 0 */
  readonly after?: number;
  /** Messages outside of transactions meet it too: those of delivery without them. Where there are transactions these are leases of a position. @default false */
  readonly outside?: boolean;
}

/** Stands between a client and a broker, and reads what is asked. */
export interface KafkaProxy extends Address {
  /** Arms a fault; resolves when it has happened. */
  fault(fault: Fault): Promise<void>;
  /** Disarms the fault that has not happened yet; its promise stays open. */
  disarm(): void;
  /** Lets a held request go. */
  release(): void;
  close(): Promise<void>;
}

interface Armed extends Fault {
  left: number;
  readonly happened: () => void;
}

/** A proxy on a free loopback port to `target`, whose brokers must be advertised under its address. */
export async function startKafkaProxy(target: Address): Promise<KafkaProxy> {
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let armed: Armed | null = null;
  /** The fault that a request meets now. */
  const meets = (frame: Buffer): Armed | null => {
    if (armed === null || armed.api !== frame.readInt16BE(4)) return null;
    if (armed.outside !== true && isOutside(frame)) return null;
    if (armed.about !== undefined && !frame.includes(armed.about)) return null;
    if (armed.left-- > 0) return null;
    const met = armed;
    armed = null;
    return met;
  };
  const listener = createServer((client) => {
    const server = connect(target.port, target.host);
    const lost = new Map<number, Armed>();
    const end = (): void => [client, server].forEach((socket) => socket.resetAndDestroy());
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', frames((frame) => {
      const met = meets(frame);
      if (met?.loses === 'request') {
        end();
        met.happened();
      } else if (met?.loses === 'held') {
        held.push(() => server.write(frame));
        met.happened();
      } else {
        if (met !== null) lost.set(frame.readInt32BE(8), met);
        server.write(frame);
      }
    }));
    server.on('data', frames((frame) => {
      const met = lost.get(frame.readInt32BE(4));
      if (met === undefined) {
        client.write(frame);
        return;
      }
      end();
      met.happened();
    }));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    fault: (fault) => new Promise((happened) => { armed = { ...fault, left: fault.after ?? 0, happened }; }),
    disarm: () => { armed = null; },
    release: () => held.splice(0).forEach((go) => { go(); }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

/** Whether it produces messages, and names no transaction. */
function isOutside(frame: Buffer): boolean {
  return frame.readInt16BE(4) === API.produce && frame.readInt16BE(14 + frame.readInt16BE(12)) < 0;
}

/** Cuts a stream into its messages: a length of four bytes, and as many bytes. */
function frames(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
      const end = 4 + pending.readInt32BE(0);
      take(pending.subarray(0, end));
      pending = pending.subarray(end);
    }
  };
}
