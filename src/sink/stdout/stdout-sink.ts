import type { Writable } from 'node:stream';
import { RowcastError } from '../../core/errors.ts';
import type { Sink, SinkContext, TopicWriter } from '../../core/ports.ts';
import { JsonLines } from '../file/json-lines.ts';
import type { LineBatch } from '../file/json-lines.ts';

export interface StdoutSinkOptions {
  /** `limits.row` in bytes; a line may have four times as many. */
  readonly rowLimit: number;
  /** @default process.stdout */
  readonly stream?: Writable;
  /** Lines are the values of messages alone; tombstones are left out. @default false */
  readonly values?: boolean;
}

/** JSON Lines on standard output. A line is done when the stream has taken it. A reader that goes away ends the daemon. */
export function createStdoutSink(options: StdoutSinkOptions, context: SinkContext): Sink {
  return new StdoutSink(options, context);
}

class StdoutSink implements Sink {
  readonly #stream: Writable;
  readonly #lines: JsonLines;
  readonly #context: SinkContext;
  /** What the stream has been given and has not taken, or refused. */
  readonly #pending = new Set<LineBatch>();
  #error: RowcastError | null = null;
  #closed = false;
  #waiting: { resolve: () => void; reject: (error: RowcastError) => void }[] = [];
  readonly #onError = (error: Error): void => {
    this.#fail(error);
  };

  constructor(options: StdoutSinkOptions, context: SinkContext) {
    this.#stream = options.stream ?? process.stdout;
    this.#context = context;
    const deliver = (batch: LineBatch): void => this.#write(batch);
    this.#lines = new JsonLines(context, 4 * options.rowLimit, deliver, options.values === true ? 'values' : 'messages');
  }

  open(): Promise<void> {
    this.#stream.on('error', this.#onError);
    return Promise.resolve();
  }

  topic(name: string): Promise<TopicWriter> {
    return Promise.resolve(this.#lines.topic(name));
  }

  flush(): Promise<void> {
    this.#lines.handOver();
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** The listener for errors stays: an error that comes later must not end the process as an unhandled one. */
  close(): Promise<void> {
    this.#closed = true;
    this.#lines.close();
    for (const batch of this.#pending) this.#lines.drop(batch);
    this.#pending.clear();
    const closed = new RowcastError('SINK_LOST', 'standard output was closed before everything was written');
    for (const { reject } of this.#waiting.splice(0)) reject(closed);
    return Promise.resolve();
  }

  #write(batch: LineBatch): void {
    this.#pending.add(batch);
    if (this.#error !== null) return;
    if (this.#context.leads?.() === false) {
      this.#end(new RowcastError('LEADERSHIP_LOST', 'this daemon leads no more: nobody has confirmed that it does'));
      return;
    }
    this.#stream.write(batch.bytes, (error) => {
      if (error) {
        this.#fail(error);
        return;
      }
      if (!this.#pending.delete(batch)) return;
      this.#lines.done(batch);
      if (this.#pending.size === 0) for (const { resolve } of this.#waiting.splice(0)) resolve();
    });
  }

  #fail(cause: Error): void {
    if (this.#error !== null || this.#closed) return;
    this.#end(new RowcastError('SINK_LOST', `standard output takes no more: ${cause.message}`, { cause, hint: 'The program that reads the output has ended; start both again.' }));
  }

  #end(error: RowcastError): void {
    this.#error = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#context.events.failed(error);
  }
}
