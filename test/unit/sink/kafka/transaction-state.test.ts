import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import type { PartitionMetadata } from '../../../../src/sink/kafka/protocol/metadata.ts';
import { transactionTrouble, withReason } from '../../../../src/sink/kafka/transaction-state.ts';

const STATE = '__transaction_state';

const partition = (replicas: number, inSync: number, leader = 1): PartitionMetadata => ({ error: 0, index: 0, leader, replicas, inSync });

/** Brokers that say this of their topic of transactions. */
function brokers(error: number, partitions: readonly PartitionMetadata[], least: string | null = '2'): Parameters<typeof transactionTrouble>[0] {
  return {
    metadata: () => Promise.resolve({ brokers: [{ node: 1, host: 'k', port: 9092 }], controller: 1, topics: [{ error, name: STATE, partitions }] }),
    setting: () => Promise.resolve({ error: least === null ? 29 : 0, value: least }),
  };
}

const why = async (asked: Parameters<typeof transactionTrouble>[0]): Promise<string | null> => (await transactionTrouble(asked))?.why ?? null;

describe('what keeps brokers from coordinating transactions', () => {
  it('is that their topic cannot be made, or that too few of its replicas are in sync', async () => {
    expect(await why(brokers(3, []))).toMatch(/does not exist, and they cannot make it while fewer of them are up \(1\)/);
    expect(await why(brokers(0, [partition(3, 2), partition(3, 1), partition(3, 0, -1)]))).toBe(`2 of 3 partitions of topic ${STATE}, in which the brokers keep transactions, have fewer replicas in sync than its min.insync.replicas says (2)`);
  });

  it('is not a topic of fewer replicas than its min.insync.replicas says, of which newer brokers ask for no more than there are', async () => {
    expect(await why(brokers(0, [partition(1, 1)]))).toBeNull();
    expect(await why(brokers(0, [partition(2, 2), partition(3, 3)]))).toBeNull();
  });

  it('is not known where the topic or its setting may not be seen, but for partitions without a leader', async () => {
    expect(await why(brokers(29, []))).toBeNull();
    expect(await why(brokers(0, [partition(3, 1)], null))).toBeNull();
    expect(await why(brokers(0, [partition(3, 1, -1)], null))).toMatch(/^1 of 1 partitions/);
  });
});

describe('an error of the coordinator', () => {
  const answered = (error: string): RowcastError => new RowcastError('SINK_LOST', 'The coordinator', { facts: { error } });

  it.each(['COORDINATOR_NOT_AVAILABLE', 'CONCURRENT_TRANSACTIONS'])('%s has the reason and the ways out, and stays what it was', async (name) => {
    const explained = await withReason(brokers(3, []), answered(name));
    expect(explained).toMatchObject({ code: 'SINK_LOST', retry: true, facts: { error: name } });
    expect(explained.message).toMatch(/^The coordinator: topic __transaction_state/);
    expect(explained.hint).toMatch(/transaction\.state\.log\.min\.isr.*delivery: at-least-once/);
  });

  it('has none where it is another one, where all is well by now, and where nobody can be asked', async () => {
    for (const [asked, error] of [
      [brokers(3, []), answered('NOT_COORDINATOR')],
      [brokers(0, [partition(3, 3)]), answered('COORDINATOR_NOT_AVAILABLE')],
      [{ ...brokers(3, []), metadata: () => Promise.reject(new RowcastError('SINK_LOST', 'gone')) }, answered('COORDINATOR_NOT_AVAILABLE')],
    ] as const) expect(await withReason(asked, error)).toBe(error);
  });
});
