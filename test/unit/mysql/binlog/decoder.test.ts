import { deferred } from '../../../../src/core/deferred.ts';
import type { SourceHandler } from '../../../../src/core/ports.ts';
import type { StatementEffect } from '../../../../src/mysql/binlog/catalogue.ts';
import { describe, expect, it } from 'vitest';
import { SchemaPromise } from './schema-promise.ts';
import { codeOf, column, descriptionEvent, events, feed, fixture, makeEvent, queryEvent, record, tableMapEvent, writeRowsEvent, followed } from './support.ts';
import type { Recording } from './support.ts';

const XID = makeEvent({ type: 16, body: Buffer.alloc(8) });

function send(run: Recording, ...list: readonly Buffer[]): void {
  for (const bytes of list) void run.decoder.event(bytes, 0, bytes.length);
}

function rotate(file: string, position: number, flags: number, timestamp: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(position));
  return makeEvent({ type: 4, body: Buffer.concat([head, Buffer.from(file)]), flags, timestamp });
}

/** Calls about rows and commits, with places. */
function told(run: Recording): string[] {
  return run.calls.filter((call) => /^(?:begin|insert|update|delete|commit)/u.test(call));
}

describe('reading goes on from the position of any commit', () => {
  it.each(['mysql-9.7-full', 'mysql-9.7-row-image', 'mariadb-10.11-full', 'mariadb-11.4-rolled-back'])('of %s, with exactly the rest of the rows', (name) => {
    const file = fixture(name);
    const flavor = name.startsWith('mariadb') ? 'mariadb' : 'mysql';
    const captures = (_: string, table: string): boolean => !['t'].includes(table);
    const options = name.endsWith('full') ? { flavor } as const : { flavor, captures } as const;
    const columns = [column('id', 'int(10) unsigned'), column('y', 'year(4)'), column('u', 'bigint(20) unsigned'), column('n', 'varchar(20)'), column('e', "enum('a','b')"), column('k', 'uuid')];
    const positions: { readonly at: number; readonly gtid: string; readonly after: number }[] = [];
    const whole = record({ ...options, handler: { notice: () => undefined, table: () => undefined, begin: () => undefined, rows: () => undefined, commit: () => undefined } }, columns);
    const first = record(options, columns);
    for (const [start, end] of events(file)) {
      void first.decoder.event(file, start, end);
      const before = JSON.stringify(whole.decoder.position());
      void whole.decoder.event(file, start, end);
      const { state } = whole.decoder.position();
      if (JSON.stringify(whole.decoder.position()) === before || state === null || typeof state !== 'object' || !('gtid' in state) || typeof state.gtid !== 'string') continue;
      if (state.file === 'binlog.000001') positions.push({ at: Number(state.position), gtid: state.gtid, after: told(first).length });
    }
    expect(positions.length).toBeGreaterThan(3);
    for (const { at, gtid, after } of positions) {
      const rest = record({ ...options, start: { file: 'binlog.000001', position: at, gtid, serverUuid: null } }, columns);
      feed(rest, file, at);
      expect(told(rest)).toEqual(told(first).slice(after));
    }
  });
});

describe('the beginning of a stream', () => {
  it('in the middle of a file keeps its place through the events made for it', () => {
    const run = record({ start: { file: 'binlog.000003', position: 5000, gtid: null, serverUuid: 'u' } });
    send(run, rotate('binlog.000003', 5000, 0x20, 0), descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [5]), XID);
    expect(run.calls).toEqual(['table t', 'begin binlog.000003:5000', 'insert t at 5085: [5]', 'commit binlog.000003:5148']);
  });

  it('of which nothing is known takes its place and its GTIDs from the server', () => {
    const run = record({ start: { file: '', position: 4, gtid: null, serverUuid: null } });
    send(run, rotate('binlog.000009', 4, 0x20, 0), descriptionEvent(127), makeEvent({ type: 35, body: Buffer.alloc(8), next: 154 }));
    expect(run.decoder.position().state).toEqual({ flavor: 'mysql', serverUuid: null, gtid: '', file: 'binlog.000009', position: 4, created: 1, anonymous: false });
  });

  it('without a FORMAT_DESCRIPTION is refused', async () => {
    expect(await codeOf(() => { send(record(), XID); })).toBe('EVENT_CORRUPT');
  });
});

describe('the catalogue', () => {
  it('is waited for before rows', async () => {
    const answer = new SchemaPromise();
    const run = record({ catalogue: followed(() => answer.promise) });
    send(run, descriptionEvent(), queryEvent('BEGIN'));
    const map = tableMapEvent(1, { named: false });
    const pending = run.decoder.event(map, 0, map.length);
    expect(pending).toBeInstanceOf(Promise);
    expect(run.calls).toEqual([]);
    answer.resolve({ columns: [column('id', 'int')] });
    await pending;
    send(run, writeRowsEvent(1, [-7]));
    expect(run.calls.map((call) => call.replace(/ (?:at|binlog).*: /u, ' '))).toEqual(['table t', 'begin binlog.000001:127', 'insert t [-7]']);
  });

  it('that fails ends the stream with the place', async () => {
    const answer = new SchemaPromise();
    const run = record({ catalogue: followed(() => answer.promise) });
    send(run, descriptionEvent());
    const map = tableMapEvent(1, { named: false });
    const pending = run.decoder.event(map, 0, map.length);
    answer.reject(new Error('gone'));
    await expect(pending).rejects.toMatchObject({ code: 'INTERNAL', message: 'gone (at binlog.000001:127)' });
  });

  it('is waited for at a statement, which ends when what it came to is durable, and then is told', async () => {
    const log: string[] = [];
    const answer = deferred<StatementEffect>();
    const run = record({ catalogue: { ...followed(() => ({ columns: [] })), statement: ({ place }) => (log.push(`${place.label} to ${place.end}`), answer.promise) }, handler: noting(log) });
    send(run, descriptionEvent());
    const statement = queryEvent('DROP TABLE a, b', 'fix');
    const pending = run.decoder.event(statement, 0, statement.length);
    expect(log).toEqual(['binlog.000001:127 to 178']);
    answer.resolve({ changed: [], news: { kind: 'schema', sql: 'DROP TABLE a, b', verb: 'DROP', database: 'fix', changes: [] } });
    await pending;
    expect(log.slice(1)).toEqual(['schema notice of binlog.000001:127 at 127, position 4', 'commit']);
    expect(run.decoder.position().label).toBe('binlog.000001:178');

    function noting(into: string[]): SourceHandler {
      return {
        table: () => undefined, begin: () => undefined, rows: () => undefined,
        commit: () => void into.push('commit'),
        notice: (notice) => void into.push(notice.kind === 'gap' ? 'gap' : `${notice.kind} notice of ${notice.place.transaction.id} at ${notice.place.position}, position ${run.decoder.position().label.split(':')[1] ?? ''}`),
      };
    }
  });

  it.each([['before its rows', 'START TRANSACTION', ['notice 4', 'begin 4', 'rows 4', 'commit 4']], ['when the rows before it are', 'ROWS FIRST', ['begin 4', 'rows 4', 'commit 4', 'notice 4', 'commit 4']]])('has its notice of a CREATE TABLE in a transaction told %s, and the position moves after it', async (_, order, expected) => {
    const log: string[] = [];
    const told = { changed: [], news: { kind: 'schema', sql: '', verb: 'CREATE', database: 'fix', changes: [] } } as const;
    const say = (what: string): void => void log.push(`${what} ${run.decoder.position().label.split(':')[1] ?? ''}`);
    const run = record({
      catalogue: { ...followed(() => ({ columns: [] })), statement: () => told },
      handler: { table: () => undefined, begin: () => { say('begin'); }, rows: () => { say('rows'); }, commit: () => { say('commit'); }, notice: () => Promise.resolve().then(() => { say('notice'); }) },
    });
    const create = queryEvent('CREATE TABLE t (id int) START TRANSACTION', 'fix');
    const rows = [tableMapEvent(1), writeRowsEvent(1, [1])];
    send(run, descriptionEvent(), queryEvent('BEGIN'));
    for (const event of order === 'ROWS FIRST' ? [...rows, create] : [create, ...rows]) await run.decoder.event(event, 0, event.length);
    await run.decoder.event(XID, 0, XID.length);
    expect([log, run.decoder.position().label]).toEqual([expected, expect.stringMatching(/^binlog\.000001:\d{3}$/)]);
  });

  it('is asked anew after a change', () => {
    const asked: string[] = [];
    const run = record({ catalogue: followed((database, table) => (asked.push(`${database}.${table}`), { columns: [column('id', 'int')] })) });
    const map = tableMapEvent(1, { named: false });
    send(run, descriptionEvent(), map, map, queryEvent('ALTER TABLE fix.t ADD INDEX (id)'), map);
    expect(asked).toEqual(['fix.t', 'fix.t']);
  });
});

describe('rows', () => {
  it('may follow extra data', () => {
    const run = record();
    send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1, -2], { extra: Buffer.from([0, 3, 9, 9]) }), XID);
    expect(run.calls[2]).toBe('insert t at 212: [1], [-2]');
  });

  it('of a table that was never mapped are refused, an event that only ends a statement is not', async () => {
    const run = record();
    send(run, descriptionEvent(), queryEvent('BEGIN'), writeRowsEvent(0xffffff, []));
    expect(await codeOf(() => { send(run, writeRowsEvent(3, [1])); })).toBe('EVENT_CORRUPT');
    expect(run.calls).toEqual([]);
  });

  it('that were too large to be held count as shown without rows, and move the place by their size', () => {
    const run = record();
    const large = makeEvent({ type: 30, body: Buffer.concat([Buffer.from([5, 0, 0, 0, 0, 0, 1, 0]), Buffer.alloc(100_000)]) });
    send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(5, { database: 'other' }));
    expect([run.decoder.table(5)?.captured, run.decoder.table(6), run.decoder.next()]).toEqual([false, undefined, { file: 'binlog.000001', position: 214 }]);
    run.decoder.passed(large.subarray(0, 27), 0, 0);
    send(run, tableMapEvent(1), writeRowsEvent(1, [1]), XID);
    expect(run.calls).toEqual(['table t', 'begin binlog.000001:127', 'insert t at 214: not shown', 'table t', 'insert t at 100288: [1]', 'commit binlog.000001:100351']);
  });

  it('that were too large to be held are refused with a wrong checksum, or of a captured table', () => {
    const run = record();
    const file = fixture('mysql-9.7-full');
    for (const [start, end] of events(file).slice(0, 1)) void run.decoder.event(file, start, end);
    expect(() => { run.decoder.passed(makeEvent({ type: 30, body: Buffer.alloc(8) }), 0, 0x2144df1d); }).toThrow('the checksum of the event is wrong');
    const other = record();
    send(other, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1));
    expect(() => { other.decoder.passed(writeRowsEvent(1, [1]), 0, 0); }).toThrow('rows that some route may take were passed over');
    expect(other.calls).toEqual(['table t']);
  });

  it('without an end of their transaction are refused at the next file', () => {
    const run = record();
    send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]));
    expect(() => { send(run, descriptionEvent()); }).toThrow('a transaction with rows has no end: the server or its disk stopped while it was written');
    expect(run.decoder.position().label).toBe('binlog.000001:4');
  });

  it('of a filled new table belong to the transaction of its CREATE', () => {
    const run = record();
    send(run, descriptionEvent(), queryEvent('CREATE TABLE `t` (`id` int) START TRANSACTION', 'fix'), tableMapEvent(1), writeRowsEvent(1, [1]), XID);
    expect(run.calls).toEqual(['ddl CREATE fix.t', 'table t', 'begin binlog.000001:127', 'insert t at 255: [1]', 'commit binlog.000001:318']);
    expect(run.transactions[0]?.threadId).toBe(9);
  });

  it('have the text of their own statement only', () => {
    const texts: (string | null)[] = [];
    const run = record({ includeQuery: true, handler: { notice: () => undefined, table: () => undefined, begin: () => undefined, rows: (event) => void texts.push(event.query), commit: () => undefined } });
    const text = makeEvent({ type: 29, body: Buffer.from('\x05first') });
    send(run, descriptionEvent(), queryEvent('BEGIN'), text, tableMapEvent(1), writeRowsEvent(1, [1], { flags: 0 }), writeRowsEvent(1, [2]), writeRowsEvent(1, [3]), XID);
    expect(texts).toEqual(['first', 'first', null]);
  });

  it('of savepoints that are released or come anew can still be told from those after', () => {
    const run = record();
    const start = [descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]), queryEvent('SAVEPOINT `A`')];
    send(run, ...start, queryEvent('ROLLBACK TO `a`'), queryEvent('RELEASE SAVEPOINT `a`'), writeRowsEvent(1, [2]), XID);
    expect(run.calls.at(-1)).toBe('commit binlog.000001:459');
    const other = record();
    send(other, ...start);
    expect(() => { send(other, queryEvent('ROLLBACK TO `b`')); }).toThrow('a ROLLBACK TO SAVEPOINT takes back rows of fix.t that were handed over already');
  });
});
