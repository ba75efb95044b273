import type { RowcastError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import type { SourceOptions } from './options.ts';
import { serverProblems, wrongSettings } from './preflight.ts';
import { changedSettings, ProblemLog } from './problem-log.ts';
import type { ChangedSetting } from './problem-log.ts';
import type { ServerFacts } from './stream/server-facts.ts';
import { readServerFacts, settingsOf } from './stream/server-facts.ts';
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
}

/** Asks the server beside the stream, over a connection that is kept for it, and logs what is new once. */
export class ServerProbe {
  readonly #options: SourceOptions;
  readonly #logger: Logger;
  readonly #problems: ProblemLog;
  /** Settings of the server at the last look. */
  #variables: ReadonlyMap<string, string> = new Map();
  #session: Promise<SqlSession> | null = null;

  constructor(options: SourceOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    this.#problems = new ProblemLog(logger);
  }

  /** @throws RowcastError SOURCE_* */
  async ask<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.#session ??= openSession(this.#options)));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** A look; `behind`: seconds. `serverId` is the one that the daemon reads under, null before it has one. @throws RowcastError SOURCE_* */
  async report(behind: number | null, serverId: number | null): Promise<ServerReport> {
    const where = serverLabel(this.#options);
    return this.ask(async (session) => {
      const facts = await readServerFacts(session);
      const problems = await serverProblems(session, facts, { id: serverId === null ? null : { id: serverId, own: 1 }, behind, where });
      return { problems, settings: settingsOf(facts), changed: this.seen(facts, problems), wrong: serverId === null ? null : wrongSettings(facts, where) };
    });
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
