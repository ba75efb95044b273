import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, descriptionEvent, feed, fixture, followed, gtidListEvent, makeEvent, mariadbGtidEvent, queryEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';
import type { Recording } from './support.ts';
import { deferred } from '../../../../src/core/deferred.ts';
import type { StatementEffect } from '../../../../src/mysql/binlog/catalogue.ts';

const path = join(tmpdir(), `held-${String(process.pid)}`);
const held = { all: true, memory: 1 << 20, path };

async function send(run: Recording, ...list: readonly Buffer[]): Promise<void> {
  for (const bytes of list) await run.decoder.event(bytes, 0, bytes.length);
}

function xid(number: bigint): Buffer {
  const body = Buffer.alloc(8);
  body.writeBigUInt64LE(number);
  return makeEvent({ type: 16, body });
}

/** Without places. */
function told(run: Recording): string[] {
  return run.calls.filter((call) => !call.startsWith('table')).map((call) => call.replace(/ at \d+| binlog.*/u, ''));
}

describe('a group that is held', () => {
  it('is told at its end, with its XID known from the beginning on', async () => {
    const run = record({ holding: held });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]), writeRowsEvent(1, [2, 3]));
    expect(told(run)).toEqual([]);
    await send(run, xid(2n ** 63n + 5n));
    expect(told(run)).toEqual(['begin', 'insert t: [1]', 'insert t: [2], [3]', 'commit']);
    expect(run.transactions[0]).toMatchObject({ xid: 2n ** 63n + 5n, threadId: 9, serverId: 7, committedMicros: 1_000_000, file: 'binlog.000001' });
  });

  it('that is not held on anybody\'s behalf is told as it comes, and has no XID', async () => {
    const run = record();
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]));
    expect(told(run)).toEqual(['begin', 'insert t: [1]']);
    await send(run, xid(5n));
    expect(run.transactions[0]?.xid).toBeNull();
  });

  it('tells the same as one that is not: rows, places and positions', () => {
    for (const name of ['mysql-9.7-full', 'mysql-9.7-compressed', 'mysql-9.7-partial-json']) {
      const [plain, whole] = [false, true].map((all) => {
        const run = record({ includeQuery: true, holding: { ...held, all } });
        feed(run, fixture(name));
        return run.calls.filter((call) => !/^(?:table|begin)/u.test(call));
      });
      expect(plain?.length, name).toBeGreaterThan(5);
      expect(whole, name).toEqual(plain);
    }
  });

  it('hands over the SQL text of each statement with its rows', async () => {
    const texts: (string | null)[] = [];
    const run = record({ includeQuery: true, holding: held, handler: { notice: () => undefined, table: () => undefined, begin: () => undefined, rows: (event) => void texts.push(event.query), commit: () => undefined } });
    const text = (sql: string): Buffer => makeEvent({ type: 29, body: Buffer.from(`\x05${sql}`) });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), text('first'), tableMapEvent(1), writeRowsEvent(1, [1], { flags: 0 }), writeRowsEvent(1, [2]), writeRowsEvent(1, [3]), text('second'), writeRowsEvent(1, [3]));
    expect(texts).toEqual([]);
    await send(run, xid(1n));
    expect(texts).toEqual(['first', 'first', null, 'second']);
  });

  it.each([['COMMIT', queryEvent('COMMIT')], ['ROLLBACK', queryEvent('ROLLBACK')], ['a new file', descriptionEvent()]])('that has no rows of captured tables leaves nothing of its SQL text behind: ended by %s', async (_, end) => {
    const texts: (string | null)[] = [];
    const taker = { notice: () => undefined, table: () => undefined, begin: () => undefined, rows: (event: { readonly query: string | null }) => void texts.push(event.query), commit: () => undefined };
    const small = { ...held, memory: 1 << 10 };
    const run = record({ includeQuery: true, holding: small, handler: taker });
    await send(run, descriptionEvent());
    for (let i = 0; i < 20; i++) await send(run, queryEvent('BEGIN'), makeEvent({ type: 29, body: Buffer.from(`\x05${'another statement '.repeat(9)}`) }), end);
    await send(run, queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]), xid(1n));
    expect(texts).toEqual([null]);
    expect(existsSync(path)).toBe(false);
  });

  it('that ends in ROLLBACK is never told, and the position is behind it', async () => {
    const run = record({ holding: held });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]), queryEvent('ROLLBACK'));
    await send(run, queryEvent('BEGIN'), writeRowsEvent(1, [2]), queryEvent('COMMIT'));
    expect(told(run)).toEqual(['commit', 'begin', 'insert t: [2]', 'commit']);
    expect(run.calls.filter((call) => call.startsWith('commit')).length).toBe(2);
  });

  it('loses the rows that ROLLBACK TO takes back, and no others', async () => {
    const run = record({ holding: held });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), queryEvent('SAVEPOINT `start`'), tableMapEvent(1), writeRowsEvent(1, [1]), queryEvent('SAVEPOINT `A`'), writeRowsEvent(1, [2]), queryEvent('SAVEPOINT b'), writeRowsEvent(1, [3]));
    await send(run, queryEvent('ROLLBACK TO `B`'), writeRowsEvent(1, [4]), queryEvent('ROLLBACK TO a'), writeRowsEvent(1, [5]), queryEvent('RELEASE SAVEPOINT `a`'), writeRowsEvent(1, [6]), xid(1n));
    expect(told(run)).toEqual(['begin', 'insert t: [1]', 'insert t: [5]', 'insert t: [6]', 'commit']);
    await send(run, queryEvent('BEGIN'), queryEvent('SAVEPOINT `start`'), writeRowsEvent(1, [7]), queryEvent('ROLLBACK TO `start`'), xid(2n));
    expect(told(run).slice(5)).toEqual(['commit']);
  });

  it('stops the stream where it cannot be told how much a savepoint takes back', async () => {
    const run = record({ holding: held });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]));
    await expect(async () => send(run, queryEvent('ROLLBACK TO `b`'))).rejects.toThrow('names b, which no SAVEPOINT of its transaction did');
  });

  it('without an end is an error, however it is noticed', async () => {
    for (const next of [descriptionEvent(), makeEvent({ type: 34, body: Buffer.alloc(25) })]) {
      const run = record({ holding: held });
      await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]));
      expect(await codeOf(() => send(run, next))).toBe('EVENT_CORRUPT');
      expect(told(run)).toEqual([]);
    }
  });

  it('counts rows that nobody takes as they come, and begins when it ends', async () => {
    const run = record({ holding: held });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(2, { database: 'other' }), writeRowsEvent(2, [8]), tableMapEvent(1), writeRowsEvent(1, [1]), writeRowsEvent(2, [9]), xid(3n));
    expect(told(run)).toEqual(['insert t: [8]', 'insert t: [9]', 'begin', 'insert t: [1]', 'commit']);
    await send(run, queryEvent('BEGIN'), writeRowsEvent(2, [8]), xid(4n));
    expect(told(run).slice(5)).toEqual(['insert t: [8]', 'begin', 'commit']);
    expect(run.transactions.at(-1)?.xid).toBe(4n);
  });

  it('of any size goes through a file, which a pause holds and a close removes', async () => {
    const run = record({ holding: { ...held, memory: 1000 } });
    const rows = Array.from({ length: 4000 }, (_, i) => writeRowsEvent(1, Array.from({ length: 100 }, (__, row) => i * 100 + row)));
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), ...rows);
    expect(existsSync(path)).toBe(true);
    run.decoder.pause();
    const ended = send(run, xid(1n));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told(run)).toEqual(['begin']);
    run.decoder.resume();
    await ended;
    expect(existsSync(path)).toBe(false);
    expect(told(run).length).toBe(4002);
    expect(told(run).slice(1, -1).join(' ').match(/\d+/gu)?.map(Number)).toEqual(Array.from({ length: 400_000 }, (_, i) => i));
    await send(run, queryEvent('BEGIN'), ...rows);
    expect(existsSync(path)).toBe(true);
    await run.decoder.close();
    expect(existsSync(path)).toBe(false);
  });

  it('that is closed while it is told hands over nothing more', async () => {
    const run = record({ holding: { ...held, memory: 1000 } });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1), ...Array.from({ length: 100 }, (_, i) => writeRowsEvent(1, [i, i, i, i])));
    run.decoder.pause();
    const ended = codeOf(() => send(run, xid(1n)));
    await run.decoder.close();
    expect(await ended).toBe('SOURCE_LOST');
    expect(told(run)).toEqual(['begin']);
  });
});

describe('a group of MariaDB that the server was writing when it crashed', () => {
  const TRANSACTIONAL = 4;
  const written = (flags = TRANSACTIONAL): Buffer[] => [mariadbGtidEvent(1, TRANSACTIONAL), tableMapEvent(1), writeRowsEvent(1, [1]), xid(1n), mariadbGtidEvent(2, flags), writeRowsEvent(1, [2]), tableMapEvent(2, { database: 'other' }), writeRowsEvent(2, [9])];

  it.each([[1 << 20], [10]])('is left out by name where the file after it does not count it, of %i bytes in memory', async (memory) => {
    const run = record({ flavor: 'mariadb', holding: { ...held, memory } });
    await send(run, descriptionEvent(), ...written(), descriptionEvent(0, 1000), gtidListEvent(1));
    expect(existsSync(path)).toBe(false);
    expect(told(run).slice(2)).toEqual(['commit', 'insert t: [9]', 'untold crashed']);
    // The number is given away again.
    await send(run, mariadbGtidEvent(2, TRANSACTIONAL), tableMapEvent(1), writeRowsEvent(1, [3]), xid(2n));
    expect(told(run).slice(5)).toEqual(['begin 0-7-2', 'insert t: [3]', 'commit']);
    expect(run.decoder.position().state).toMatchObject({ gtid: '0-7-2' });
  });

  it.each<[string, readonly Buffer[]]>([
    ['the file after it counts it', [...written(), descriptionEvent(0, 1000), gtidListEvent(2)]],
    ['the server was not started anew', [...written(), descriptionEvent(0, 0), gtidListEvent(1)]],
    ['it may have rows of tables without transactions', [...written(0), descriptionEvent(0, 1000), gtidListEvent(1)]],
    ['it is one of XA', [...written(TRANSACTIONAL | 64), descriptionEvent(0, 1000), gtidListEvent(1)]],
    ['nothing tells what counts', [...written(), descriptionEvent(0, 1000), mariadbGtidEvent(2, TRANSACTIONAL)]],
  ])('stops the stream where %s', async (_, list) => {
    const run = record({ flavor: 'mariadb', holding: held });
    expect(await codeOf(() => send(run, descriptionEvent(), ...list))).toBe('EVENT_CORRUPT');
    expect(told(run)).not.toContain('insert t: [2]');
  });

  it('leaves nothing behind where it had no rows', async () => {
    const run = record({ flavor: 'mariadb', holding: held });
    await send(run, descriptionEvent(), mariadbGtidEvent(1, TRANSACTIONAL), descriptionEvent(0, 1000), gtidListEvent(0), mariadbGtidEvent(1, TRANSACTIONAL), xid(1n));
    expect(told(run)).toEqual(['commit']);
  });
});

describe('a stream that is closed', () => {
  const altered = (): Buffer => queryEvent('ALTER TABLE t ADD d int', 'fix');

  it('in the middle of a statement hands over nothing of it any more', async () => {
    const { promise, resolve } = deferred<StatementEffect>();
    const run = record({ catalogue: { ...followed(() => ({ columns: [] })), statement: () => promise } });
    await send(run, descriptionEvent());
    const ended = codeOf(() => send(run, altered()));
    await run.decoder.close();
    resolve({ changed: [], news: null });
    expect(await ended).toBe('SOURCE_LOST');
    expect(run.calls).toEqual([]);
  });

  it('while a notice is told does not move its position any more', async () => {
    const { promise, resolve } = deferred<undefined>();
    const news = { kind: 'truncate' as const, sql: 'TRUNCATE t', table: { database: 'fix', name: 't' } };
    const calls: string[] = [];
    const handler = { table: () => undefined, begin: () => undefined, rows: () => undefined, notice: () => promise, commit: () => void calls.push('commit') };
    const run = record({ handler, catalogue: { ...followed(() => ({ columns: [] })), statement: () => ({ changed: [], news }) } });
    await send(run, descriptionEvent());
    const before = run.decoder.position();
    const ended = codeOf(() => send(run, altered()));
    await run.decoder.close();
    resolve(undefined);
    expect(await ended).toBe('SOURCE_LOST');
    expect([calls, run.decoder.position()]).toEqual([[], before]);
  });

  it('while rows are written to a file leaves no file, and makes none again', async () => {
    const run = record({ holding: { ...held, memory: 10 } });
    await send(run, descriptionEvent(), queryEvent('BEGIN'), tableMapEvent(1));
    const large = Array.from({ length: 30 }, () => writeRowsEvent(1, Array.from({ length: 100_000 }, (_, i) => i)));
    const ended = codeOf(() => send(run, ...large));
    await run.decoder.close();
    expect(await ended).toBe('SOURCE_LOST');
    expect(existsSync(path)).toBe(false);
  });
});
