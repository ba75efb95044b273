import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import type { KeyedRecord, Writer } from '../../../../src/sink/kafka/small-batch.ts';
import { Tenure } from '../../../../src/sink/kafka/tenure.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const record = (key: string, bytes = 1): KeyedRecord => ({ key, value: Buffer.alloc(bytes) });

/** Brokers that tell what they are asked; `fail` holds, by what is asked, the errors of the next times. */
function brokers(fail: Record<string, (string | null)[]> = {}, owner = true): { readonly tenure: Tenure; readonly told: string[] } {
  const told: string[] = [];
  let epoch = -1;
  const answer = (what: string, text: string): Promise<void> => {
    told.push(text);
    const code = fail[what]?.shift() ?? null;
    return code === null ? Promise.resolve() : Promise.reject(new RowcastError(code as 'SINK_LOST', `${what} failed`));
  };
  const coordinator = {
    get identity() { return { id: 7n, epoch, transactional: true as const }; },
    begin: async () => {
      await answer('begin', 'begin');
      epoch++;
      return coordinator.identity;
    },
    forget: () => { told.push('forget'); },
    add: () => answer('add', 'add'),
    end: (commit: boolean) => answer('end', commit ? 'commit' : 'abort'),
  };
  const write = (records: readonly KeyedRecord[], writer: Writer | null): Promise<void> => answer('write', `${records.map(({ key }) => key).join('+')} at ${String(writer?.sequence)} of epoch ${String(writer?.producer.epoch)}`);
  const tenure = new Tenure({ transactionalId: 'id', coordinator, topic: { place: { topic: 't', partition: 0 }, write }, isOurs: () => Promise.resolve(owner), logger: quiet });
  return { tenure, told };
}

describe('the right to write a topic', () => {
  it('writes each time in a transaction, with sequences that go on, in batches of the size that is allowed', async () => {
    const { tenure, told } = brokers();
    await tenure.begin();
    await tenure.write([record('a'), record('b', 500), record('c', 500), record('d', 5000), record('e')], { tries: 1, batchBytes: 1300 });
    await tenure.write([record('f')], { tries: 1 });
    expect(told).toEqual(['begin', 'add', 'a+b+c at 0 of epoch 0', 'd at 3 of epoch 0', 'e at 4 of epoch 0', 'commit', 'add', 'f at 5 of epoch 0', 'commit']);
  });

  it('writes the same again after a new epoch where nobody knows what became of it', async () => {
    const { tenure, told } = brokers({ end: [null, 'SINK_LOST', 'TRANSACTION_LOST'], write: [null, null] });
    await tenure.begin();
    await tenure.write([record('a')], { tries: 1 });
    await tenure.write([record('b'), record('c')], { tries: 3 });
    await tenure.write([record('d')], { tries: 1 });
    expect(told.slice(4)).toEqual(['add', 'b+c at 1 of epoch 0', 'commit', 'begin', 'add', 'b+c at 0 of epoch 1', 'commit', 'begin', 'add', 'b+c at 0 of epoch 2', 'commit', 'add', 'd at 2 of epoch 2', 'commit']);
  });

  it('gives up after so many tries, or so much time, or at what no retry heals; the next write begins an epoch', async () => {
    const { tenure, told } = brokers({ write: ['SINK_LOST', 'SINK_LOST', 'SINK_LOST', 'SINK_AUTH'] });
    await tenure.begin();
    await expect(tenure.write([record('a')], { tries: 2 })).rejects.toMatchObject({ code: 'SINK_LOST' });
    await expect(tenure.write([record('b')], { tries: 9, forMs: -1 })).rejects.toMatchObject({ code: 'SINK_LOST' });
    await expect(tenure.write([record('c')], { tries: 9 })).rejects.toMatchObject({ code: 'SINK_AUTH' });
    await tenure.write([record('d')], { tries: 1 });
    expect(told.filter((text) => text.includes(' at '))).toEqual(['a at 0 of epoch 0', 'a at 0 of epoch 1', 'b at 0 of epoch 2', 'c at 0 of epoch 3', 'd at 0 of epoch 4']);
  });

  it('ends where another daemon took it', async () => {
    const { tenure, told } = brokers({ add: ['TRANSACTION_LOST'], begin: [null, 'SINK_FENCED'] }, false);
    await tenure.begin();
    await expect(tenure.write([record('a')], { tries: 9 })).rejects.toMatchObject({ code: 'SINK_FENCED' });
    expect(told).toEqual(['begin', 'add', 'begin']);
  });

  it('goes on where the brokers call it fenced and nobody else is the owner', async () => {
    const { tenure, told } = brokers({ add: ['TRANSACTION_LOST'], begin: [null, 'SINK_FENCED'] });
    await tenure.begin();
    await tenure.write([record('a')], { tries: 2 });
    expect(told).toEqual(['begin', 'add', 'begin', 'forget', 'begin', 'add', 'a at 0 of epoch 1', 'commit']);
  });
});
