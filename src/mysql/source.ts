import { rm } from 'node:fs/promises';
import { asRowcastError, RowcastError } from '../core/errors.ts';
import type { GapNotice } from '../core/notice.ts';
import type { NoteStore } from '../core/notes.ts';
import type { Logger, Source, SourceHandler, SourceObserver, StartAt, Stream } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import { BinlogDecoder } from './binlog/decoder.ts';
import type { DecoderOptions, Flavor, Holding } from './binlog/options.ts';
import { FILE_START } from './binlog/place.ts';
import { Rest } from './binlog/rest.ts';
import type { Gap } from './gap.ts';
import type { SourceOptions } from './options.ts';
import { inspect, refusal } from './preflight.ts';
import { Reading } from './reading.ts';
import type { ReadingParts } from './reading.ts';
import { isPosition, readSaved } from './saved-position.ts';
import { ServerProbe } from './server-probe.ts';
import type { ServerReport } from './server-probe.ts';
import { readCharsets } from './schema/collations.ts';
import type { SchemaFollower, UnreadableTable } from './schema/follower.ts';
import { follow } from './following.ts';
import type { Reader } from './following.ts';
import { memoryNotes } from './schema/memory-notes.ts';
import { BinlogDump, type DumpRequest } from './stream/binlog-dump.ts';
import { BinlogSizes } from './stream/binlog-sizes.ts';
import { Dismissals } from './stream/dismissals.ts';
import { bytesBehind } from './stream/lag.ts';
import type { ReadingSpot } from './stream/later-changes.ts';
import { PreparedSource } from './stream/prepared-source.ts';
import { BY_GTIDS } from './stream/server-error.ts';
import { drawServerId, takenServerIds } from './stream/server-id.ts';
import { atLeast, listBinlogs, readServerFacts } from './stream/server-facts.ts';
import type { ServerFacts } from './stream/server-facts.ts';
import { serverLabel, withSession } from './stream/sql-session.ts';
import type { SqlSession } from './stream/sql-session.ts';
import type { StartPoint } from './stream/points.ts';

/** What a source works with. `notes` null: what it must remember lasts as long as the process. */
export interface SourceContext {
  readonly observer: SourceObserver;
  readonly logger: Logger;
  readonly notes: NoteStore | null;
  /** The saved position: reading never goes back behind it. Null while there is none. */
  readonly saved: () => Position | null;
}

/** Tells how far a source is behind, from a connection of its own. */
export interface SourceProbe {
  /** Bytes of binlog between what was handed over and the end of the server's; null where nobody knows. @throws RowcastError SOURCE_* */
  serverEnd(): Promise<{ readonly bytesBehind: number | null }>;
  /** Captured tables whose rows have come and could not be read, because nobody knows their columns. */
  unreadable(): readonly UnreadableTable[];
  /** What the server is; known once a stream was opened. @throws RowcastError INTERNAL before */
  flavor(): Flavor;
  /** Looks at the server's settings, the account and the server id again, and logs what is new. `behind`: seconds, null where nobody knows. @throws RowcastError SOURCE_* */
  report(behind: number | null): Promise<ServerReport>;
}

/** A MySQL or MariaDB server's binlog. One stream at a time; opened again it keeps its server id and its kept columns. */
export function createMysqlSource(options: SourceOptions, context: SourceContext): Source & SourceProbe {
  return new MysqlSource(options, context);
}

/** What one `open` has found out. */
interface Opening {
  readonly facts: ServerFacts;
  readonly start: StartPoint;
  readonly gap: Gap | null;
  readonly encrypted: boolean;
  readonly serverId: number;
  readonly charsets: ReadonlyMap<number, string>;
}

class MysqlSource implements Source, SourceProbe {
  readonly #options: SourceOptions;
  readonly #context: SourceContext;
  readonly #notes: NoteStore;
  readonly #dismissals = new Dismissals();
  readonly #sizes = new BinlogSizes();
  #serverId: number | null = null;
  #recapture: boolean;
  #position: (() => Position) | null = null;
  readonly #probe: ServerProbe;
  #flavor: Flavor | null = null;
  #follower: SchemaFollower | null = null;

  constructor(options: SourceOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    this.#probe = new ServerProbe(options, context.logger);
    this.#notes = context.notes ?? memoryNotes();
    this.#recapture = options.recaptureSchema;
  }

  async open(from: Position | StartAt, handler: SourceHandler): Promise<Stream> {
    const opening = await withSession(this.#options, (session) => this.#look(session, from, null));
    try {
      return await this.#begin(opening, from, handler);
    } catch (thrown) {
      // Purged since the server was asked, or known to its dump alone.
      const error = asRowcastError(thrown);
      if (opening.gap !== null || !this.#passesGap(error)) throw error;
      return await this.#begin(await withSession(this.#options, (session) => this.#look(session, from, error)), from, handler);
    }
  }

  /** Begins to read where the opening says; a gap is told before anything else. */
  async #begin(opening: Opening, from: Position | StartAt, handler: SourceHandler): Promise<Stream> {
    const { start, facts, gap } = opening;
    await rm(this.#options.holding.path, { force: true });
    const begin = { server: start.server, file: start.file, position: start.position, gtids: start.gtids };
    const reader: Reader = { next: this.#placeOf(opening), committed: () => begin };
    const catalogue = await follow({ options: this.#options, facts, charsets: opening.charsets, notes: this.#notes, reader, saved: this.#context.saved, logger: this.#context.logger });
    await catalogue.open({ place: begin, fresh: !isPosition(from) || gap !== null, recapture: this.#recapture });
    this.#recapture = false;
    this.#follower = catalogue;
    const flavor: Flavor = facts.mariadb ? 'mariadb' : 'mysql';
    this.#flavor = flavor;
    const shared = {
      handler,
      observer: this.#context.observer,
      captures: this.#options.captures,
      catalogue,
      charsets: opening.charsets,
      flavor,
      rowLimit: this.#options.rowLimit,
      includeQuery: this.#options.includeQuery,
      hidesText: this.#options.hidesText,
      hidesTextOf: this.#options.hidesTextOf,
      holding: this.#holding(facts),
    };
    const prepared = this.#prepared(opening, shared, () => readSaved(decoder.position()).gtids);
    const rest = new Rest();
    const decoder = new BinlogDecoder({ ...shared, prepared, rest, start: { file: start.file, position: start.position, gtid: start.gtids, serverUuid: start.server, reads: facts.identity, created: start.created, anonymous: start.anonymous, lead: LEADS[start.by], prepared: start.prepared ?? [] } });
    reader.next = () => ({ ...decoder.next(), group: decoder.group() });
    reader.committed = () => readSaved(decoder.position());
    const dump = this.#dump(opening, decoder);
    await dump.start();
    if (gap !== null) await this.#tell(gap, handler, { dump, decoder });
    this.#position = () => decoder.position();
    return this.#stream({ dump, decoder, prepared, catalogue, rest }, facts.mariadb || atLeast(facts, 5, 7));
  }

  #passesGap(error: RowcastError): boolean {
    return error.code === 'SOURCE_POSITION_PURGED' && (this.#options.onPurged ?? 'fail') !== 'fail';
  }

  /** The dump has sent nothing yet that moves the position: what is made of the notice holds back the one after the gap (Invariant 1). */
  async #tell({ error, ...gap }: Gap, handler: SourceHandler, { dump, decoder }: { readonly dump: BinlogDump; readonly decoder: BinlogDecoder }): Promise<void> {
    const notice: GapNotice = { kind: 'gap', ...gap, before: decoder.position().label, noticedAt: Date.now() };
    this.#context.logger.error('rows are missing: the binlog was purged before it was read, and reading goes on after the gap', { code: error.code, error: error.message, ...gap, before: notice.before, server: serverLabel(this.#options) });
    dump.pause();
    try {
      await handler.notice(notice);
    } catch (cause) {
      dump.close();
      throw cause;
    }
    dump.resume();
  }

  flavor(): Flavor {
    if (this.#flavor === null) throw new RowcastError('INTERNAL', 'the server is not known before a stream is open');
    return this.#flavor;
  }

  unreadable(): readonly UnreadableTable[] {
    return this.#follower?.unreadable() ?? [];
  }

  async serverEnd(): Promise<{ readonly bytesBehind: number | null }> {
    const position = this.#position;
    if (position === null) return { bytesBehind: null };
    const files = await this.#probe.ask(listBinlogs);
    this.#sizes.listed(files);
    return { bytesBehind: bytesBehind(files, readSaved(position())) };
  }

  report(behind: number | null): Promise<ServerReport> {
    const saved = this.#context.saved();
    return this.#probe.report({ behind, serverId: this.#serverId, needs: saved === null ? null : readSaved(saved) });
  }

  async #look(session: SqlSession, from: Position | StartAt, purged: RowcastError | null): Promise<Opening> {
    const { problems, start, gap } = await inspect(session, this.#options, from, { purged, ownDumps: Infinity, sizes: this.#sizes });
    const facts = await readServerFacts(session);
    // A gap is told by itself.
    this.#probe.seen(facts, problems.filter(({ severity, code }) => severity === 'warning' && code !== 'SOURCE_POSITION_PURGED'));
    const refused = refusal(problems);
    if (refused !== null || start === null) throw refused ?? new RowcastError('INTERNAL', 'a check without errors found no place to begin at');
    this.#serverId ??= this.#options.serverId === 'auto' ? drawServerId(await takenServerIds(session, facts)) : this.#options.serverId;
    const charsets = await readCharsets((sql) => session.query(sql), facts.mariadb ? 'mariadb' : 'mysql');
    return { facts, start, gap, encrypted: session.encrypted, serverId: this.#serverId, charsets };
  }

  /** MariaDB, and MySQL before 8, may log a ROLLBACK after rows. */
  #holding(facts: ServerFacts): Holding {
    const { all, memory, path } = this.#options.holding;
    return { all: all || facts.mariadb || !atLeast(facts, 8, 0), memory, path };
  }

  /** Where reading begins, as long as nothing is read. GTIDs alone tell no place in a file of this server. */
  #placeOf({ start, facts }: Opening): () => ReadingSpot {
    return () => {
      if (start.file !== '' && start.server === facts.identity) return { file: start.file, position: start.position, group: start.position };
      throw new RowcastError('SOURCE_POSITION_FOREIGN', `the position tells no place in a binlog file of ${serverLabel(this.#options)}`);
    };
  }

  #dump(opening: Opening, decoder: BinlogDecoder): BinlogDump {
    const { start, serverId } = opening;
    const at = { gtids: start.by === 'gtids' ? start.gtids : null, file: start.file, position: start.by === 'count' ? FILE_START : start.position };
    return new BinlogDump({ ...this.#request(opening), ...at, serverId }, decoder, () => this.#context.observer.alive());
  }

  /** How every dump reads. */
  #request({ facts, encrypted }: Opening): Omit<DumpRequest, 'serverId' | 'gtids' | 'file' | 'position'> {
    const options = this.#options;
    // MariaDB leaves the offsets inside a transaction to the reader, who can only count them when nothing is left out.
    const annotated = options.includeQuery || facts.variables.get('binlog_legacy_event_pos') === 'OFF';
    return { server: options, encrypted, mariadb: facts.mariadb, heartbeat: options.heartbeat, rowLimit: options.rowLimit, annotated, skipsText: !options.includeQuery };
  }

  #prepared(opening: Opening, decoder: Omit<DecoderOptions, 'prepared' | 'start'>, executed: () => string | null): PreparedSource {
    const { facts, serverId } = opening;
    return new PreparedSource({
      dump: this.#request(opening),
      decoder,
      server: facts.identity,
      gtids: facts.gtids,
      taken: new Set([serverId, facts.serverId]),
      logger: this.#context.logger,
      alive: () => this.#context.observer.alive(),
      executed,
      files: () => withSession(this.#options, async (session) => (await listBinlogs(session)).map(({ name }) => name)),
    });
  }

  /** `plain`: the server says why it ends a stream. */
  #stream(parts: ReadingParts, plain: boolean): Stream {
    const { dump, decoder } = parts;
    const opened = performance.now();
    const { logger } = this.#context;
    logger.info('reading the binlog', { server: serverLabel(this.#options), position: decoder.position().label });
    return new Reading(parts, {
      ended: dump.ended.then((error) => this.#nextTime(plain ? error : this.#dismissals.judge(error, performance.now() - opened), decoder)),
      logger,
      closed: () => {
        this.#position = null;
        this.#probe.close();
      },
    });
  }

  /**
   * An error that the next stream will not meet is one to try again after: purged binlog where `onPurged` goes on after it,
   * and what cannot be asked for by GTIDs (a transaction without one) once the position has a file of the server.
   */
  #nextTime(error: RowcastError | null, decoder: BinlogDecoder): RowcastError | null {
    if (error === null) return null;
    const heals = this.#passesGap(error) || (error.facts['asked'] === BY_GTIDS.asked && decoder.placed);
    return heals ? new RowcastError('SOURCE_LOST', error.message, { cause: error }) : error;
  }
}

/** What comes before the place, by how the server was asked. */
const LEADS = { offset: 'none', count: 'sent', gtids: 'left-out' } as const;
