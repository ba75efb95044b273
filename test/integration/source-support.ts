import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NoteStore } from '../../src/core/notes.ts';
import type { Logger, Source, SourceHandler, StartAt, Stream } from '../../src/core/ports.ts';
import type { SourceNotice } from '../../src/core/notice.ts';
import type { Position } from '../../src/core/position.ts';
import { ABSENT, RowImage } from '../../src/core/row-image.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ColumnValue } from '../../src/core/table.ts';
import type { SourceOptions } from '../../src/mysql/options.ts';
import type { SourceProbe } from '../../src/mysql/source.ts';
import { memoryNotes } from '../../src/mysql/schema/memory-notes.ts';
import { createMysqlSource } from '../../src/mysql/source.ts';
import type { Address } from '../support/mysql.ts';
import { READER } from '../../scripts/servers/index.ts';

const quiet = (): void => undefined;
const silent: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let sources = 0;

/** Options of a source that takes all of database `src`. */
export function optionsFor(server: Address, given: Partial<SourceOptions> = {}): SourceOptions {
  return {
    host: server.host, port: server.port, user: READER, password: new Secret(''), tls: { mode: 'preferred', ca: null, cert: null, key: null },
    connectTimeout: 10_000, name: 'test', serverId: 'auto', heartbeat: 300, rowLimit: 64 << 20, includeQuery: false,
    captures: (database) => database === 'src', reaches: (database) => database === 'src', hidesShadow: () => true, onUnknown: 'fail', recaptureSchema: false,
    holding: { all: false, memory: 1 << 20, path: join(tmpdir(), `rowcast-test-${process.pid}-${String(++sources)}.held`) }, ...given,
  };
}

export function sourceOf(options: SourceOptions, notes: NoteStore | null = null, logger: Logger = silent): Source & SourceProbe {
  return createMysqlSource(options, { observer: { alive: quiet, event: quiet }, logger, notes, saved: () => null });
}

/** Notes that outlive a source. */
export function keptNotes(): NoteStore {
  return memoryNotes();
}

/** Writes down what a source hands over, and lets a test wait for it. */
export class Recorder implements SourceHandler {
  /** Operation and table of each rows event. */
  readonly seen: string[] = [];
  /** Each row: `table name=value …`, the after image where there is one. */
  readonly rowTexts: string[] = [];
  readonly notices: SourceNotice[] = [];
  commits = 0;
  onRows: () => void = quiet;
  #wake: () => void = quiet;
  #open = false;
  #failed: Error | null = null;

  get events(): number {
    return this.seen.length;
  }

  notice(notice: SourceNotice): void | Promise<void> {
    this.notices.push(notice);
  }

  table(): void {}
  begin(): void {}

  rows(event: Parameters<SourceHandler['rows']>[0]): void {
    this.#open = true;
    this.seen.push(`${event.operation} ${event.table.name}`);
    if (event.table.unknown !== undefined) this.rowTexts.push(`${event.table.name} unknown: ${event.table.unknown.code}`);
    if (event.table.unknown !== undefined) return;
    const image = new RowImage(event.table);
    for (let at = event.start; at < event.end; ) {
      image.set(event.bytes, at, event.end, (event.operation === 'insert' ? event.partial?.after : event.partial?.before) ?? null);
      at = image.end();
      if (event.operation === 'update') {
        image.set(event.bytes, at, event.end, event.partial?.after ?? null);
        at = image.end();
      }
      const told = event.table.columns.filter(({ index }) => image.locate(index) !== ABSENT);
      this.rowTexts.push([event.table.name, ...told.map(({ name, index }) => `${name}=${textOf(image.read(index))}`)].join(' '));
    }
    this.onRows();
  }

  commit(): void {
    this.commits++;
    this.#open = false;
    this.#wake();
  }

  /** Waits for a number of rows events and the end of their transaction. @throws what ended the stream before */
  async until(events: number): Promise<void> {
    while (this.events < events || this.#open) {
      if (this.#failed !== null) throw this.#failed;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The same for a number of rows. */
  async rowsUntil(rows: number): Promise<void> {
    while (this.rowTexts.length < rows || this.#open) {
      if (this.#failed !== null) throw this.#failed;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  fail(error: Error): void {
    this.#failed = error;
    this.#wake();
  }
}

/** Only of captured tables: other tests write to a shared server at the same time. */
export class CapturedRecorder extends Recorder {
  override rows(event: Parameters<SourceHandler['rows']>[0]): void {
    if (event.table.captured) super.rows(event);
  }
}

function textOf(value: ColumnValue | null): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value.length > 60 ? `${value.length} characters` : value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object' && 'text' in value ? value.text : typeof value === 'object' ? JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) : String(value);
}

/** What `reading` reads with. */
export interface Reading {
  readonly options: SourceOptions;
  readonly from: Position | StartAt;
  readonly notes?: NoteStore;
  readonly logger?: Logger;
  readonly recorder?: Recorder;
}

/** Opens a source, works, and closes it however that ended. */
export async function reading<T>({ options, from, notes, logger, recorder = new Recorder() }: Reading, work: (stream: Stream, recorder: Recorder) => Promise<T>): Promise<T> {
  const stream = await sourceOf(options, notes ?? null, logger).open(from, recorder);
  void stream.ended.then((error) => error !== null && recorder.fail(error));
  try {
    return await work(stream, recorder);
  } finally {
    await stream.close();
  }
}

/** Code and message of the error that opening ends with; `opened` without one. */
export async function refusal(options: SourceOptions, from: Position | StartAt = 'latest', notes: NoteStore | null = null): Promise<string> {
  try {
    await (await sourceOf(options, notes).open(from, new Recorder())).close();
    return 'opened';
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : String(error);
  }
}

/** The code alone. */
export async function refused(options: SourceOptions, from: Position | StartAt = 'latest', notes: NoteStore | null = null): Promise<string> {
  return (await refusal(options, from, notes)).split(' ')[0] ?? '';
}
