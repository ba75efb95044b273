import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../../core/deferred.ts';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Candidate, Election, ElectionTimes, Leadership } from '../../core/election.ts';
import type { Logger } from '../../core/ports.ts';
import { Turn } from '../../core/turn.ts';
import { brokerError } from './failures.ts';
import { appoint, readVerdict, writeNotes, type Verdict } from './group-appointment.ts';
import { GroupLine } from './group-line.ts';
import type { KafkaSinkOptions } from './options.ts';
import { ILLEGAL_GENERATION, INVALID_SESSION_TIMEOUT, MEMBER_ID_REQUIRED, NO_ERROR, reactionTo, REBALANCE_IN_PROGRESS, UNKNOWN_MEMBER_ID } from './protocol/error-codes.ts';
import { heartbeatRequest, joinGroupRequest, leaveGroupRequest, readGroupError, readJoinGroup, readSyncGroup, syncGroupRequest, type Joined, type Seat } from './protocol/groups.ts';

export interface GroupElectionOptions extends KafkaSinkOptions {
  /** Id of the group: the same for all who stand. */
  readonly group: string;
  readonly times: ElectionTimes;
}

/** Groups of consumers have another type, so that none takes part by mistake. */
const TYPE = 'rowcast';
const PROTOCOL = 'leader-1';
const RETRY_MS = 250;
/** Milliseconds that a good-bye may take. */
const GOODBYE_MS = 1_000;

/**
 * An election by Kafka's protocol of consumer groups, without a topic: all who stand are members of one group, and the
 * member that assigns appoints the leader. Who leads says so each time it joins and stays appointed, so that others come and
 * go without a change. A leader that is not heard of for the time of the session is taken out by the coordinator, and cannot
 * come back as what it was.
 */
export class GroupElection implements Election {
  readonly #options: GroupElectionOptions;
  readonly #candidate: Candidate;
  readonly #line: GroupLine;
  readonly #since = Date.now();
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  /** Empty: no member. */
  #id = '';
  #generation = -1;
  /** What the others were told when it joined last. */
  #told = '';
  /** Until when the coordinator keeps the membership, by the monotonic clock, whatever happens. */
  #until = -Infinity;
  #turn: Turn | null = null;
  #turns = 0;
  #failure: RowcastError | null = null;
  #change = deferred<null>();

  constructor(options: GroupElectionOptions, candidate: Candidate, logger: Logger) {
    this.#options = options;
    this.#candidate = candidate;
    const { timeoutMs } = options.times;
    // So that a member whose connections have died is back before its session ends.
    this.#line = new GroupLine(options, options.group, { times: { longestMs: timeoutMs * 2, seekMs: timeoutMs / 4 }, logger });
  }

  async win(stop: AbortSignal): Promise<Leadership | null> {
    this.#running ??= this.#run();
    const stopped = new Promise<void>((resolve) => { stop.addEventListener('abort', () => { resolve(); }, { once: true }); });
    while (!stop.aborted) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#turn !== null) return this.#turn;
      await Promise.race([this.#change.promise, stopped]);
    }
    return null;
  }

  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#endTurn('the daemon ended');
    const member = { group: this.#options.group, id: this.#id };
    // Whoever waits in a join is not heard on the same connection.
    if (this.#generation < 0) this.#line.hangUp();
    if (member.id !== '') await this.#line.ask(leaveGroupRequest(member), readGroupError, GOODBYE_MS).catch(() => undefined);
    this.#line.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#generation < 0) await this.#sit();
        else await this.#beat();
      } catch (thrown) {
        const error = asRowcastError(thrown);
        if (this.#isClosed()) return;
        this.#candidate.trouble(error);
        if (!error.retry) {
          this.#fail(error);
          return;
        }
        await this.#pause(RETRY_MS);
      }
    }
  }

  /** Asked anew: it may have changed since the last look. */
  #isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Joins, again and again until a generation has a leader that all were told. */
  async #sit(): Promise<void> {
    const sent = performance.now();
    const joined = await this.#join();
    if (joined === null) return;
    const seat: Seat = { group: this.#options.group, id: this.#id, generation: joined.generation };
    this.#renew(sent);
    const verdict = await this.#sync(seat, joined);
    if (verdict === null) return;
    this.#generation = seat.generation;
    this.#renew(sent);
    this.#candidate.trouble(null);
    this.#candidate.leader(verdict.label);
    if (verdict.leader === this.#id) this.#beginTurn();
    else this.#endTurn(`${verdict.label} leads`);
  }

  /** Null: to be tried again. */
  async #join(): Promise<Joined | null> {
    const { group, times } = this.#options;
    this.#told = this.#notes();
    const joined = await this.#line.ask(
      joinGroupRequest({ group, id: this.#id }, { sessionMs: times.timeoutMs, rebalanceMs: times.timeoutMs, type: TYPE, protocol: PROTOCOL, metadata: Buffer.from(this.#told) }),
      readJoinGroup,
      times.timeoutMs * 2,
    );
    if (joined.error === MEMBER_ID_REQUIRED) this.#id = joined.id;
    else if (joined.error !== NO_ERROR) this.#refused('The group cannot be joined', joined.error);
    else {
      this.#id = joined.id;
      return joined;
    }
    return null;
  }

  async #sync(seat: Seat, joined: Joined): Promise<Verdict | null> {
    const assignments = joined.assigner === joined.id ? appoint(joined.members) : [];
    const { error, assignment } = await this.#line.ask(syncGroupRequest(seat, assignments), readSyncGroup, this.#options.times.timeoutMs * 2);
    if (error === NO_ERROR) return readVerdict(assignment);
    this.#refused('The group could not be settled', error);
    return null;
  }

  async #beat(): Promise<void> {
    await this.#pause(this.#options.times.beatMs);
    if (this.#stop.signal.aborted) return;
    if (this.#notes() !== this.#told) {
      this.#generation = -1;
      return;
    }
    const sent = performance.now();
    const error = await this.#heartbeat();
    if (error !== NO_ERROR) {
      this.#refused('The group does not hear its member', error);
      return;
    }
    this.#renew(sent);
    this.#candidate.trouble(null);
  }

  /** What an error of the coordinator means for the membership. @throws RowcastError where the membership is none's fault */
  #refused(what: string, error: number): void {
    const { group, times } = this.#options;
    if (error === UNKNOWN_MEMBER_ID) {
      this.#id = '';
      this.#generation = -1;
      this.#endTurn('its session ended');
    } else if (error === REBALANCE_IN_PROGRESS || error === ILLEGAL_GENERATION) {
      this.#generation = -1;
    } else if (error === INVALID_SESSION_TIMEOUT) {
      throw new RowcastError('SINK_REFUSED', `${what}: group ${group} may not have a timeout of ${String(times.timeoutMs / 1000)} s`, { hint: 'Set standby.timeout between group.min.session.timeout.ms and group.max.session.timeout.ms of the brokers.' });
    } else {
      if (reactionTo(error) === 'again') this.#line.hangUp();
      throw brokerError(`${what} (${group})`, error, null);
    }
  }

  #notes(): string {
    const leads = this.#turn !== null;
    // Who leads has shown that it can, whatever a look at it says.
    return writeNotes({ leads, fit: leads || this.#candidate.fit(), since: this.#since, turns: this.#turns, label: this.#candidate.label });
  }

  #renew(sent: number): void {
    this.#until = sent + this.#options.times.timeoutMs;
  }

  #beginTurn(): void {
    if (this.#turn !== null) return;
    this.#turns++;
    this.#turn = new Turn({
      until: () => this.#until,
      ask: async () => (await this.#heartbeat()) !== UNKNOWN_MEMBER_ID,
      resigned: () => {
        this.#endTurn('it resigned');
        return Promise.resolve();
      },
    });
    // The next join says so: until then nobody asks.
    this.#told = this.#notes();
    this.#tell();
  }

  #heartbeat(): Promise<number> {
    const { group, times } = this.#options;
    return this.#line.ask(heartbeatRequest({ group, id: this.#id, generation: this.#generation }), readGroupError, times.timeoutMs / 2);
  }

  #endTurn(why: string): void {
    const turn = this.#turn;
    this.#turn = null;
    turn?.end(new RowcastError('LEADERSHIP_LOST', `this daemon leads no more: ${why}`));
  }

  #fail(error: RowcastError): void {
    this.#failure = error;
    this.#endTurn(error.message);
    this.#tell();
  }

  #tell(): void {
    const { resolve } = this.#change;
    this.#change = deferred();
    resolve(null);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
