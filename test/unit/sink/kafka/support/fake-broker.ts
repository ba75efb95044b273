import { createServer, type AddressInfo, type Socket } from 'node:net';
import { readRecords } from '../../../../../src/sink/kafka/record-batch.ts';

/** A batch as it came in a Produce request. */
export interface Arrival {
  readonly topic: string;
  readonly partition: number;
  readonly id: bigint;
  readonly epoch: number;
  readonly sequence: number;
  readonly count: number;
  readonly bytes: number;
  /** Values of its records; none when they are compressed. */
  readonly values: readonly string[];
}

/** What the broker does with a batch: an error code without writing it, `lose` (write, then cut the line), `hang` (never answer). */
export type Verdict = number | 'lose' | 'hang' | null;

/** A broker of one node that speaks just what the sink asks for, and checks sequences as Kafka 4 does. */
export interface FakeBroker {
  readonly port: number;
  /** Every batch that arrived, refused ones included. */
  readonly arrivals: Arrival[];
  /** What was written, by `topic-partition`. */
  readonly log: Map<string, string[]>;
  readonly requests: { key: number; version: number }[];
  /** Asked before the sequence is looked at; null: treat it as Kafka does. */
  verdict: (arrival: Arrival) => Verdict;
  /** Error codes of Metadata and InitProducerId answers, used up from the front. */
  readonly topicErrors: number[];
  readonly producerErrors: number[];
  maxMessageBytes: number;
  partitions: number;
  /** Topics that exist; null: all of them. */
  topics: Set<string> | null;
  connections: number;
  /** The cluster that metadata tells of, by node; null: this broker alone, as node 1. */
  nodes: ReadonlyMap<number, number> | null;
  /** By the number of a request: its answers wait for this. */
  readonly slow: Map<number, Promise<void>>;
  /** Requests that came on lines that are dead. */
  swallowed: number;
  /** Forgets all sequences, as after the data was deleted. */
  forget(): void;
  /** Answers to Produce wait while this is true. */
  hold(held: boolean): void;
  cut(): void;
  /** Lines that are open die without a word: what comes on them is never answered. */
  silence(): void;
  close(): Promise<void>;
}

const OUT_OF_ORDER = 45;
const STALE_EPOCH = 47;

interface Known {
  epoch: number;
  recent: { first: number; last: number }[];
}

export async function startFakeBroker(): Promise<FakeBroker> {
  const sockets = new Set<Socket>();
  const dead = new Set<Socket>();
  const known = new Map<string, Known>();
  let held: (() => void)[] | null = null;
  let port = 0;
  let nextId = 1000n;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    broker.connections++;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let pending = Buffer.alloc(0);
    let chunks: Buffer[] = [];
    let more = 4;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      more -= chunk.length;
      if (more > 0) return;
      pending = Buffer.concat([pending, ...chunks]);
      chunks = [];
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const end = 4 + pending.readInt32BE(0);
        const request = pending.subarray(4, end);
        pending = pending.subarray(end);
        serve(socket, request);
      }
      more = (pending.length < 4 ? 4 : 4 + pending.readInt32BE(0)) - pending.length;
    });
  });
  const broker: FakeBroker = {
    get port() { return port; },
    arrivals: [], log: new Map(), requests: [], verdict: () => null, topicErrors: [], producerErrors: [],
    maxMessageBytes: 1_048_588, partitions: 1, topics: null, connections: 0, nodes: null, slow: new Map(), swallowed: 0,
    forget: () => { known.clear(); },
    hold: (on) => {
      const waiting = held ?? [];
      held = on ? [] : null;
      if (!on) for (const answer of waiting) answer();
    },
    silence: () => { for (const socket of sockets) dead.add(socket); },
    cut: () => { for (const socket of sockets) socket.destroy(); },
    close: () => new Promise((resolve) => {
      broker.cut();
      server.close(() => { resolve(); });
    }),
  };

  function serve(socket: Socket, request: Buffer): void {
    if (dead.has(socket)) {
      broker.swallowed++;
      return;
    }
    const [key, version, correlation] = [request.readInt16BE(0), request.readInt16BE(2), request.readInt32BE(4)];
    broker.requests.push({ key, version });
    const body = request.subarray(10 + request.readInt16BE(8) + (key === 22 ? 1 : 0));
    const reply = (answer: Buffer): void => {
      const head = Buffer.alloc(8);
      head.writeInt32BE(answer.length + 4, 0);
      head.writeInt32BE(correlation, 4);
      const waits = broker.slow.get(key);
      if (waits === undefined) socket.write(Buffer.concat([head, answer]));
      else void waits.then(() => socket.write(Buffer.concat([head, answer])));
    };
    switch (key) {
      case 0: { produce(socket, body, reply); return; }
      case 3: { reply(metadata(body)); return; }
      case 19: { reply(createTopic(body)); return; }
      case 22: { reply(Buffer.concat([Buffer.from([0]), i32(0), i16(broker.producerErrors.shift() ?? 0), i64(nextId++), i16(0), Buffer.from([0])])); return; }
      case 32: { reply(Buffer.concat([i32(0), i32(1), i16(0), i16(-1), Buffer.from([2]), text('t'), i32(1), text('max.message.bytes'), text(String(broker.maxMessageBytes)), Buffer.from([0, 4, 0]), i32(0)])); return; }
      default: throw new Error(`api ${String(key)}`);
    }
  }

  function metadata(body: Buffer): Buffer {
    const names: string[] = [];
    for (let at = 4, left = body.readInt32BE(0); left > 0; left--) {
      const length = body.readInt16BE(at);
      names.push(body.toString('utf8', at + 2, at + 2 + length));
      at += 2 + length;
    }
    const topics = names.map((name) => {
      const error = broker.topicErrors.shift() ?? (broker.topics === null || broker.topics.has(name) ? 0 : 3);
      const count = error === 0 ? broker.partitions : 0;
      return Buffer.concat([i16(error), text(name), Buffer.from([0]), i32(count), ...Array.from({ length: count }, (_, index) => Buffer.concat([i16(0), i32(index), i32(1), i32(0), i32(0)]))]);
    });
    const nodes = [...(broker.nodes ?? new Map([[1, port]]))].map(([node, at]) => Buffer.concat([i32(node), text('127.0.0.1'), i32(at), i16(-1)]));
    return Buffer.concat([i32(0), i32(nodes.length), ...nodes, i16(-1), i32(1), i32(topics.length), ...topics]);
  }

  function createTopic(body: Buffer): Buffer {
    const name = body.toString('utf8', 6, 6 + body.readInt16BE(4));
    broker.topics?.add(name);
    return Buffer.concat([i32(0), i32(1), text(name), i16(0), i16(-1)]);
  }

  function produce(socket: Socket, body: Buffer, reply: (answer: Buffer) => void): void {
    const results: { arrival: Arrival; error: number }[] = [];
    let lost = false;
    let hung = false;
    for (const arrival of arrivalsOf(body)) {
      broker.arrivals.push(arrival);
      const verdict = broker.verdict(arrival);
      if (verdict === 'hang') hung = true;
      else if (verdict === 'lose') {
        write(arrival);
        lost = true;
      } else results.push({ arrival, error: verdict ?? write(arrival) });
    }
    if (lost) socket.destroy();
    else if (!hung) {
      const answer = Buffer.concat([i32(results.length), ...results.map(({ arrival, error }) => Buffer.concat([text(arrival.topic), i32(1), i32(arrival.partition), i16(error), i64(0n), i64(-1n), i64(0n), i32(0), i16(-1)])), i32(0)]);
      if (held === null) reply(answer);
      else held.push(() => { reply(answer); });
    }
  }

  function write(arrival: Arrival): number {
    const place = `${arrival.topic}-${String(arrival.partition)}`;
    const state = `${place} ${String(arrival.id)}`;
    const last = arrival.sequence + arrival.count - 1;
    const before = known.get(state);
    if (before !== undefined && arrival.epoch < before.epoch) return STALE_EPOCH;
    if (before?.epoch === arrival.epoch) {
      if (before.recent.some((one) => one.first === arrival.sequence && one.last === last)) return 0;
      if (before.recent.at(-1)?.last !== arrival.sequence - 1) return OUT_OF_ORDER;
    } else if (before !== undefined && arrival.sequence !== 0) return OUT_OF_ORDER;
    const recent = before?.epoch === arrival.epoch ? before.recent : [];
    known.set(state, { epoch: arrival.epoch, recent: [...recent, { first: arrival.sequence, last }].slice(-5) });
    broker.log.set(place, [...(broker.log.get(place) ?? []), ...arrival.values]);
    return 0;
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  port = (server.address() as AddressInfo).port;
  return broker;
}

function* arrivalsOf(body: Buffer): Generator<Arrival> {
  let at = 12;
  for (let topics = body.readInt32BE(8); topics > 0; topics--) {
    const length = body.readInt16BE(at);
    const topic = body.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    let partitions = body.readInt32BE(at);
    for (at += 4; partitions > 0; partitions--) {
      const [partition, size] = [body.readInt32BE(at), body.readInt32BE(at + 4)];
      const batch = body.subarray(at + 8, at + 8 + size);
      at += 8 + size;
      yield {
        topic, partition, bytes: size, id: batch.readBigInt64BE(43), epoch: batch.readInt16BE(51), sequence: batch.readInt32BE(53), count: batch.readInt32BE(57),
        values: (batch[22] as number) === 0 ? readRecords(batch).map((record) => record.value?.toString() ?? '<null>') : [],
      };
    }
  }
}

function i16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function i64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([i16(Buffer.byteLength(value)), Buffer.from(value)]);
}
