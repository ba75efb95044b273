import { beforeEach, describe, expect, it } from 'vitest';
import type { TopicMessage } from '../../../scripts/kafka-reader.ts';
import { Fold } from '../../chaos/checker/fold.ts';
import { noteOf } from '../../chaos/rows.ts';

/** A change of a row, as a test writes it. */
interface Told {
  readonly table?: string;
  readonly id: number;
  /** Of the row after it; of the row before it for a delete. */
  readonly version: number;
  readonly op?: 'insert' | 'update' | 'delete';
  readonly balance?: number;
  readonly before?: number;
  readonly gtid?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly note?: string;
}

let fold: Fold;
let offsets: number[];

beforeEach(() => {
  fold = new Fold(true);
  offsets = [0, 0, 0];
});

function message({ table = 'items', id, version, op = version === 1 ? 'insert' : 'update', balance = 0, before = 0, gtid = `g${String(version)}`, partition = 0, offset, note = noteOf(table, id, version) }: Told): TopicMessage {
  const row = { id, version, balance, note };
  const value = {
    op, transaction: { id: gtid },
    ...(op === 'delete' ? { before: { ...row, balance: before } } : { after: row }),
    ...(op === 'update' ? { before: { ...row, version: version - 1, balance: before } } : {}),
  };
  const at = offset ?? offsets[partition] ?? 0;
  offsets[partition] = at + 1;
  return { topic: `chaos.${table}`, partition, offset: at, timestamp: 0, key: Buffer.from(String(id)), value: Buffer.from(JSON.stringify(value)), headers: {} };
}

function tell(...changes: readonly Told[]): void {
  for (const change of changes) fold.take(message(change));
}

const ledger = (txn: number, size: number, gtid: string): Told => ({ table: 'ledger', id: txn, version: 1, balance: size, gtid, partition: 2 });

/** Counts that are not zero, but for the rows. */
function wrong(): Record<string, number> {
  fold.settle();
  return Object.fromEntries(Object.entries(fold.counts).filter(([name, count]) => name !== 'rows' && count > 0));
}

describe('a sound stream', () => {
  it('has no findings, and folds to the rows that are left', () => {
    tell({ id: 1, version: 1 }, { id: 1, version: 2 }, { id: 2, version: 1 }, { id: 1, version: 2, op: 'delete' }, { id: 1, version: 4, op: 'insert' }, { id: 2, version: 1, op: 'delete' });
    expect(wrong()).toEqual({});
    expect(fold.findings).toEqual([]);
    expect(fold.counts.rows).toBe(6);
    expect([...fold.rows('items')]).toEqual([[1, { version: 4, balance: 0 }]]);
  });

  it('passes over tombstones, which take an offset', () => {
    tell({ id: 1, version: 1, gtid: 'a' }, { id: 1, version: 1, op: 'delete', gtid: 'a' });
    fold.take({ ...message({ id: 1, version: 1 }), value: null });
    tell({ id: 2, version: 1, gtid: 'a' });
    expect(wrong()).toEqual({});
  });

  it('knows when a transaction has come whole, whatever the order of its partitions', () => {
    tell({ table: 'accounts', id: 1, version: 1, balance: 1_000, gtid: 'a' }, { table: 'accounts', id: 2, version: 1, balance: 1_000, gtid: 'a', partition: 1 });
    expect([fold.open, fold.whole]).toEqual([['a'], 0]);
    tell(ledger(1, 2, 'a'), ledger(2, 2, 'b'));
    expect([fold.open, fold.whole, fold.has(1), fold.has(2)]).toEqual([['b'], 1, true, false]);
    tell({ table: 'accounts', id: 1, version: 2, before: 1_000, balance: 900, gtid: 'b' }, { table: 'accounts', id: 2, version: 2, before: 1_000, balance: 1_100, gtid: 'b', partition: 1 });
    expect([fold.open, fold.whole, fold.transactions]).toEqual([[], 2, 2]);
    expect(wrong()).toEqual({});
  });
});

describe('a damaged stream is found:', () => {
  it('a version is lost', () => {
    tell({ id: 1, version: 1 }, { id: 1, version: 3 });
    expect(wrong()).toEqual({ lost: 1 });
    expect(fold.findings).toEqual(['lost: items 1, version 2']);
  });

  it('a delete is lost', () => {
    tell({ id: 1, version: 1 }, { id: 1, version: 3, op: 'insert' });
    expect(wrong()).toEqual({ lost: 1 });
  });

  it('the first version is lost', () => {
    tell({ id: 1, version: 2 });
    expect(wrong()).toMatchObject({ lost: 1 });
  });

  it('a row is doubled', () => {
    tell({ id: 1, version: 1 }, { id: 1, version: 2 }, { id: 1, version: 2 });
    expect(wrong()).toEqual({ doubled: 1 });
    expect(fold.findings).toEqual(['doubled: items 1, update of version 2, chaos.items[0]@2']);
  });

  it('a delete is doubled', () => {
    tell({ id: 1, version: 1 }, { id: 1, version: 1, op: 'delete' }, { id: 1, version: 1, op: 'delete' });
    expect(wrong()).toEqual({ doubled: 1 });
  });

  it('two rows of a key have changed places', () => {
    tell({ id: 1, version: 1 }, { id: 1, version: 3 }, { id: 1, version: 2 });
    expect(wrong()).toMatchObject({ outOfOrder: 1 });
    expect(wrong()).not.toHaveProperty('lost');
  });

  it('a transaction lies in two Kafka transactions: a marker stands between its rows', () => {
    tell({ id: 1, version: 1, gtid: 'a' }, { id: 2, version: 1, gtid: 'a', offset: 2 });
    expect(wrong()).toEqual({ torn: 1 });
    expect(fold.findings[0]).toContain('a is in two Kafka transactions: chaos.items[0]@0 and 2');
  });

  it('a part of a transaction never comes', () => {
    tell({ id: 1, version: 1, gtid: 'a' }, ledger(1, 2, 'a'));
    expect([fold.open, fold.has(1)]).toEqual([['a'], false]);
  });

  it('a transaction has more rows than it should', () => {
    tell({ id: 1, version: 1, gtid: 'a' }, { id: 2, version: 1, gtid: 'a' }, ledger(1, 1, 'a'));
    expect(wrong()).toEqual({ torn: 1 });
  });

  it('an amount is lost between accounts', () => {
    tell({ table: 'accounts', id: 1, version: 1, balance: 1_000, gtid: 'a' }, ledger(1, 1, 'a'));
    tell({ table: 'accounts', id: 1, version: 2, before: 1_000, balance: 990, gtid: 'b' }, ledger(2, 1, 'b'));
    expect(fold.findings).toEqual(['torn: transaction 2 changed the sum of the accounts by -10']);
  });

  it('the content of a row is another', () => {
    tell({ id: 1, version: 1, note: noteOf('items', 1, 2) }, { id: 2, version: 1, note: 'garbage' });
    expect(wrong()).toEqual({ changed: 2 });
  });

  it('the row before an update is another', () => {
    tell({ table: 'accounts', id: 1, version: 1, balance: 1_000 }, { table: 'accounts', id: 1, version: 2, before: 999, balance: 1_000 });
    expect(wrong()).toEqual({ changed: 1 });
  });

  it('a message has no row', () => {
    expect(() => fold.take({ ...message({ id: 1, version: 1 }), value: Buffer.from('{"op":"insert","transaction":{"id":"a"}}') })).toThrow('without an image');
  });
});

describe('at least once', () => {
  it('counts what is told again after a restart, and finds what is lost behind it', () => {
    fold = new Fold(false);
    tell({ id: 1, version: 1 }, { id: 1, version: 2 }, { id: 1, version: 3 }, { id: 1, version: 2 }, { id: 1, version: 3 }, { id: 1, version: 4 });
    expect(wrong()).toEqual({ doubled: 2 });
    expect(fold.findings).toEqual([]);
    tell({ id: 1, version: 6 });
    expect(wrong()).toEqual({ doubled: 2, lost: 1 });
  });

  it('a transaction may be told in parts, and again', () => {
    fold = new Fold(false);
    tell({ id: 1, version: 1, gtid: 'a' }, { id: 1, version: 1, gtid: 'a', offset: 7 }, { id: 2, version: 1, gtid: 'a', offset: 11 }, ledger(1, 2, 'a'), ledger(1, 2, 'a'));
    expect(wrong()).toEqual({ doubled: 2 });
    expect([fold.whole, fold.open]).toEqual([1, []]);
  });
});

describe('a topic that was deleted', () => {
  it('goes on at the next version, in a topic that begins anew', () => {
    tell({ table: 'scrap', id: 1, version: 1 }, { table: 'scrap', id: 1, version: 2 });
    fold.forget('scrap');
    tell({ table: 'scrap', id: 1, version: 3, offset: 0 });
    expect(wrong()).toEqual({});
    tell({ table: 'scrap', id: 1, version: 5 });
    expect(wrong()).toEqual({ lost: 1 });
  });
});
