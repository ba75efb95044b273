import { setTimeout as delay } from 'node:timers/promises';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Sink, SinkContext, TopicWriter } from '../../core/ports.ts';
import { AppendFile } from './append-file.ts';
import type { LineFile } from './append-file.ts';
import { JsonLines } from './json-lines.ts';
import type { LineBatch } from './json-lines.ts';

export interface FileSinkOptions {
  /** The file; its folder is made. One writer only. */
  readonly path: string;
  /** `limits.row` in bytes; a line may have four times as many. */
  readonly rowLimit: number;
  /** Milliseconds between attempts while the disk is full. @default 1000 */
  readonly retryAfter?: number;
  /** Opens the file. @default AppendFile.open */
  readonly openFile?: (path: string) => Promise<LineFile>;
}

/** What may pass without anybody changing the daemon. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EAGAIN', 'EINTR']);

/** Milliseconds until it is asked again whether this daemon leads. */
const HELD_MS = 100;

/** JSON Lines in one file, only ever appended to; a line counts as delivered once it is synced to the disk. */
export function createFileSink(options: FileSinkOptions, context: SinkContext): Sink {
  return new FileSink(options, context);
}

class FileSink implements Sink {
  readonly #options: FileSinkOptions;
  readonly #context: SinkContext;
  readonly #lines: JsonLines;
  readonly #closing = new AbortController();
  #file: LineFile | null = null;
  #queue: LineBatch[] = [];
  #running: Promise<void> | null = null;
  #error: RowcastError | null = null;

  constructor(options: FileSinkOptions, context: SinkContext) {
    this.#options = options;
    this.#context = context;
    this.#lines = new JsonLines(context, 4 * options.rowLimit, (batch) => {
      this.#queue.push(batch);
      if (this.#error === null) this.#running ??= this.#run();
    });
  }

  async open(): Promise<void> {
    try {
      const { path, openFile = (name: string) => AppendFile.open(name) } = this.#options;
      this.#file = await openFile(path);
    } catch (cause) {
      throw this.#problem(cause);
    }
  }

  topic(name: string): Promise<TopicWriter> {
    return Promise.resolve(this.#lines.topic(name));
  }

  async flush(): Promise<void> {
    this.#lines.handOver();
    await this.#running;
    if (this.#error !== null) throw this.#error;
    if (this.#queue.length > 0) throw new RowcastError('SINK_LOST', `${this.#options.path} was closed before everything was written`);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#lines.close();
    await this.#running;
    for (const batch of this.#queue.splice(0)) this.#lines.drop(batch);
    await this.#file?.close();
    this.#file = null;
  }

  /** Writes what is queued, all of it with one sync, until nothing is. What is not durable stays in the queue. */
  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#closing.signal.aborted) {
        const batches = [...this.#queue];
        if (!(await this.#append(batches))) return;
        this.#queue.splice(0, batches.length);
        for (const batch of batches) this.#lines.done(batch);
      }
    } catch (error) {
      this.#error = asRowcastError(error);
      this.#context.events.failed(this.#error);
    } finally {
      this.#running = null;
    }
  }

  /** False: closed before it was durable. @throws RowcastError SINK_REFUSED */
  async #append(batches: readonly LineBatch[]): Promise<boolean> {
    const file = this.#file;
    if (file === null) throw new RowcastError('INTERNAL', 'the file sink was given rows before it was opened');
    for (let down = false; !this.#closing.signal.aborted; ) {
      if (this.#context.leads?.() === false) {
        await delay(HELD_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
        continue;
      }
      try {
        await file.append(batches.map((batch) => batch.bytes));
        if (down) this.#context.events.up();
        return true;
      } catch (cause) {
        const problem = this.#problem(cause);
        if (!problem.retry) throw problem;
        if (!down) this.#context.events.down(problem);
        down = true;
        await delay(this.#options.retryAfter ?? 1000, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
    return false;
  }

  #problem(cause: unknown): RowcastError {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const text = cause instanceof Error ? cause.message : String(cause);
    return new RowcastError(PASSING.has(code) ? 'SINK_LOST' : 'SINK_REFUSED', `cannot write to ${this.#options.path}: ${text}`, {
      cause,
      hint: PASSING.has(code) ? 'Make room on the disk; it is tried again and no row is lost meanwhile.' : 'Check the path of the file and its permissions.',
      facts: { path: this.#options.path },
    });
  }
}
