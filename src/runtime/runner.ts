import { asRowcastError, ERRORS, RowcastError } from '../core/errors.ts';
import type { CheckpointStore, Logger, Sink, Source, SourceHandler, StartAt, Stream } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import { Backoff } from '../core/backoff.ts';
import type { ByteGate } from './byte-gate.ts';
import { deferred, waitOr } from '../core/deferred.ts';
import { drain } from './drain.ts';
import type { StateMachine } from './state.ts';

/** The ledger as the runner needs it. */
export interface RunnerLedger {
  follow(current: () => Position | null): void;
  safe(): Position | null;
  /** Reading begins again at `safe`: nothing of what came after it is waited for. Only of ledgers that wait for messages. */
  forget?(): void;
}

/** The saver as the runner needs it. */
export interface RunnerSaver {
  start(): void;
  stop(): void;
  save(): Promise<void>;
}

export interface RunnerParts {
  readonly source: Source;
  readonly sink: Sink;
  readonly handler: SourceHandler;
  readonly store: CheckpointStore;
  readonly ledger: RunnerLedger;
  readonly saver: RunnerSaver;
  readonly gate: ByteGate;
  readonly state: StateMachine;
  readonly logger: Logger;
  readonly start: StartAt;
  /** Milliseconds that a drain may take. */
  readonly drainMs: number;
  readonly reconnected: () => void;
}

/** The part of the time for a drain in which the transaction under way is read to its end. */
const READING_PART = 0.5;

/** A damaged event is read again this many times before it ends the daemon. */
const CORRUPT_TRIES = 3;

/** Why a stream is over: asked to stop, an error from outside the stream, or the stream's own. */
type Ending = { readonly kind: 'stop' } | { readonly kind: 'fatal' | 'stream'; readonly error: RowcastError };

/** Connects, streams, reconnects, drains: the life of the daemon between an opened checkpoint and its end. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #outside = deferred<Ending>();
  #interrupted = deferred<Ending>();
  readonly #backoff = new Backoff();
  #stream: Stream | null = null;
  #corrupt = 0;
  #over = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** The stream that is open now. */
  get stream(): Stream | null {
    return this.#stream;
  }

  /** Asks for a drain and a clean end. */
  stop(): void {
    this.#outside.resolve({ kind: 'stop' });
  }

  /** Ends the daemon with an error that came from outside the stream: the sink or the lock. */
  fail(error: RowcastError): void {
    this.#outside.resolve({ kind: 'fatal', error });
  }

  /** Ends the stream with an error that came from the sink: reading begins again at the saved position, once the sink is flushed. */
  interrupt(error: RowcastError): void {
    this.#interrupted.resolve({ kind: 'stream', error });
  }

  /** The gate has shut: reading waits for the sink. */
  hold(): void {
    this.#stream?.pause();
    if (this.#parts.state.is('streaming')) this.#parts.state.to('paused');
  }

  /** The gate is open again. */
  release(): void {
    if (this.#parts.state.is('paused')) this.#parts.state.to('streaming');
    this.#stream?.resume();
  }

  /**
   * Runs until `stop()`; resolves when everything read has been confirmed and saved.
   * @throws RowcastError that ends the daemon; what was confirmed by then is saved
   */
  async run(): Promise<void> {
    const ending = await this.#untilEnd();
    await this.#end(ending);
    if (ending.kind !== 'stop') throw ending.error;
  }

  async #untilEnd(): Promise<Ending> {
    const opened = await this.#retry('sink', () => this.#parts.sink.open());
    if (opened !== null) return opened;
    this.#parts.saver.start();
    for (;;) {
      const failed = await this.#retry('source', () => this.#open());
      if (failed !== null) return failed;
      const ending = await Promise.race([this.#outside.promise, this.#interrupted.promise, this.#streamEnd()]);
      if (ending.kind !== 'stream' || !this.#heals(ending.error)) return ending;
      const stopped = await this.#settle(ending.error);
      if (stopped !== null) return stopped;
    }
  }

  /** Tries until it works; the answer is null then, or what ended the daemon meanwhile. */
  async #retry(what: string, attempt: () => Promise<void>): Promise<Ending | null> {
    const { state, logger } = this.#parts;
    for (;;) {
      const result = await Promise.race([this.#outside.promise, attempt().then(() => null, (error: unknown) => asRowcastError(error))]);
      if (result === null) return null;
      if ('kind' in result) return result;
      if (!result.retry) return { kind: 'fatal', error: result };
      const ms = this.#backoff.next();
      logger.warn(`${what} cannot be reached, trying again`, { code: result.code, error: result.message, inMs: ms, tries: this.#backoff.tries });
      state.to('waiting', result);
      await waitOr(ms, this.#outside.promise);
      state.to('starting');
    }
  }

  async #open(): Promise<void> {
    const { source, handler, ledger, saver, start, state, gate, logger } = this.#parts;
    const from = ledger.safe() ?? start;
    const stream = await source.open(from, handler);
    if (this.#over) {
      await stream.close();
      throw new RowcastError('SOURCE_LOST', 'the daemon ended while it connected');
    }
    this.#stream = stream;
    ledger.follow(() => stream.position());
    // The first position is pinned at once: a crash before the first commit must not start at a later "latest".
    await saver.save().catch((error: unknown) => this.#undo(error));
    logger.info('streaming', { from: typeof from === 'string' ? from : 'label' in from ? from.label : JSON.stringify(from), position: stream.position().label });
    state.to('streaming');
    if (gate.isShut) this.hold();
  }

  /** What was handed over before the first position was saved settles before it is read again. */
  async #undo(error: unknown): Promise<never> {
    await this.#closeStream();
    await this.#parts.sink.flush();
    throw error;
  }

  async #streamEnd(): Promise<Ending> {
    const stream = this.#stream;
    const before = stream?.position().label;
    const error = (await stream?.ended) ?? asRowcastError(new Error('the stream ended by itself without an error'));
    if (stream?.position().label !== before) {
      this.#backoff.reset();
      this.#corrupt = 0;
    }
    return { kind: 'stream', error };
  }

  /** Invariant 5: any error ends the stream; one that a retry can heal is tried again from the saved position, any other ends the daemon. */
  #heals(error: RowcastError): boolean {
    if (error.code === 'EVENT_CORRUPT' && ++this.#corrupt >= CORRUPT_TRIES) return false;
    return error.retry;
  }

  /** After a lost stream: everything handed over settles, so that reading goes on from the last whole transaction (Invariant 3). */
  async #settle(error: RowcastError): Promise<Ending | null> {
    const { state, logger, saver, sink } = this.#parts;
    const ms = this.#backoff.next();
    logger.warn('stream lost, reading again from the last saved transaction', { code: error.code, error: error.message, inMs: ms, tries: this.#backoff.tries });
    state.to('waiting', error);
    this.#parts.reconnected();
    await this.#closeStream();
    const settled = sink.flush().then(
      () => saver.save().catch(() => null),
      (cause: unknown): Ending => ({ kind: 'fatal', error: asRowcastError(cause) }),
    );
    const result = await Promise.race([this.#outside.promise, settled]);
    if (result) return result;
    this.#interrupted = deferred();
    this.#parts.ledger.forget?.();
    await waitOr(ms, this.#outside.promise);
    state.to('starting');
    return null;
  }

  /** `patienceMs`: how long the end of the transaction under way is read for. */
  async #closeStream(patienceMs = 0): Promise<void> {
    const stream = this.#stream;
    if (stream === null) return;
    // Until then the gate holds it back, and lets it go on.
    await stream.close(patienceMs);
    this.#stream = null;
    const last = stream.position();
    this.#parts.ledger.follow(() => last);
  }

  async #end(ending: Ending): Promise<void> {
    const { state, drainMs } = this.#parts;
    const error = ending.kind === 'stop' ? null : ending.error;
    const replaced = error?.code === 'LEADERSHIP_LOST';
    state.to(error === null || replaced ? 'draining' : 'failed', error);
    this.#over = true;
    const began = performance.now();
    // So that what is told of it is not told again at the next start.
    await this.#closeStream(ending.kind === 'stop' ? drainMs * READING_PART : 0);
    const leftMs = Math.max(0, drainMs - (performance.now() - began));
    const failed = await drain({ ...this.#parts, leftMs }, replaced || error?.code === 'SINK_FENCED' ? 'nothing' : error?.exit === ERRORS.SINK_LOST.exit ? 'position' : 'all');
    if (error !== null) return;
    state.to(failed === null ? 'stopped' : 'failed', failed);
    if (failed !== null) throw failed;
  }
}
