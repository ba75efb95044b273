import { PositionLedger } from '../../../src/checkpoint/ledger.ts';
import { CheckpointSaver } from '../../../src/checkpoint/saver.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { SourceHandler, Checkpoint, CheckpointStore, Logger, Sink, Source, StartAt, Stream, Ticket, TopicWriter } from '../../../src/core/ports.ts';
import type { Position } from '../../../src/core/position.ts';
import { ByteGate } from '../../../src/runtime/byte-gate.ts';
import type { Deferred } from '../../../src/core/deferred.ts';
import { deferred } from '../../../src/core/deferred.ts';
import { Runner } from '../../../src/runtime/runner.ts';
import { StateMachine } from '../../../src/runtime/state.ts';

export const at = (n: number): Position => ({ state: n, label: String(n) });

/** A stream that a test drives by hand. */
export class HandStream implements Stream {
  readonly #end = deferred<RowcastError | null>();
  readonly ended = this.#end.promise;
  at: number;
  paused = false;
  closed = false;
  /** Milliseconds that each close was given. */
  readonly patience: number[] = [];
  /** What happens while it is closed. */
  closing: () => void | Promise<void> = () => undefined;

  constructor(start: number) {
    this.at = start;
  }

  position(): Position {
    return at(this.at);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  async close(patienceMs = 0): Promise<void> {
    this.patience.push(patienceMs);
    await this.closing();
    this.closed = true;
    this.#end.resolve(null);
  }

  lose(error: RowcastError): void {
    this.#end.resolve(error);
  }
}

/** Hands out streams, or the errors it was given. */
export class HandSource implements Source {
  readonly from: (Position | StartAt)[] = [];
  readonly refusals: RowcastError[] = [];
  streams: HandStream[] = [];
  waiting: Deferred<void> | null = null;

  async open(from: Position | StartAt): Promise<Stream> {
    this.from.push(from);
    await this.waiting?.promise;
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw refusal;
    const stream = new HandStream(typeof from === 'object' && 'state' in from ? Number(from.state) : 100);
    this.streams.push(stream);
    return stream;
  }
}

/** Holds what is written until the test lets it settle. */
export class HandSink implements Sink {
  readonly ledger: PositionLedger;
  readonly tickets: Ticket[] = [];
  refusals: RowcastError[] = [];
  flushing: Deferred<void> | null = null;
  closed = false;

  constructor(ledger: PositionLedger) {
    this.ledger = ledger;
  }

  async open(): Promise<void> {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw refusal;
    await Promise.resolve();
  }

  topic(): Promise<TopicWriter> {
    throw new Error('not used');
  }

  write(): void {
    this.tickets.push(this.ledger.open());
  }

  settle(): void {
    for (const ticket of this.tickets.splice(0)) this.ledger.settle(ticket);
    this.flushing?.resolve();
  }

  async flush(): Promise<void> {
    if (this.tickets.length === 0) return;
    this.flushing = deferred();
    await this.flushing.promise;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.resolve();
  }
}

export class MemoryStore implements CheckpointStore {
  readonly saved: string[] = [];

  open(): Promise<void> {
    return Promise.resolve();
  }

  load(): Promise<Checkpoint | null> {
    return Promise.resolve(null);
  }

  save(checkpoint: Checkpoint): Promise<void> {
    this.saved.push(checkpoint.position.label);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const handler: SourceHandler = { notice: () => undefined, table: () => undefined, begin: () => undefined, rows: () => undefined, commit: () => undefined };

export interface Bench {
  readonly runner: Runner;
  readonly source: HandSource;
  readonly sink: HandSink;
  readonly store: MemoryStore;
  readonly state: StateMachine;
  readonly gate: ByteGate;
  readonly states: string[];
  /** Resolves when the daemon is in this state. */
  readonly reach: (state: string) => Promise<void>;
}

export function bench(saved: number | null = null, drainMs = 10_000): Bench {
  const states: string[] = [];
  const waiters: { readonly state: string; readonly done: Deferred<void> }[] = [];
  const state = new StateMachine((now) => {
    states.push(now);
    for (const each of waiters) if (each.state === now) each.done.resolve();
  });
  const ledger = new PositionLedger(saved === null ? null : at(saved));
  const source = new HandSource();
  const sink = new HandSink(ledger);
  const store = new MemoryStore();
  const saver = new CheckpointSaver({ store, ledger, events: { saved: () => undefined, failing: () => undefined }, now: () => 0 }, saved === null ? null : at(saved));
  const holder: { runner: Runner | null } = { runner: null };
  const gate = new ByteGate(100, { shut: () => holder.runner?.hold(), opened: () => holder.runner?.release() });
  const runner = new Runner({ source, sink, handler, store, ledger, saver, gate, state, logger: silent, start: 'latest', drainMs, reconnected: () => states.push('reconnected') });
  holder.runner = runner;
  const reach = (wanted: string): Promise<void> => {
    if (state.state === wanted) return Promise.resolve();
    const done: Deferred<void> = deferred();
    waiters.push({ state: wanted, done });
    return done.promise;
  };
  return { runner, source, sink, store, state, gate, states, reach };
}

export const lost = new RowcastError('SOURCE_LOST', 'connection reset');
