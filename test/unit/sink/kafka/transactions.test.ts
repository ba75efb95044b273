import { describe, expect, it } from 'vitest';
import { CommittedLedger } from '../../../../src/checkpoint/committed-ledger.ts';
import { RowcastError } from '../../../../src/core/errors.ts';
import type { Position } from '../../../../src/core/position.ts';
import { BufferPool } from '../../../../src/sink/kafka/buffer-pool.ts';
import { Partition } from '../../../../src/sink/kafka/partition.ts';
import { Transactions } from '../../../../src/sink/kafka/transactions.ts';
import type { TransactionLimits } from '../../../../src/sink/kafka/transaction-parts.ts';

const at = (label: string): Position => ({ state: label, label });
const turn = async (): Promise<void> => {
  for (let left = 3; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

/** Transactions over partitions whose batches become durable when the test says so. */
class Bench {
  readonly said: string[] = [];
  readonly places = new CommittedLedger(at('0'));
  readonly machine: Transactions;
  readonly partitions = new Map<string, Partition>();
  /** Answers of the coordinator wait while this is set. */
  readonly waiting: (() => void)[] = [];
  held = false;
  failure: RowcastError | null = null;
  position = 0;

  constructor(limits: Partial<TransactionLimits> = {}, committed: Position | null = at('0')) {
    const answer = (what: string): Promise<void> => {
      this.said.push(what);
      if (this.failure !== null) return Promise.reject(this.failure);
      return this.held ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
    };
    this.places.follow(() => at(String(this.position)));
    this.machine = new Transactions({
      life: {
        add: (partitions) => answer(`add ${partitions.map(({ topic }) => topic).join('+')}`),
        end: (commit) => answer(commit ? 'commit' : 'abort'),
        probe: () => answer('probe'),
      },
      seam: this.places,
      events: {
        committed: (position) => this.said.push(`committed ${position?.label ?? 'a part'}`),
        lost: (error) => this.said.push(`lost ${error.code}`),
        overlong: () => this.said.push('overlong'),
      },
      limits: { intervalMs: 60_000, bytes: 1 << 30, overlongMs: 60_000, ...limits },
      positions: () => this.partition('positions'),
      write: (position) => { this.write('positions', position.label); },
    }, committed);
    this.places.listen({ between: () => { this.machine.between(); }, ended: () => { this.machine.ended(); } });
  }

  partition(name: string): Partition {
    const known = this.partitions.get(name);
    if (known !== undefined) return known;
    const none = { add: () => undefined };
    const gate = { take: () => undefined, give: () => undefined };
    const made = new Partition({ name, maxBytes: 1 << 20, refusedBytes: Infinity, groupBytes: 20_000, messages: none, bytes: none }, 0, {
      producer: { id: 1n, epoch: 0, transactional: true },
      context: {
        ledger: { open: (partition) => this.machine.open(partition), settle: (ticket, bytes) => { this.machine.settle(ticket, bytes); } },
        pool: new BufferPool(gate, 1 << 20), compression: 'none', failed: (error) => { throw error; },
      },
    });
    made.sendable = -1;
    this.partitions.set(name, made);
    return made;
  }

  write(name: string, text: string): void {
    const partition = this.partition(name);
    do {
      partition.open();
      partition.writer.begin(null).utf8(text);
      partition.writer.end([]);
    } while (!partition.keep());
  }

  /** A transaction of the source, with a message in each of these topics. */
  transaction(...topics: string[]): void {
    this.places.begin();
    for (const topic of topics) this.write(topic, 'row');
    this.places.end();
    this.position++;
  }

  /** Everything that may be sent is sent, and becomes durable. */
  deliver(): number {
    let count = 0;
    for (const partition of this.partitions.values()) {
      if (partition.filling && !partition.held) partition.close();
      for (let batch = partition.next(); batch !== null; batch = partition.next()) {
        partition.sending(batch);
        partition.inFlight--;
        partition.acknowledged(batch);
        count++;
      }
    }
    return count;
  }

  release(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

describe('Transactions', () => {
  it('commit an idle stream at once: messages and position together, in one request to add their partitions', async () => {
    const bench = new Bench();
    bench.transaction('a', 'b');
    expect(bench.said).toEqual([]);
    await turn();
    expect(bench.said).toEqual(['add a+b+positions']);
    expect(bench.deliver()).toBe(3);
    await turn();
    expect(bench.said.slice(1)).toEqual(['commit', 'committed 1']);
    bench.machine.stop();
  });

  it('send nothing before its partition is part of the transaction', async () => {
    const bench = new Bench();
    bench.held = true;
    bench.transaction('a');
    await turn();
    expect(bench.deliver()).toBe(0);
    bench.release();
    await turn();
    expect(bench.deliver()).toBe(2);
    bench.machine.stop();
  });

  it('gather what comes while one is being committed, and let none of it out before', async () => {
    const bench = new Bench();
    bench.transaction('a');
    await turn();
    bench.held = true;
    bench.deliver();
    for (let left = 5; left > 0; left--) bench.transaction('a', 'c');
    await turn();
    expect(bench.deliver()).toBe(0);
    bench.held = false;
    bench.release();
    await turn();
    bench.deliver();
    await turn();
    expect(bench.said).toEqual(['add a+positions', 'commit', 'committed 1', 'add a+c+positions', 'commit', 'committed 6']);
    bench.machine.stop();
  });

  it('never split one of the source: a large one is sent while it comes, and committed at its end', async () => {
    const bench = new Bench({ bytes: 1 });
    bench.places.begin();
    for (let left = 50; left > 0; left--) bench.write('a', 'x'.repeat(1_000));
    await turn();
    expect(bench.deliver()).toBeGreaterThan(2);
    for (let left = 50; left > 0; left--) bench.write('b', 'x'.repeat(1_000));
    await turn();
    bench.deliver();
    await turn();
    expect(bench.said).toEqual(['add a+positions', 'add b']);
    bench.places.end();
    bench.position++;
    await turn();
    bench.deliver();
    await turn();
    expect(bench.said.slice(2)).toEqual(['commit', 'committed 1']);
    bench.machine.stop();
  });

  it('end a busy one by bytes, before the next transaction of the source gets in', async () => {
    const bench = new Bench({ bytes: 10_000 });
    bench.places.begin();
    for (let left = 100; left > 0; left--) bench.write('a', 'x'.repeat(1_000));
    await turn();
    bench.write('a', 'last');
    bench.places.end();
    bench.position++;
    bench.deliver();
    bench.transaction('a');
    await turn();
    bench.deliver();
    await turn();
    expect(bench.said.slice(0, 3)).toEqual(['add a+positions', 'commit', 'committed 1']);
    bench.machine.stop();
  });

  it('end a busy one by time', async () => {
    const bench = new Bench({ intervalMs: 20 });
    bench.places.begin();
    for (let left = 100; left > 0; left--) bench.write('a', 'x'.repeat(1_000));
    await turn();
    bench.places.end();
    bench.position++;
    await turn();
    expect(bench.said).toEqual(['add a+positions']);
    await new Promise((resolve) => setTimeout(resolve, 40));
    bench.deliver();
    await turn();
    expect(bench.said).toEqual(['add a+positions', 'commit', 'committed 1']);
    bench.machine.stop();
  });

  it('commit a position that moves without messages when asked, and else look whether we were fenced', async () => {
    const bench = new Bench();
    bench.machine.tick();
    await turn();
    bench.transaction();
    bench.machine.tick();
    await turn();
    bench.deliver();
    await turn();
    bench.machine.tick();
    expect(bench.said).toEqual(['probe', 'add positions', 'commit', 'committed 1', 'probe']);
    bench.machine.stop();
  });

  it('wait with everything until a first position is durable', async () => {
    const bench = new Bench({}, null);
    bench.transaction('a');
    bench.machine.tick();
    await turn();
    expect(bench.said).toEqual([]);
    bench.machine.pinned(at('0'));
    await turn();
    expect(bench.said).toEqual(['add a+positions']);
    bench.machine.stop();
  });

  it.each(['add', 'commit'])('are lost with an error of the coordinator at %s; nothing more is committed until a restart', async (when) => {
    const bench = new Bench();
    const failure = new RowcastError('TRANSACTION_LOST', 'gone');
    if (when === 'add') bench.failure = failure;
    bench.transaction('a');
    await turn();
    bench.failure = failure;
    bench.deliver();
    await turn();
    expect(bench.said.at(-1)).toBe('lost TRANSACTION_LOST');
    const { length } = bench.said;
    bench.transaction('a');
    bench.machine.tick();
    await turn();
    expect(bench.said).toHaveLength(length);
    await expect(bench.machine.finish()).rejects.toBe(failure);
    bench.failure = null;
    for (const partition of bench.partitions.values()) partition.restart({ id: 1n, epoch: 1 });
    bench.machine.restart(at('0'));
    bench.transaction('a');
    await turn();
    bench.deliver();
    await turn();
    expect(bench.said.slice(length)).toEqual(['add a+positions', 'commit', 'committed 3']);
    bench.machine.stop();
  });

  it('finish with all that is whole, and take back what is not', async () => {
    const bench = new Bench();
    bench.transaction('a');
    bench.transaction('b');
    const finished = bench.machine.finish();
    await turn();
    bench.deliver();
    await finished;
    expect(bench.said).toEqual(['add a+b+positions', 'commit', 'committed 2']);
    bench.places.begin();
    bench.write('a', 'half');
    await expect(bench.machine.finish()).rejects.toMatchObject({ code: 'TRANSACTION_LOST' });
    expect(bench.said.at(-1)).toBe('lost TRANSACTION_LOST');
    bench.machine.stop();
  });

  it('are called overlong inside a transaction of the source, and can be split there: the part has no position', async () => {
    const bench = new Bench({ overlongMs: 20 });
    bench.places.begin();
    bench.write('a', 'row');
    await turn();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(bench.said).toEqual(['add a+positions', 'overlong']);
    bench.machine.split();
    bench.deliver();
    await turn();
    expect(bench.said.slice(2)).toEqual(['commit', 'committed a part']);
    bench.write('a', 'rest');
    bench.places.end();
    bench.position++;
    await turn();
    bench.deliver();
    await turn();
    expect(bench.said.slice(4)).toEqual(['add a+positions', 'commit', 'committed 1']);
    bench.machine.stop();
  });
});
