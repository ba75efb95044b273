import { asRowcastError } from '../core/errors.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import type { SourceOptions } from './options.ts';
import { serverProblems, wrongSettings } from './preflight.ts';
import { changedSettings, ProblemLog } from './problem-log.ts';
import type { ChangedSetting } from './problem-log.ts';
import { RetentionWatch } from './retention.ts';
import type { Retention } from './retention.ts';
import { readCreated, scanBinlog } from './stream/binlog-scan.ts';
import type { SavedPoint } from './stream/points.ts';
import type { ServerFacts } from './stream/server-facts.ts';
import { askText, listBinlogs, readServerFacts, settingsOf } from './stream/server-facts.ts';
import type { SqlSession } from './stream/sql-session.ts';
import { openSession, serverLabel } from './stream/sql-session.ts';

/** How the server is, seen while it is read. */
export interface ServerReport {
  readonly problems: readonly Problem[];
  /** Settings of the server that matter, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Those that are others than at the last look. */
  readonly changed: readonly ChangedSetting[];
  /** Makes it wrong to go on; null without, and before reading has begun, since whoever begins looks at everything. */
  readonly wrong: RowcastError | null;
  /** How long the server keeps what a restart would need; null where nobody knows. */
  readonly retention: Retention | null;
}

/** What of the daemon a look is to be compared with. */
export interface Regard {
  /** Seconds that reading is behind; null where nobody knows. */
  readonly behind: number | null;
  /** The id that the daemon reads under; null before it has one. */
  readonly serverId: number | null;
  /** Where it would begin after a restart; null before it has a position. */
  readonly needs: SavedPoint | null;
}

/** A question may take this many times as long as connecting: until then the figures stay as they were. */
const PATIENCE = 3;

/** Asks the server beside the stream, over a connection that is kept for it, and logs what is new once. */
export class ServerProbe {
  readonly #options: SourceOptions;
  readonly #logger: Logger;
  readonly #problems: ProblemLog;
  /** Settings of the server at the last look. */
  #variables: ReadonlyMap<string, string> = new Map();
  readonly #retention = new RetentionWatch();
  #session: Promise<SqlSession> | null = null;

  constructor(options: SourceOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    this.#problems = new ProblemLog(logger);
  }

  /** @throws RowcastError SOURCE_* */
  async ask<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.#session ??= openSession(this.#options, this.#options.connectTimeout * PATIENCE)));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** A look. @throws RowcastError SOURCE_* */
  async report({ behind, serverId, needs }: Regard): Promise<ServerReport> {
    const where = serverLabel(this.#options);
    return this.ask(async (session) => {
      const facts = await readServerFacts(session);
      const problems = await serverProblems(session, facts, { id: serverId === null ? null : { id: serverId, own: 1 }, behind, where });
      const retention = needs === null ? null : await this.#retentionOf(session, facts, needs);
      return { problems, settings: settingsOf(facts), changed: this.seen(facts, problems), wrong: serverId === null ? null : wrongSettings(facts, where), retention };
    });
  }

  /** Null where an answer is missing: it is one figure among others. */
  async #retentionOf(session: SqlSession, facts: ServerFacts, needs: SavedPoint): Promise<Retention | null> {
    const scan = { server: this.#options, encrypted: session.encrypted, mariadb: facts.mariadb, rowLimit: this.#options.rowLimit };
    try {
      return await this.#retention.look(needs, facts, {
        clock: async () => Number(await askText(session, 'SELECT UNIX_TIMESTAMP()')),
        files: () => listBinlogs(session),
        created: (file) => readCreated((name, visit) => scanBinlog({ ...scan, file: name }, visit), file),
      });
    } catch (error) {
      this.#logger.debug('how long the server keeps the position cannot be seen', { error: asRowcastError(error).message });
      return null;
    }
  }

  /** Takes what a look found; the answer is what changed since the last one. */
  seen(facts: ServerFacts, problems: readonly Problem[]): readonly ChangedSetting[] {
    this.#problems.tell(problems);
    const changed = changedSettings(this.#variables, facts.variables);
    this.#variables = facts.variables;
    for (const change of changed) this.#logger.warn('a setting of the server was changed', { ...change, server: serverLabel(this.#options) });
    return changed;
  }

  /** Nobody waits for it: the server may be out of reach. */
  close(): void {
    const session = this.#session;
    this.#session = null;
    void session?.then((opened) => opened.close(), () => undefined);
  }
}
