import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../../src/core/change.ts';
import type { SideMessage, TransactionTeller } from '../../../src/core/ports.ts';
import { MessageSlot } from '../../../src/runtime/row-messages.ts';
import { TransactionLog } from '../../../src/runtime/transaction-log.ts';
import { image, rowsEvent, TextTopic } from './rows-fixture.ts';

const teller: TransactionTeller = {
  topic: 'tx',
  begin: ({ id }) => side(`begin ${id}`),
  end: ({ id }, told) => side(`end ${id} ${told.map(({ table, messages }) => `${table.database}.${table.name}=${messages}`).join()}`),
};

function side(text: string): SideMessage {
  return { key: null, value: Buffer.from(text), headers: [] };
}

const [T, U] = ['t', 'u'].map((name) => ({ database: 'd', name }));
const { transaction: SAMPLE } = rowsEvent('insert', image(1, 1));

function transaction(id: string): Transaction {
  return { ...SAMPLE, id };
}

function setUp(): { topic: TextTopic; log: TransactionLog; tell: (table: typeof T) => string } {
  const topic = new TextTopic();
  const log = new TransactionLog(teller, topic);
  const slot = new MessageSlot(rowsEvent('insert', image(1, 1)));
  const tell = (table: typeof T): string => {
    if (table === undefined) return '';
    log.table(table).number(slot);
    return `${slot.order}/${slot.tableOrder}`;
  };
  return { topic, log, tell };
}

describe('TransactionLog', () => {
  it('numbers messages in their transaction and in their table, and tells both ends with counts of what was told', () => {
    const { topic, log, tell } = setUp();
    log.begin(transaction('g:1'));
    expect([tell(T), tell(U), tell(T), tell(T)]).toEqual(['1/1', '2/1', '3/2', '4/3']);
    log.commit();
    log.begin(transaction('g:2'));
    expect([tell(U), tell(T)]).toEqual(['1/1', '2/1']);
    log.commit();
    expect(topic.messages).toEqual(['null begin g:1', 'null end g:1 d.t=3,d.u=1', 'null begin g:2', 'null end g:2 d.u=1,d.t=1']);
  });

  it('says nothing of a transaction of which nothing is told, nor of a commit without one', () => {
    const { topic, log } = setUp();
    log.begin(transaction('g:1'));
    log.commit();
    log.commit();
    expect(topic.messages).toEqual([]);
  });

  it('begins again with a transaction that comes again after a lost connection', () => {
    const { topic, log, tell } = setUp();
    log.begin(transaction('g:1'));
    tell(T);
    log.begin(transaction('g:1'));
    expect(tell(T)).toBe('1/1');
    log.commit();
    expect(topic.messages).toEqual(['null begin g:1', 'null begin g:1', 'null end g:1 d.t=1']);
  });

  it('counts every version of a table as one table', () => {
    const { log } = setUp();
    expect(log.table({ database: 'd', name: 't' })).toBe(log.table({ database: 'd', name: 't' }));
  });
});
