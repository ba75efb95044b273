import { deferred } from '../../core/deferred.ts';
import { RowcastError } from '../../core/errors.ts';
import type { ChangeHandler, Logger, SourceHandler } from '../../core/ports.ts';
import type { Transaction } from '../../core/change.ts';
import { BinlogDecoder } from '../binlog/decoder.ts';
import { EVENT } from '../binlog/header.ts';
import { MariadbGtidSet, MysqlGtidSet } from '../binlog/gtid-set.ts';
import type { DecoderOptions, DecoderStart } from '../binlog/options.ts';
import { FILE_START } from '../binlog/place.ts';
import { readQuery } from '../binlog/query.ts';
import { classify } from '../binlog/statement.ts';
import { readXaPrepare, xidOf, type PreparedPlace, type PreparedReader, type XaCommit } from '../binlog/xa.ts';
import { BinlogDump, type DumpRequest } from './binlog-dump.ts';
import { scanBinlog, type ScannedEvent } from './binlog-scan.ts';
import { drawServerId } from './server-id.ts';

/** What prepared transactions are read again with. */
export interface PreparedSourceParts {
  /** Of the stream; place and server id are other ones. */
  readonly dump: Omit<DumpRequest, 'serverId' | 'gtids' | 'file' | 'position'>;
  /** Of the stream; `start` and `prepared` are other ones. */
  readonly decoder: Omit<DecoderOptions, 'prepared' | 'start'>;
  /** Identity of the server that is read. */
  readonly server: string;
  /** It can be asked for what comes after a GTID set. */
  readonly gtids: boolean;
  readonly taken: ReadonlySet<number>;
  readonly logger: Logger;
  readonly alive: () => void;
  /** Everything executed before the stream's position; null where there are no GTIDs. */
  readonly executed: () => string | null;
  /** Names of the binlog files, oldest first. @throws RowcastError SOURCE_* */
  readonly files: () => Promise<readonly string[]>;
}

/** Reads rows of prepared XA transactions again, over a connection of its own while the stream waits. */
export class PreparedSource implements PreparedReader {
  readonly #parts: PreparedSourceParts;
  /** Of files that were looked through: what was prepared there and had no outcome in the rest of the file. */
  readonly #scanned = new Map<string, ReadonlyMap<string, PreparedPlace>>();
  #reading: { readonly dump: BinlogDump; readonly decoder: BinlogDecoder } | null = null;
  #paused = false;
  #closed = false;

  constructor(parts: PreparedSourceParts) {
    this.#parts = parts;
  }

  pause(): void {
    this.#paused = true;
    this.#reading?.dump.pause();
    this.#reading?.decoder.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#reading?.decoder.resume();
    this.#reading?.dump.resume();
  }

  /** For good: what is asked for then, or still being read, is not told, and fails. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#reading?.dump.close();
    await this.#reading?.decoder.close();
  }

  async reread(prepared: PreparedPlace, commit: XaCommit): Promise<void> {
    const { logger } = this.#parts;
    logger.info('reading a prepared XA transaction again', { xid: prepared.xid, at: `${prepared.file}:${prepared.position}`, gtid: prepared.gtid });
    try {
      await this.#read(prepared, commit);
    } catch (error) {
      throw this.#named(error, prepared);
    }
  }

  async find(xid: string, committed: { readonly file: string; readonly position: number }): Promise<PreparedPlace | null> {
    const { logger, files } = this.#parts;
    logger.info('an XA transaction was prepared before reading began, looking for it in the binlog', { xid });
    const names = await files();
    this.#mustBeOpen();
    for (const file of names.slice(0, names.indexOf(committed.file) + 1).reverse()) {
      const open = this.#scanned.get(file) ?? (await this.#scan(file, file === committed.file ? committed.position : Infinity));
      this.#mustBeOpen();
      this.#scanned.set(file, open);
      const found = open.get(xid);
      if (found !== undefined) return found;
    }
    logger.warn('the rows of an XA transaction are not told: it was prepared before reading began, and no binlog file of the server has them any more', { xid, committed: `${committed.file}:${committed.position}` });
    return null;
  }

  async #read({ xid, ...prepared }: PreparedPlace, commit: XaCommit): Promise<void> {
    const { dump, decoder, taken, alive } = this.#parts;
    this.#mustBeOpen();
    const place = this.#place({ xid, ...prepared });
    const { promise, resolve } = deferred<null>();
    const reader = new BinlogDecoder({
      ...decoder,
      handler: capturedOnly(decoder.handler),
      observer: { alive, event: () => undefined },
      prepared: NOBODY,
      start: place.start,
      rereads: { xid, commit, done: () => resolve(null) },
    });
    const second = new BinlogDump({ ...dump, serverId: drawServerId(taken), gtids: place.gtids, file: place.start.file, position: place.offset }, reader, alive);
    this.#reading = { dump: second, decoder: reader };
    if (this.#paused) this.pause();
    try {
      await Promise.race([second.start(), promise]);
      const failed = await Promise.race([promise, second.ended]);
      if (failed !== null) throw failed;
      this.#mustBeOpen();
    } finally {
      second.close();
      await reader.close();
      this.#reading = null;
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new RowcastError('SOURCE_LOST', 'the stream was closed while a prepared XA transaction was read again');
  }

  /** By file and offset on the server that it was prepared on, by GTIDs on any other. @throws RowcastError XA_PREPARE_LOST */
  #place(prepared: PreparedPlace): { readonly start: DecoderStart; readonly gtids: string | null; readonly offset: number } {
    const { server, gtids } = this.#parts;
    const { file, position } = prepared;
    if (prepared.server === server && file !== '') {
      const far = position > LARGEST_OFFSET;
      return { start: { file, position, gtid: null, serverUuid: server, lead: far ? 'sent' : 'none' }, gtids: null, offset: far ? FILE_START : position };
    }
    const after = gtids ? this.#before(prepared) : null;
    if (after === null) throw new RowcastError('XA_PREPARE_LOST', 'it was prepared on another server, and has no GTID');
    return { start: { file: '', position: FILE_START, gtid: null, serverUuid: server }, gtids: after, offset: FILE_START };
  }

  /** What a server is asked with, so that the transaction is the first that it sends. Another server may have other domains of MariaDB's in another order. */
  #before({ gtid, before }: PreparedPlace): string | null {
    const executed = this.#parts.executed();
    if (gtid === null || executed === null) return null;
    if (before !== null) {
      const domains = MariadbGtidSet.parse(executed);
      domains.rewind(gtid, MariadbGtidSet.parse(before));
      return domains.toString();
    }
    const set = MysqlGtidSet.parse(executed);
    set.remove(gtid);
    return set.toString();
  }

  async #scan(file: string, end: number): Promise<ReadonlyMap<string, PreparedPlace>> {
    const { dump, server } = this.#parts;
    const open = new Map<string, PreparedPlace>();
    let start = FILE_START;
    await scanBinlog({ ...dump, file, inside: true }, (event) => {
      const { type, place } = event;
      if (place.file !== file || place.start >= end) return true;
      if (GTIDS.has(type)) start = place.start;
      see(event, (xid) => open.set(xid, { xid, gtid: null, server, file, position: start, before: null, empty: false }), (xid) => open.delete(xid));
      return false;
    });
    return open;
  }

  #named(error: unknown, { xid, file, position, gtid }: PreparedPlace): unknown {
    if (!(error instanceof RowcastError) || !GONE.has(error.code)) return error;
    const where = `${file}:${position}${gtid === null ? '' : ` (${gtid})`}`;
    return new RowcastError('XA_PREPARE_LOST', `the XA transaction ${xid} is committed, and its rows cannot be read at ${where}, where it was prepared: ${error.message}`, { cause: error, facts: { xid, prepared: where } });
  }
}

function see({ type, body }: ScannedEvent, prepared: (xid: string) => void, over: (xid: string) => void): void {
  if (body === null) return;
  if (type === EVENT.XA_PREPARE) {
    const { xid, onePhase } = readXaPrepare(body);
    if (!onePhase) prepared(xid);
  } else if (type === EVENT.QUERY) {
    const { sql } = readQuery(body, 0);
    if (!sql.startsWith('XA ')) return;
    const { kind } = classify(sql);
    if (kind === 'xa-commit' || kind === 'xa-rollback') over(xidOf(sql));
  }
}

/** Rows of other tables were counted when the transaction was prepared. */
function capturedOnly(handler: SourceHandler): SourceHandler {
  let begins: Transaction | null = null;
  const captured: ChangeHandler = {
    table: (version) => handler.table(version),
    begin: (transaction) => { begins = transaction; },
    rows: (event) => {
      if (!event.table.captured) return;
      if (begins !== null) handler.begin(begins);
      begins = null;
      handler.rows(event);
    },
    commit: () => undefined,
  };
  return { ...captured, notice: () => undefined };
}

const NOBODY: PreparedReader = {
  reread: () => Promise.reject(new RowcastError('INTERNAL', 'a transaction that is read again is not prepared again')),
  find: () => Promise.resolve(null),
};

const GTIDS = new Set<number>([EVENT.GTID, EVENT.ANONYMOUS_GTID, EVENT.GTID_TAGGED, EVENT.MARIADB_GTID]);
const GONE = new Set(['SOURCE_POSITION_PURGED', 'SOURCE_POSITION_FOREIGN', 'SOURCE_RESET', 'XA_PREPARE_LOST']);
const LARGEST_OFFSET = 0xffffffff;
