import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Candidate, Election, ElectionTimes, Leadership } from '../core/election.ts';
import { asRowcastError, RowcastError } from '../core/errors.ts';
import { Turn } from '../core/turn.ts';
import type { ServerOptions } from './options.ts';
import { openSession, serverLabel, textField } from './stream/sql-session.ts';
import type { SqlSession } from './stream/sql-session.ts';

export interface LockElectionOptions extends ServerOptions {
  /** That of the daemon: the same for all who stand. */
  readonly name: string;
  readonly times: ElectionTimes;
}

/** Of GET_LOCK's names at most 64 characters count. */
const LOCK_NAME_LENGTH = 40;
/** Seconds that one question for the lock waits at the server, who hands it over at once when it is free. */
const TURN_SECONDS = 1;
/** Milliseconds between two questions of one who should not come first. */
const UNFIT_MS = 2_000;
const RETRY_MS = 500;

/**
 * An election by `GET_LOCK` on a server: the lock is that of a connection, and is free as soon as the server has lost it. The
 * server gives a connection up that says nothing for the time of the session (`wait_timeout`), so a leader that stands still
 * loses it; and a leader that has no answer for as long counts it as lost, whatever the server thinks.
 */
export class LockElection implements Election {
  readonly #options: LockElectionOptions;
  readonly #candidate: Candidate;
  readonly #lock: string;
  readonly #stop = new AbortController();
  #session: SqlSession | null = null;
  #turn: Turn | null = null;
  /** The connection that was seen to have the lock last: the list of all of them is asked for once. */
  #seen: { readonly id: string; readonly label: string } | null = null;
  /** Until when the server keeps the lock for us, by the monotonic clock, whatever happens. */
  #until = -Infinity;

  constructor(options: LockElectionOptions, candidate: Candidate) {
    this.#options = options;
    this.#candidate = candidate;
    this.#lock = `rowcast-leader:${createHash('sha256').update(options.name).digest('hex').slice(0, LOCK_NAME_LENGTH)}`;
  }

  async win(stop: AbortSignal): Promise<Leadership | null> {
    const either = AbortSignal.any([stop, this.#stop.signal]);
    while (!either.aborted) {
      try {
        const turn = await this.#try();
        if (turn !== null) return turn;
        if (!this.#candidate.fit()) await sleep(UNFIT_MS, undefined, { signal: either }).catch(() => undefined);
      } catch (thrown) {
        const error = asRowcastError(thrown);
        this.#hangUp();
        if (isOver(either)) break;
        if (!error.retry) throw error;
        this.#candidate.trouble(error);
        await sleep(RETRY_MS, undefined, { signal: either }).catch(() => undefined);
      }
    }
    return null;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#release('the daemon ended');
  }

  /** One question for the lock; null where another one has it. */
  async #try(): Promise<Turn | null> {
    const session = await this.#open();
    const sent = performance.now();
    const [row] = await session.query('SELECT GET_LOCK(?, ?) AS taken', [this.#lock, this.#candidate.fit() ? TURN_SECONDS : 0]);
    this.#candidate.trouble(null);
    if (Number(row?.['taken']) !== 1) {
      this.#candidate.leader(await this.#holder(session));
      return null;
    }
    this.#until = sent + this.#options.times.timeoutMs;
    this.#candidate.leader(this.#candidate.label);
    const turn = new Turn({ until: () => this.#until, ask: () => this.#mine(session), resigned: () => this.#release('it resigned') });
    this.#turn = turn;
    void this.#keep(turn, session);
    return turn;
  }

  async #open(): Promise<SqlSession> {
    if (this.#session !== null) return this.#session;
    const session = await openSession(this.#options);
    this.#session = session;
    await session.query('SET SESSION wait_timeout = ?', [Math.ceil(this.#options.times.timeoutMs / 1000)]);
    return session;
  }

  /** Says again and again that it is there, until it has no answer in time. */
  async #keep(turn: Turn, session: SqlSession): Promise<void> {
    const { beatMs, timeoutMs } = this.#options.times;
    while (turn === this.#turn) {
      const sent = performance.now();
      const left = this.#until - sent;
      const answer = this.#mine(session).catch(() => false);
      const mine = await inTime(answer, left);
      if (turn !== this.#turn) return;
      if (!mine) {
        this.#hangUp();
        this.#end(`the lock on ${serverLabel(this.#options)} is lost`);
        return;
      }
      this.#until = sent + timeoutMs;
      await sleep(beatMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #mine(session: SqlSession): Promise<boolean> {
    const [row] = await session.query('SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS mine', [this.#lock]);
    return Number(row?.['mine']) === 1;
  }

  /** Who has the lock, as far as the account may see it. */
  async #holder(session: SqlSession): Promise<string | null> {
    const [row] = await session.query('SELECT IS_USED_LOCK(?) AS id', [this.#lock]);
    const id = textField(row, 'id');
    if (id === null) return null;
    if (this.#seen?.id === id) return this.#seen.label;
    const label = await this.#labelOf(id, session);
    this.#seen = { id, label };
    return label;
  }

  async #labelOf(id: string, session: SqlSession): Promise<string> {
    const connection = `connection ${id} of ${serverLabel(this.#options)}`;
    try {
      const found = (await session.query('SHOW PROCESSLIST')).find((one) => textField(one, 'Id') === id);
      const host = textField(found, 'Host');
      return host === null ? connection : `${connection}, from ${host}`;
    } catch {
      return connection;
    }
  }

  async #release(why: string): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#end(why);
    // The good-bye of the connection gives the lock back, too.
    await session?.close();
  }

  #end(why: string): void {
    const turn = this.#turn;
    this.#turn = null;
    turn?.end(new RowcastError('LEADERSHIP_LOST', `this daemon leads no more: ${why}`));
  }

  #hangUp(): void {
    const session = this.#session;
    this.#session = null;
    void session?.close();
  }
}

/** The answer, false where it takes longer than `ms`. */
async function inTime(answer: Promise<boolean>, ms: number): Promise<boolean> {
  const late = new AbortController();
  const limit = sleep(ms, false, { signal: late.signal }).catch(() => false);
  try {
    return await Promise.race([answer, limit]);
  } finally {
    late.abort();
  }
}

/** Asked anew: it may have changed since the last look. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
