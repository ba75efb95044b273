import { afterEach } from 'vitest';
import { ByteWriter } from '../../../../../src/core/byte-writer.ts';
import type { RowcastError } from '../../../../../src/core/errors.ts';
import type { Sink, SinkContext, Ticket, TopicWriter } from '../../../../../src/core/ports.ts';
import { createKafkaSink } from '../../../../../src/sink/kafka/kafka-sink.ts';
import type { KafkaSinkOptions } from '../../../../../src/sink/kafka/options.ts';

/** What a sink told and holds. */
export interface Seen {
  /** Bytes at the gate, and the most there ever were. */
  held: number;
  most: number;
  /** Tickets that were opened and not settled; `twice` counts those settled again. */
  readonly open: Set<Ticket>;
  twice: number;
  readonly events: string[];
  /** Why it was down. */
  readonly reasons: string[];
  readonly logs: string[];
  failure: RowcastError | null;
  /** Errors for which rows are to be read again. */
  readonly rereads: RowcastError[];
  readonly retries: string[];
  /** Whether this daemon may send. */
  leads: boolean;
}

const made: Sink[] = [];
afterEach(async () => { for (const sink of made.splice(0)) await sink.close(); });

export function sinkOptions(port: number, changes: Partial<KafkaSinkOptions> = {}): KafkaSinkOptions {
  return {
    brokers: [`127.0.0.1:${String(port)}`], clientId: 'test', compression: 'none', topics: { create: false }, batchBytes: 1_000_000,
    requestTimeoutMs: 5_000, connectTimeoutMs: 5_000, memory: 64 << 20, ...changes,
  };
}

/** An open sink to 127.0.0.1, closed after the test. */
export async function openSink(port: number, changes: Partial<KafkaSinkOptions> = {}, rereading = false): Promise<{ sink: Sink; seen: Seen }> {
  const { sink, seen } = makeSink(port, changes, rereading);
  await sink.open();
  return { sink, seen };
}

/** `rereading`: somebody can read again what is lost. */
export function makeSink(port: number, changes: Partial<KafkaSinkOptions> = {}, rereading = false): { sink: Sink; seen: Seen } {
  const seen: Seen = { held: 0, most: 0, open: new Set(), twice: 0, events: [], reasons: [], logs: [], failure: null, rereads: [], retries: [], leads: true };
  const sink = createKafkaSink(sinkOptions(port, changes), contextOf(seen, rereading));
  made.push(sink);
  return { sink, seen };
}

function contextOf(seen: Seen, rereading: boolean): SinkContext {
  const ignore = (): void => undefined;
  const log = (message: string): void => { seen.logs.push(message); };
  return {
    leads: () => seen.leads,
    ledger: {
      open: () => {
        const ticket = { before: null };
        seen.open.add(ticket);
        return ticket;
      },
      settle: (ticket) => { if (!seen.open.delete(ticket)) seen.twice++; },
      safe: () => null,
    },
    gate: {
      take: (bytes) => {
        seen.held += bytes;
        seen.most = Math.max(seen.most, seen.held);
      },
      give: (bytes) => { seen.held -= bytes; },
    },
    logger: { debug: ignore, info: ignore, warn: log, error: log },
    metrics: {
      counter: (_, labels) => ({ add: () => { if (labels?.['reason'] !== undefined) seen.retries.push(labels['reason']); } }),
      gauge: () => ({ set: ignore }),
      histogram: () => ({ observe: ignore }),
    },
    events: {
      down: (error) => {
        seen.events.push(`down ${error.code}`);
        seen.reasons.push(error.message);
      },
      up: () => { seen.events.push('up'); },
      failed: (error) => {
        seen.events.push(`failed ${error.code}`);
        seen.failure = error;
      },
      ...(rereading ? { lost: (error) => void seen.rereads.push(error) } : {}),
    },
  };
}

/** One message; a null key is no key. */
export function put(writer: TopicWriter, key: string | null, value: string): void {
  const bytes = key === null ? null : keyOf(key);
  do writer.begin(bytes).utf8(value); while (!writer.end([]));
}

export function keyOf(text: string): ByteWriter {
  const key = new ByteWriter(Buffer.byteLength(text) + 16);
  key.utf8(text);
  return key;
}

/** The numbers from `from` to before `to`, as texts. */
export function texts(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}
