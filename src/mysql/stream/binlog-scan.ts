import { deferred } from '../../core/deferred.ts';
import { asRowcastError } from '../../core/errors.ts';
import { CHECKSUM, checksumFits } from '../binlog/checksum.ts';
import { Cursor } from '../binlog/cursor.ts';
import { readFormatDescription } from '../binlog/format-description.ts';
import { EVENT, HEADER, u16, u32 } from '../binlog/header.ts';
import { FILE_START, Place } from '../binlog/place.ts';
import { readRotate } from '../binlog/rotate.ts';
import type { PayloadHandler } from '../binlog/transaction-payload.ts';
import type { ServerOptions } from '../options.ts';
import { BinlogDump } from './binlog-dump.ts';
import type { EventSink } from './binlog-dump.ts';
import { drawServerId } from './server-id.ts';

/** An offset in a binlog file. */
export interface BinlogSpot {
  readonly file: string;
  readonly position: number;
}

/** What is scanned. */
export interface ScanRequest {
  readonly server: ServerOptions;
  readonly encrypted: boolean;
  readonly mariadb: boolean;
  /** Bytes that an event may have, as `SourceOptions.rowLimit` says it; rows are never held. */
  readonly rowLimit: number;
  /** The file to begin at. */
  readonly file: string;
  /** Where in it an event begins. One beyond 4 GiB cannot be asked for: the file is read from its beginning then. @default its beginning */
  readonly position?: number;
  /** Where the scan ends at the latest. @default nowhere */
  readonly until?: BinlogSpot | undefined;
  /** Visit also the events in compressed transactions, at the place of those. @default false */
  readonly inside?: boolean;
}

/** One event as it goes by. The object is used again, and its bytes are there until the call returns. */
export interface ScannedEvent {
  readonly type: number;
  /** Seconds since 1970, from its header; 0: it has none. */
  readonly timestamp: number;
  /** File, and offsets of the event and after it. */
  readonly place: Place;
  /** The body, without checksum; null where it was not held. */
  readonly body: Cursor | null;
}

/**
 * Reads a binlog, under a server id of its own, so that no other stream ends; rows go by unread. Ends when `visit` answers
 * true. Events that the server makes up for the connection are not visited, but for the
 * FORMAT_DESCRIPTION of each file.
 * @throws RowcastError SOURCE_* when the stream ends before, EVENT_CORRUPT
 */
export async function scanBinlog(request: ScanRequest, visit: (event: ScannedEvent) => boolean): Promise<void> {
  const { promise, resolve } = deferred<null>();
  const { position = FILE_START } = request;
  const asked = { ...request, position: position > FARTHEST ? FILE_START : position };
  const scan = new Scan(asked, visit, () => resolve(null));
  const dump = new BinlogDump({ ...asked, serverId: drawServerId(NONE), heartbeat: HEARTBEAT, annotated: false, skipsText: true, gtids: null }, scan, () => undefined);
  try {
    await dump.start();
    const failed = await Promise.race([promise, dump.ended]);
    if (failed !== null) throw failed;
  } catch (error) {
    if (!scan.done) throw asRowcastError(error);
  } finally {
    dump.close();
  }
}

/** Time in the header of a file's FORMAT_DESCRIPTION event, which no other file of that name has. @throws RowcastError SOURCE_* */
export async function readCreated(scan: (file: string, visit: (event: ScannedEvent) => boolean) => Promise<void>, file: string): Promise<number> {
  let created = 0;
  await scan(file, ({ type, timestamp }) => {
    created = timestamp;
    return type === EVENT.FORMAT_DESCRIPTION;
  });
  return created;
}

/** Knows nothing of tables, so that rows of any size may pass. */
class Scan implements EventSink {
  readonly #place: Place;
  readonly #body = new Cursor(Buffer.alloc(0), 0, 0);
  readonly #event: { type: number; timestamp: number; readonly place: Place; body: Cursor | null };
  readonly #visit: (event: ScannedEvent) => boolean;
  readonly #finish: () => void;
  readonly #inside: boolean;
  readonly #until: ScanRequest['until'];
  #checksums = false;
  done = false;
  readonly payload: PayloadHandler = {
    begins: (bytes, start) => { this.passed(bytes, start); },
    event: (bytes, { start, end }) => { if (this.#inside && !this.done) this.#show(bytes, start, this.#body.move(bytes, start + HEADER, end)); },
    passed: () => undefined,
    verify: () => undefined,
  };

  constructor({ file, position = FILE_START, inside = false, until }: ScanRequest, visit: (event: ScannedEvent) => boolean, finish: () => void) {
    this.#place = new Place(file, position);
    this.#event = { type: 0, timestamp: 0, place: this.#place, body: null };
    this.#inside = inside;
    this.#until = until;
    this.#visit = visit;
    this.#finish = finish;
  }

  event(bytes: Buffer, start: number, end: number): void {
    if (this.done || end - start < HEADER) return;
    const type = bytes[start + 4] as number;
    if (type === EVENT.HEARTBEAT || type === EVENT.HEARTBEAT_V2) {
      this.#idle();
      return;
    }
    const description = type === EVENT.FORMAT_DESCRIPTION;
    if (description) this.#checksums = readFormatDescription(bytes, start, end).checksums;
    // The first ROTATE comes before anything says whether events have checksums.
    const checked = type === EVENT.ROTATE ? end - start >= HEADER + CHECKSUM && checksumFits(bytes, start, end) : this.#checksums && !description;
    const body = this.#body.move(bytes, start + HEADER, checked ? end - CHECKSUM : end);
    if (type === EVENT.ROTATE) this.#rotate(body);
    else this.#see(bytes, start, body);
  }

  passed(bytes: Buffer, start: number): void {
    if (!this.done) this.#see(bytes, start, null);
  }

  table(): { readonly database: string; readonly name: string; readonly captured: boolean } {
    return { database: '', name: '', captured: false };
  }

  next(): { readonly file: string; readonly position: number } {
    return this.#place;
  }

  #rotate(body: Cursor): void {
    const { file, position } = readRotate(body);
    if (this.#place.file === this.#until?.file && file !== this.#place.file) this.#stop();
    this.#place.move(file, position);
  }

  #see(bytes: Buffer, start: number, body: Cursor | null): void {
    this.#place.advance(u32(bytes, start + 9), u32(bytes, start + 13), u16(bytes, start + 17));
    this.#show(bytes, start, body);
  }

  #show(bytes: Buffer, start: number, body: Cursor | null): void {
    const event = this.#event;
    event.type = bytes[start + 4] as number;
    event.timestamp = u32(bytes, start);
    event.body = body;
    if (this.#visit(event) || this.#ended()) this.#stop();
  }

  #ended(): boolean {
    return this.#until !== undefined && this.#place.file === this.#until.file && this.#place.position >= this.#until.position;
  }

  /** The server has sent all there is. Its last events may be some that it keeps to itself. */
  #idle(): void {
    if (this.#until !== undefined && this.#place.file === this.#until.file) this.#stop();
  }

  #stop(): void {
    this.done = true;
    this.#finish();
  }
}

/** The server has nothing to be collided with: an id is drawn that nobody would have chosen. */
const NONE: ReadonlySet<number> = new Set();
/** Milliseconds. */
const HEARTBEAT = 1_000;
/** The dump command has 32 bits for an offset. */
const FARTHEST = 0xffff_ffff;
