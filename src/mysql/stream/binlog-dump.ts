import { deferred } from '../../core/deferred.ts';
import { RowcastError, asRowcastError } from '../../core/errors.ts';
import type { ServerOptions } from '../options.ts';
import type { ChunkTaker } from './chunk-reader.ts';
import { readChunks } from './chunk-reader.ts';
import { driverOptions } from './driver-options.ts';
import { PacketFramer } from './packet-framer.ts';
import type { PacketHandler } from './packet-handler.ts';
import { failureOf, parseErrorPacket, sourceError } from './server-error.ts';
import { sessionStatements } from './session-settings.ts';
import { serverLabel } from './sql-session.ts';
import { Watchdog } from './watchdog.ts';
import { createSeam, destroyConnection } from './zongji-seam.ts';
import type { DumpConnection, Seam } from './zongji-seam.ts';

/** Where and how to read. */
export interface DumpRequest {
  readonly server: ServerOptions;
  readonly encrypted: boolean;
  readonly mariadb: boolean;
  readonly serverId: number;
  /** Milliseconds. */
  readonly heartbeat: number;
  /** Largest row image in bytes. */
  readonly rowLimit: number;
  /** MariaDB: have ANNOTATE_ROWS events sent, the statements of rows. */
  readonly annotated: boolean;
  /** Nobody wants the text of statements: one that is too large may go by. */
  readonly skipsText: boolean;
  /** Read after this GTID set (MariaDB: position) instead of after file and position. */
  readonly gtids: string | null;
  readonly file: string;
  readonly position: number;
}

/** Takes whole events, and what is to be known of those that are too large; see `PacketHandler` for how long the bytes live. */
export type EventSink = Pick<PacketHandler, 'event' | 'passed' | 'table' | 'next' | 'payload'>;

/** Marks the end of a stream that the server wanted; see `Dismissals`. */
const DISMISSED = { dismissed: 'by the server' } as const;

/** Milliseconds that the server may take from the dump command to its first event, on top of connecting. */
const FIRST_EVENT = 60_000;

/** One dump, from connecting to its end. It is not used again. */
export class BinlogDump {
  /** Settles with what ended the dump, null after `close()`. */
  readonly ended: Promise<RowcastError | null>;
  readonly #request: DumpRequest;
  readonly #where: string;
  readonly #sink: EventSink;
  readonly #alive: () => void;
  readonly #framer: PacketFramer;
  readonly #watchdog: Watchdog;
  readonly #seam: Seam;
  readonly #end: (error: RowcastError | null) => void;
  #first: (() => void) | null = null;
  #startTimer: NodeJS.Timeout | null = null;
  #paused = false;
  #over = false;

  /** `alive` is called whenever anything arrives, be it a part of an event. */
  constructor(request: DumpRequest, sink: EventSink, alive: () => void) {
    this.#request = request;
    this.#where = serverLabel(request.server);
    this.#sink = sink;
    this.#alive = alive;
    const { promise, resolve } = deferred<RowcastError | null>();
    this.ended = promise;
    this.#end = resolve;
    this.#framer = new PacketFramer(
      {
        event: (bytes, start, end) => this.#event(bytes, start, end),
        passed: (bytes, start, crc) => sink.passed(bytes, start, crc),
        table: (id) => sink.table(id),
        next: () => sink.next(),
        skipsText: request.skipsText,
        payload: sink.payload,
        refused: (bytes, start, end) => this.#finish(sourceError(parseErrorPacket(bytes, start, end), this.#where)),
        eof: () => this.#finish(new RowcastError('SOURCE_LOST', `${this.#where} ended the stream (it is shutting down, or the dump thread was killed)`, { facts: DISMISSED })),
        failed: (error) => this.#finish(asRowcastError(error)),
        flow: (held) => this.#flow(held),
      },
      request.rowLimit,
    );
    this.#watchdog = new Watchdog(() => this.#finish(this.#silent(request.heartbeat * 3)), () => this.#framer.held);
    this.#seam = createSeam(driverOptions(request.server, request.encrypted));
  }

  /** Connects and asks for the binlog; resolves when the server answers with events. @throws RowcastError SOURCE_*, SERVER_ID_TAKEN */
  async start(): Promise<void> {
    const { promise, resolve } = deferred<null>();
    this.#first = () => resolve(null);
    const patience = this.#request.server.connectTimeout + FIRST_EVENT;
    this.#startTimer = setTimeout(() => this.#finish(this.#silent(patience)), patience);
    this.#connect();
    const failed = await Promise.race([promise, this.ended]);
    if (failed !== null) throw failed;
  }

  /** Hands over no event after the current one until `resume()`. */
  pause(): void {
    if (this.#paused || this.#over) return;
    this.#paused = true;
    this.#framer.hold();
  }

  resume(): void {
    if (!this.#paused || this.#over) return;
    this.#paused = false;
    this.#framer.release();
  }

  close(): void {
    this.#finish(null);
  }

  #connect(): void {
    const { serverId, gtids, file, position, annotated } = this.#request;
    const seam = this.#seam;
    seam.on('error', (error) => this.#finish(sourceError(failureOf(error), this.#where, error)));
    seam.on('ready', () => this.#prepare());
    seam.start({ serverId, filename: file, position, requestAnnotateRows: annotated, ...(gtids === null ? {} : { gtidSet: gtids }) });
  }

  /** Between zongji's own questions and its dump command, which waits on the connection until ours are answered. */
  #prepare(): void {
    const { connection, BinlogClass } = this.#seam;
    if (connection === null || this.#over) return;
    // Nothing is asked on zongji's second connection any more; idle, it would only be a second thing to lose.
    destroyConnection(this.#seam.ctrlConnection);
    for (const sql of sessionStatements(this.#request)) {
      connection.query(sql, (error) => {
        if (error !== null) this.#finish(sourceError(failureOf(error), this.#where, error));
      });
    }
    const send = BinlogClass.prototype.start;
    BinlogClass.prototype.start = (packet, on): unknown => {
      if (this.#over) return null;
      this.#take(connection);
      return send.call(BinlogClass.prototype, packet, on);
    };
  }

  /** From here on the bytes of the socket are ours: the dump command is the next thing that goes out. */
  #take(connection: DumpConnection): void {
    const framer = this.#framer;
    const taker: ChunkTaker = {
      execute: (chunk) => {
        this.#watchdog.alive();
        this.#alive();
        framer.execute(chunk);
      },
      get idle(): boolean {
        return framer.idle;
      },
    };
    // Where the socket cannot read into buffers of ours, it gives its chunks to mysql2, and that to its parser.
    if (!readChunks(connection.stream, taker)) connection.packetParser = taker;
    connection.stream.on('close', () => this.#finish(new RowcastError('SOURCE_LOST', `the connection to ${this.#where} was closed`)));
  }

  #event(bytes: Buffer, start: number, end: number): void | Promise<void> {
    const waits = this.#sink.event(bytes, start, end);
    return this.#first === null ? waits : this.#begun(this.#first, waits);
  }

  /** After the first event the caller of `start` gets its turn, so that it can pause before the first change. */
  async #begun(first: () => void, waits: void | Promise<void>): Promise<void> {
    this.#first = null;
    if (this.#startTimer !== null) clearTimeout(this.#startTimer);
    this.#startTimer = null;
    this.#watchdog.start(this.#request.heartbeat);
    await waits;
    first();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #flow(held: boolean): void {
    const stream = this.#seam.connection?.stream;
    if (held) stream?.pause();
    else {
      this.#watchdog.alive();
      stream?.resume();
    }
  }

  #silent(milliseconds: number): RowcastError {
    return new RowcastError('SOURCE_LOST', `${this.#where} sent nothing for ${milliseconds} ms, not even a heartbeat`);
  }

  #finish(error: RowcastError | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#watchdog.stop();
    if (this.#startTimer !== null) clearTimeout(this.#startTimer);
    this.#framer.stop();
    this.#seam.stopped = true;
    destroyConnection(this.#seam.connection);
    destroyConnection(this.#seam.ctrlConnection);
    this.#end(error);
  }
}
