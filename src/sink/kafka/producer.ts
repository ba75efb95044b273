/** Who we are to the brokers. */
export interface ProducerId {
  readonly id: bigint;
  readonly epoch: number;
  /** All that it sends is part of a transaction. @default false */
  readonly transactional?: boolean;
}

/** The largest epoch there is; after it comes another id. */
const LAST_EPOCH = 32_767;

/**
 * The identity under which everything is sent. It is kept for the life of the process; a partition whose sequence is of
 * no use any more begins again at 0 under the next epoch. The brokers then refuse whatever of the earlier epoch is still
 * on its way, which a new id would not achieve. Without a transactional id InitProducerId ignores the id it is given, so
 * the epoch is raised here, as Java's producer does.
 */
export class Producer {
  readonly #ask: () => Promise<ProducerId>;
  #current: ProducerId = { id: -1n, epoch: -1 };

  /** `ask` gets an id that is new to the brokers. */
  constructor(ask: () => Promise<ProducerId>) {
    this.#ask = ask;
  }

  /** What partitions that are opened now begin with. */
  get current(): ProducerId {
    return this.#current;
  }

  /** Gets the first identity; one that is there already is kept. @throws RowcastError SINK_* */
  async begin(): Promise<void> {
    if (this.#current.epoch < 0) this.#current = await this.#ask();
  }

  /** The identity of now, asked for again. @throws RowcastError SINK_* */
  async renew(): Promise<ProducerId> {
    this.#current = await this.#ask();
    return this.#current;
  }

  /** The identity that comes after `old`. One call at a time. @throws RowcastError SINK_* */
  async after(old: ProducerId): Promise<ProducerId> {
    const { id, epoch } = this.#current;
    if (id === old.id && epoch === old.epoch) this.#current = epoch < LAST_EPOCH ? { id, epoch: epoch + 1 } : await this.#ask();
    return this.#current;
  }
}
