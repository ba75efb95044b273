import { setTimeout as sleep } from 'node:timers/promises';
import { RowcastError } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';
import type { BrokerConnection } from './connection.ts';
import { brokerError, connectionError } from './failures.ts';
import type { ProducerId } from './producer.ts';
import { initProducerRequest, readInitProducer } from './protocol/admin.ts';
import { CONCURRENT_TRANSACTIONS, errorName, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, NO_ERROR, PRODUCER_FENCED, reactionTo } from './protocol/error-codes.ts';
import type { Request } from './protocol/requests.ts';
import { addPartitionsRequest, endTransactionRequest, readAddPartitions, readEndTransaction, type TopicPartition } from './protocol/transactions.ts';
import type { WireReader } from './protocol/wire.ts';
import { withReason } from './transaction-state.ts';

export interface CoordinatorOptions {
  readonly transactionalId: string;
  /** Milliseconds after which the brokers abort a transaction that was not ended. */
  readonly transactionTimeoutMs: number;
  /** Milliseconds for which a coordinator that moves, or is busy, is asked again. */
  readonly patienceMs: number;
}

/** The markers of a transaction are written after its end is confirmed, within some milliseconds: the next one waits for them. */
const BUSY_FIRST_MS = 1;
const BUSY_GROWTH = 1.4;
const BUSY_LONGEST_MS = 20;
/** A coordinator that moves takes longer. */
const MOVED_MS = 50;
/** Brokers that make the topic of transactions, on their first one, need some seconds. */
const FIRST_PATIENCE_MS = 10_000;

/**
 * The broker that coordinates our transactions: who we are to it, which partitions a transaction has, and its end. It
 * repeats only what was surely not done. Whoever is told that a transaction is lost begins a new one by `begin`, which
 * ends what is left of the old one first.
 */
export class TransactionCoordinator {
  readonly #cluster: Cluster;
  readonly #options: CoordinatorOptions;
  #connection: BrokerConnection | null = null;
  #identity: ProducerId = { id: -1n, epoch: -1, transactional: true };

  constructor(cluster: Cluster, options: CoordinatorOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  get identity(): ProducerId {
    return this.#identity;
  }

  /**
   * A new epoch. The first call fences every other daemon of the name; later ones go on from the epoch that we have, which
   * tells whether another daemon took over or our transaction just took too long. On its return nothing of ours is open:
   * a transaction whose end had been asked for is committed, any other is aborted.
   * @throws RowcastError SINK_FENCED, SINK_LOST, SINK_AUTH, SINK_REFUSED
   */
  async begin(): Promise<ProducerId> {
    const { transactionalId, transactionTimeoutMs } = this.#options;
    const request = initProducerRequest(this.#identity, { id: transactionalId, timeoutMs: transactionTimeoutMs });
    const { error, id, epoch } = await this.#ask(request, readInitProducer, ({ error }) => error);
    if (error === PRODUCER_FENCED || error === INVALID_PRODUCER_EPOCH) {
      throw new RowcastError('SINK_FENCED', `another daemon has taken the transactional id ${transactionalId}`, { facts: { transactionalId, error: errorName(error) } });
    }
    if (error !== NO_ERROR) throw await withReason(this.#cluster, this.#refused(error));
    this.#identity = { id, epoch, transactional: true };
    return this.#identity;
  }

  /** The next `begin` is like the first one: it takes the id from whoever has it. */
  forget(): void {
    this.#identity = { id: -1n, epoch: -1, transactional: true };
  }

  /** Begins a transaction with these partitions, or adds them to it. @throws RowcastError TRANSACTION_LOST, SINK_* */
  async add(partitions: readonly TopicPartition[]): Promise<void> {
    const error = await this.#ask(addPartitionsRequest(this.#producer(), partitions), readAddPartitions, (code) => code);
    if (error !== NO_ERROR) throw await this.#lost('partitions could not be added to it', error);
  }

  /** Ends the transaction. An error leaves open whether it did. @throws RowcastError TRANSACTION_LOST, SINK_* */
  async end(commit: boolean): Promise<void> {
    const error = await this.#ask(endTransactionRequest(this.#producer(), commit), readEndTransaction, (code) => code);
    if (error !== NO_ERROR) throw await this.#lost('it could not be ended', error);
  }

  /** Whether nobody took our place, or, before `begin`, whether we might. Only while no transaction is open: it asks for the end of one that there is not. @throws RowcastError TRANSACTION_LOST, SINK_* */
  async probe(): Promise<void> {
    const error = await this.#ask(endTransactionRequest(this.#producer(), true), readEndTransaction, (code) => code);
    if (error !== NO_ERROR && error !== INVALID_TXN_STATE) throw await this.#lost('its producer is not ours', error);
  }

  #producer(): { readonly transactionalId: string } & ProducerId {
    return { ...this.#identity, transactionalId: this.#options.transactionalId };
  }

  /** Asks until the coordinator is found and not busy any more, or patience ends. A connection that is lost with a request on its way is an error. */
  async #ask<T>(request: Request, read: (answer: WireReader) => T, errorOf: (answer: T) => number): Promise<T> {
    const deadline = performance.now() + this.#patienceMs;
    for (let busy = BUSY_FIRST_MS; ; busy = Math.min(BUSY_LONGEST_MS, busy * BUSY_GROWTH)) {
      const connection = await this.#find();
      const answer = await connection.send(request, read).catch((cause: unknown) => {
        this.#connection = null;
        throw connectionError(`The coordinator ${connection.address}`, cause);
      });
      const error = errorOf(answer);
      if (error === NO_ERROR || reactionTo(error) !== 'again' || performance.now() > deadline) return answer;
      if (error !== CONCURRENT_TRANSACTIONS) this.#connection = null;
      await sleep(error === CONCURRENT_TRANSACTIONS ? busy : MOVED_MS);
    }
  }

  /** Nobody's transaction waits for the first answer, and whoever waits wants to know why. */
  get #patienceMs(): number {
    const { patienceMs } = this.#options;
    return this.#identity.id < 0n ? Math.min(FIRST_PATIENCE_MS, patienceMs) : patienceMs;
  }

  async #find(): Promise<BrokerConnection> {
    if (this.#connection?.usable === true) return this.#connection;
    const deadline = performance.now() + this.#patienceMs;
    for (;;) {
      try {
        this.#connection = await this.#cluster.coordinator(this.#options.transactionalId, 'transactions');
        return this.#connection;
      } catch (thrown) {
        const error = connectionError('The coordinator', thrown);
        if (!error.retry || performance.now() > deadline) throw await withReason(this.#cluster, error);
        await sleep(MOVED_MS);
      }
    }
  }

  #refused(error: number): RowcastError {
    const { transactionalId, transactionTimeoutMs } = this.#options;
    const failure = brokerError(`The brokers give no producer id for the transactional id ${transactionalId}`, error, null);
    if (errorName(error) !== 'INVALID_TRANSACTION_TIMEOUT') return failure;
    return new RowcastError('SINK_REFUSED', `${failure.message}: ${String(transactionTimeoutMs)} ms is longer than they allow`, { hint: 'Shorten sink.transaction.timeout, or raise transaction.max.timeout.ms of the brokers.' });
  }

  async #lost(what: string, error: number): Promise<RowcastError> {
    const failure = brokerError(`The transaction of ${this.#options.transactionalId} is lost: ${what}`, error, null);
    return reactionTo(error) === 'renew' ? new RowcastError('TRANSACTION_LOST', failure.message, { facts: { error: errorName(error) } }) : withReason(this.#cluster, failure);
  }
}
