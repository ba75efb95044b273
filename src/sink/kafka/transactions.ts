import { deferred } from '../../core/deferred.ts';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Ticket } from '../../core/ports.ts';
import type { Position } from '../../core/position.ts';
import { Bundle } from './bundle.ts';
import type { Partition, PartitionSender } from './partition.ts';
import type { TransactionParts } from './transaction-parts.ts';

/**
 * Puts whole transactions of the source into transactions of Kafka, one after the other, each with the position at its end.
 *
 *   between two ──(messages wait)──► open ──(the source is at an end of its own, and it is small, quiet or due)──► closed
 *        ▲                                                                                                          │
 *        └──────────────────────(all batches are durable, and the coordinator confirms the end)─────────────────────┘
 *   from everywhere ──(an error of the coordinator, or one of a partition that ends a transaction)──► lost ──(restart)──► between two
 *
 * Messages that come while one is closed gather for the next and wait. So an idle stream is committed at once, and the
 * busier it is the more goes into one. A large one is sent while it is open and takes no more memory than without.
 */
export class Transactions {
  readonly #parts: TransactionParts;
  /** Where messages go now. */
  #current = new Bundle(0);
  /** The one whose Kafka transaction has begun, which messages may still go to. */
  #live: Bundle | null = null;
  #adding = false;
  #probing = false;
  #error: RowcastError | null = null;
  #scheduled: NodeJS.Immediate | null = null;
  #interval: NodeJS.Timeout | null = null;
  #overlong: NodeJS.Timeout | null = null;
  #last: Position | null;
  #change = deferred<null>();

  /** `last` is what was committed before; nothing begins without it, until `pinned`. */
  constructor(parts: TransactionParts, last: Position | null) {
    this.#parts = parts;
    this.#last = last;
  }

  /** What ended the last one; null while they go on. */
  get error(): RowcastError | null {
    return this.#error;
  }

  /** A batch is opened in a partition. */
  open(partition: Partition): Ticket {
    const bundle = this.#current;
    bundle.take(partition);
    this.#wake();
    return bundle;
  }

  /** A batch is durable. */
  settle(ticket: Ticket, bytes: number): void {
    if (!(ticket instanceof Bundle)) return;
    const bundle = ticket;
    bundle.pending--;
    bundle.bytes += bytes;
    if (bundle.bytes >= this.#parts.limits.bytes) bundle.due = true;
    if (bundle.pending > 0 || bundle !== this.#live) return;
    if (bundle.closed) void this.#end(bundle);
    else this.#wake();
  }

  /** The source is between two of its transactions, and goes on right after this call. */
  between(): void {
    if (this.#current === this.#live && this.#current.due) this.#evaluate();
  }

  /** The source has ended one of its transactions; its position moves right after this call. */
  ended(): void {
    if (this.#current === this.#live) this.#wake();
  }

  /** A first position is durable: a crash from now on begins there. */
  pinned(position: Position): void {
    this.#last = position;
    this.#evaluate();
  }

  /** Commits a position that has moved without messages. To be called now and then; where nothing is to be done it asks whether we are still who we were. */
  tick(): void {
    if (this.#error !== null || this.#last === null || this.#live !== null || this.#probing || this.#current.opened > 0) return;
    if (this.#parts.seam.whole && this.#moved()) this.#begin();
    else void this.#probe();
  }

  /**
   * Commits all that was handed over.
   * @throws RowcastError with which a transaction was lost; TRANSACTION_LOST where the source is inside one of its own, whose messages must not be committed
   */
  async finish(): Promise<void> {
    for (;;) {
      if (this.#error !== null) throw this.#error;
      const change = this.#change.promise;
      const { whole } = this.#parts.seam;
      if (this.#last === null && this.#current.opened > 0) this.lose(INSIDE);
      else if (this.#live === null && this.#current.opened === 0 && !(whole && this.#moved())) return;
      if (!whole) this.lose(INSIDE);
      else if (this.#live === null && !this.#probing) this.#begin();
      else if (this.#live === this.#current) this.#cut();
      await change;
    }
  }

  /** Ends the open one although the source is inside one of its own, without a position. */
  split(): void {
    if (this.#live === this.#current && this.#error === null) this.#close(this.#current);
  }

  /** Nothing is committed any more until `restart`. */
  lose(error: RowcastError): void {
    if (this.#error !== null) return;
    this.#error = error;
    this.#clear();
    this.#parts.events.lost(error);
    this.#tell();
  }

  /** Begins anew after the last committed position; all batches of before are gone. */
  restart(position: Position | null): void {
    this.#clear();
    this.#current = new Bundle(this.#current.transaction + 1);
    this.#live = null;
    this.#adding = false;
    this.#probing = false;
    this.#error = null;
    this.#last = position;
  }

  /** The end: no timer is left. True where a transaction has begun that was not ended. */
  stop(): boolean {
    this.#clear();
    return this.#live !== null;
  }

  #wake(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = null;
      this.#evaluate();
    });
  }

  #evaluate(): void {
    if (this.#error !== null || this.#last === null || this.#probing) return;
    const bundle = this.#current;
    if (this.#live === bundle) this.#add(bundle);
    if (this.#live === null && bundle.opened > 0) this.#begin();
    else if (this.#live === bundle && (bundle.due || bundle.pending === 0) && this.#parts.seam.whole) this.#cut();
  }

  /** The Kafka transaction of what has gathered: it is ended at once where that is little. */
  #begin(): void {
    const bundle = this.#current;
    const { positions, seam, limits, events } = this.#parts;
    const { small } = bundle;
    this.#live = bundle;
    bundle.began = performance.now();
    bundle.join(positions());
    this.#interval = setTimeout(() => {
      bundle.due = true;
      this.#evaluate();
    }, limits.intervalMs);
    this.#overlong = setTimeout(() => { if (!bundle.closed) events.overlong(); }, limits.overlongMs);
    if (small && seam.whole) this.#cut();
    this.#add(bundle);
  }

  #add(bundle: Bundle): void {
    if (this.#adding || bundle.missing.size === 0) return;
    const added = [...bundle.missing];
    bundle.missing.clear();
    this.#adding = true;
    this.#parts.life.add(added.map(({ topic, index }) => ({ topic: topic.name, partition: index }))).then(
      () => {
        if (bundle !== this.#live || this.#error !== null) return;
        this.#adding = false;
        for (const partition of added) {
          partition.sendable = bundle.transaction;
          partition.sender?.active(partition);
        }
        pump(added);
        this.#add(bundle);
      },
      (error: unknown) => { this.#loseOf(bundle, error); },
    );
  }

  /** What was handed over so far is whole: it gets its position and is closed. */
  #cut(): void {
    const bundle = this.#current;
    const position = this.#parts.seam.at();
    if (position === null) return;
    bundle.position = position;
    try {
      this.#parts.write(position);
    } catch (error) {
      this.lose(asRowcastError(error));
      return;
    }
    this.#close(bundle);
  }

  #close(bundle: Bundle): void {
    for (const partition of bundle.touched) partition.close();
    bundle.closed = true;
    this.#current = new Bundle(bundle.transaction + 1);
    this.#add(bundle);
    pump(bundle.touched);
    if (bundle.pending === 0) void this.#end(bundle);
  }

  async #end(bundle: Bundle): Promise<void> {
    this.#clear();
    try {
      await this.#parts.life.end(true);
    } catch (error) {
      this.#loseOf(bundle, error);
      return;
    }
    if (bundle !== this.#live || this.#error !== null) return;
    this.#live = null;
    if (bundle.position !== null) this.#last = bundle.position;
    this.#parts.events.committed(bundle.position, (performance.now() - bundle.began) / 1000);
    this.#tell();
    this.#evaluate();
  }

  async #probe(): Promise<void> {
    const bundle = this.#current;
    this.#probing = true;
    try {
      await this.#parts.life.probe();
    } catch (error) {
      if (bundle === this.#current) this.lose(asRowcastError(error));
      return;
    }
    if (bundle !== this.#current) return;
    this.#probing = false;
    this.#tell();
    this.#evaluate();
  }

  #loseOf(bundle: Bundle, error: unknown): void {
    if (bundle === this.#live) this.lose(asRowcastError(error));
  }

  #moved(): boolean {
    const at = this.#parts.seam.at();
    return at !== null && this.#last !== null && (JSON.stringify(at.state) !== JSON.stringify(this.#last.state));
  }

  #tell(): void {
    const { resolve } = this.#change;
    this.#change = deferred();
    resolve(null);
  }

  #clear(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    if (this.#interval !== null) clearTimeout(this.#interval);
    if (this.#overlong !== null) clearTimeout(this.#overlong);
  }
}

/** Has the senders of these partitions send what they may. */
function pump(partitions: Iterable<Partition>): void {
  const senders = new Set<PartitionSender>();
  for (const { sender } of partitions) if (sender !== null) senders.add(sender);
  for (const sender of senders) sender.pump();
}

const INSIDE = new RowcastError('TRANSACTION_LOST', 'the stream ended inside a transaction of the source; its messages are taken back');
