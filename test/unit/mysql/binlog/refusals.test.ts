import { describe, expect, it } from 'vitest';
import { passOrRefuse } from '../../../../src/mysql/binlog/refusals.ts';
import { codeOf, descriptionEvent, makeEvent, queryEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';
import type { Recording } from './support.ts';

function send(run: Recording, ...list: readonly Buffer[]): void {
  for (const bytes of list) void run.decoder.event(bytes, 0, bytes.length);
}

describe('what may carry rows and cannot be read stops the stream', () => {
  it.each([
    [26, 0x80, 'the server reports an incident: events may be missing from its binlog'],
    [40, 0x80, 'a compressed transaction stands where none can be'],
    [57, 0, 'event type 57 is not known and may carry rows'],
    [177, 0, 'event type 177 is not known and may carry rows'],
    [20, 0, 'event type 20 is not known and may carry rows'],
  ])('event type %i with flags %i', (type, flags, message) => {
    expect(() => passOrRefuse(type, flags)).toThrow(message);
  });

  it.each([
    ['INSERT INTO t VALUES (1)', 'INSERT was logged as a statement and names fix.t (at binlog.000001:127)'],
    ['CREATE TABLE t SELECT 1 AS id', 'CREATE was logged as a statement and fills fix.t (at binlog.000001:127)'],
    ['SELECT `other`.`writes`()', 'SELECT was logged as a statement and may have written rows by a routine (at binlog.000001:127)'],
  ])('%s', (sql, message) => {
    const run = record();
    send(run, descriptionEvent());
    expect(() => { send(run, queryEvent(sql, 'fix')); }).toThrow(message);
    expect(run.decoder.position().label).toBe('binlog.000001:4');
  });
});

describe('what carries no rows is passed over and counted by its name', () => {
  it.each([
    [3, 0, 'stop'],
    [5, 0, 'intvar'],
    [36, 0, 'transaction_context'],
    [37, 0, 'view_change'],
    [161, 0, 'binlog_checkpoint'],
    [57, 0x80, 'type_57'],
  ])('event type %i with flags %i', (type, flags, name) => {
    const run = record();
    send(run, descriptionEvent(), makeEvent({ type, flags, body: Buffer.from('anything') }));
    expect(run.calls).toEqual([`passed ${name}`]);
  });

  it('inside a transaction too', () => {
    const run = record();
    send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), makeEvent({ type: 57, flags: 0x80 }), writeRowsEvent(1, [1]), makeEvent({ type: 16, body: Buffer.alloc(8) }));
    expect(run.calls.map((call) => call.replace(/binlog.*/u, ''))).toEqual(['table t', 'passed type_57', 'begin ', 'insert t at 231: [1]', 'commit ']);
  });

  it('heartbeats move and count nothing', async () => {
    const run = record();
    send(run, descriptionEvent(), makeEvent({ type: 27, next: 4000 }), makeEvent({ type: 41 }));
    expect(run.calls).toEqual([]);
    expect(await codeOf(() => { send(run, queryEvent('INSERT INTO t VALUES (1)', 'fix')); })).toBe('STATEMENT_DML');
  });

  it('statements that write other tables only end their transaction', () => {
    const run = record();
    send(run, descriptionEvent(), queryEvent('INSERT INTO other.log (t) VALUES (1)', 'fix'));
    expect(run.calls).toEqual(['commit binlog.000001:199']);
  });
});
