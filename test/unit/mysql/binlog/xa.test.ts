import { describe, expect, it } from 'vitest';
import type { PreparedPlace, XaCommit } from '../../../../src/mysql/binlog/xa.ts';
import { readXaPrepare, xidOf } from '../../../../src/mysql/binlog/xa.ts';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { readSaved } from '../../../../src/mysql/saved-position.ts';
import { codeOf, descriptionEvent, events, fixture, followed, makeEvent, nothingPrepared, queryEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';
import type { Recording } from './support.ts';

async function send(run: Recording, ...list: readonly Buffer[]): Promise<void> {
  for (const bytes of list) await run.decoder.event(bytes, 0, bytes.length);
}

/** Without places. */
function told(run: Recording): string[] {
  return run.calls.filter((call) => !call.startsWith('table')).map((call) => call.replace(/ at \d+| binlog.*/u, ''));
}

function prepareEvent(gtrid: Buffer, { bqual = Buffer.alloc(0), format = 1, onePhase = false } = {}): Buffer {
  const head = Buffer.alloc(13);
  head[0] = onePhase ? 1 : 0;
  head.writeInt32LE(format, 1);
  head.writeUInt32LE(gtrid.length, 5);
  head.writeUInt32LE(bqual.length, 9);
  return makeEvent({ type: 38, body: Buffer.concat([head, gtrid, bqual]) });
}

const xid = (name: string): string => `X'${Buffer.from(name).toString('hex')}',X'',1`;

/** The events of a prepared group that inserts `values`. */
function prepared(name: string, values: readonly number[], table = 1): Buffer[] {
  return [queryEvent(`XA START ${xid(name)}`), tableMapEvent(table, { database: table === 1 ? 'fix' : 'other' }), ...values.map((value) => writeRowsEvent(table, [value])), queryEvent(`XA END ${xid(name)}`), prepareEvent(Buffer.from(name))];
}

/** A reader that writes down what it is asked. */
function asked(found: PreparedPlace | null = null, fails = false): { readonly asked: string[]; readonly reader: typeof nothingPrepared } {
  const list: string[] = [];
  return {
    asked: list,
    reader: {
      reread: ({ xid: id, file, position, empty }: PreparedPlace, { place, committedMicros }: XaCommit) => {
        list.push(`reread ${id} of ${file}:${position}${empty ? ' (empty)' : ''} for ${place} at ${committedMicros}`);
        return fails ? nothingPrepared.reread({ xid: id } as PreparedPlace, { place } as XaCommit) : Promise.resolve();
      },
      find: (id: string) => {
        list.push(`find ${id}`);
        return Promise.resolve(found);
      },
    },
  };
}

describe('the name of an XA transaction', () => {
  it('is the same in its statements and in its XA_PREPARE event, whatever bytes it has', () => {
    const gtrid = Buffer.from([0, 0x27, 0xff, 0x0a, 0x2c]);
    const event = prepareEvent(gtrid, { bqual: Buffer.from([0x58, 0x80]), format: -2 });
    expect(readXaPrepare(new Cursor(event, 19, event.length))).toEqual({ onePhase: false, xid: "X'0027ff0a2c',X'5880',-2" });
    expect(xidOf("XA COMMIT X'0027FF0A2C',X'5880',-2")).toBe("X'0027ff0a2c',X'5880',-2");
    expect(xidOf("XA ROLLBACK X'',X'',1")).toBe("X'',X'',1");
    expect(() => xidOf("XA COMMIT 'a'")).toThrow("the XA statement cannot be read: XA COMMIT 'a'");
  });
});

describe('rows of an XA transaction', () => {
  it('are told at XA COMMIT, with its GTID and time, and where they were written', async () => {
    const run = record();
    await send(run, descriptionEvent(), ...prepared('a', [1, 2]), queryEvent('BEGIN'), writeRowsEvent(1, [3]), queryEvent('COMMIT'));
    expect(told(run)).toEqual(['commit', 'begin', 'insert t: [3]', 'commit']);
    const commit = queryEvent(`XA COMMIT ${xid('a')}`);
    commit.writeUInt32LE(77, 0);
    await send(run, commit);
    expect(told(run).slice(4)).toEqual(['begin', 'insert t: [1]', 'insert t: [2]', 'commit']);
    const [, transaction] = run.transactions;
    expect(transaction).toMatchObject({ committedMicros: 77e6, threadId: 9, serverId: 7, file: 'binlog.000001', xid: null });
    expect(transaction?.id).toMatch(/^binlog.000001:\d+$/u);
    expect(Number(transaction?.id.split(':')[1])).toBeGreaterThan(Number(run.transactions[0]?.id.split(':')[1]));
  });

  it('are never told after XA ROLLBACK', async () => {
    const run = record();
    await send(run, descriptionEvent(), ...prepared('a', [1]), queryEvent(`XA ROLLBACK ${xid('a')}`), ...prepared('a', [2]), queryEvent(`XA COMMIT ${xid('a')}`));
    expect(told(run)).toEqual(['commit', 'commit', 'commit', 'begin', 'insert t: [2]', 'commit']);
  });

  it('of many at once come in the order of the commits', async () => {
    const run = record();
    const names = Array.from({ length: 50 }, (_, i) => `xa-${i}`);
    await send(run, descriptionEvent(), ...names.flatMap((name, i) => prepared(name, [i])));
    await send(run, ...[...names].reverse().map((name, i) => queryEvent(`XA ${i % 5 === 0 ? 'ROLLBACK' : 'COMMIT'} ${xid(name)}`)));
    const rows = run.calls.filter((call) => call.startsWith('insert')).map((call) => Number(/\[(\d+)\]/u.exec(call)?.[1]));
    expect(rows).toEqual(names.map((_, i) => 49 - i).filter((_, i) => i % 5 !== 0));
    expect(readSaved(run.decoder.position()).prepared).toBeUndefined();
  });

  it('are told at once where it is committed in one phase', async () => {
    const run = record();
    const one = prepared('a', [1]).slice(0, -1);
    await send(run, descriptionEvent(), ...one, prepareEvent(Buffer.from('a'), { onePhase: true }));
    expect(told(run)).toEqual(['begin', 'insert t: [1]', 'commit']);
    expect(run.decoder.position().state).not.toHaveProperty('prepared');
  });

  it('lose those that a ROLLBACK TO takes back before they are prepared', async () => {
    const run = record({ flavor: 'mariadb' });
    const [start, map, first, second, end, prepare] = prepared('a', [1, 2]) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
    await send(run, descriptionEvent(), start, map, first, queryEvent('SAVEPOINT s'), second, queryEvent('ROLLBACK TO s'), writeRowsEvent(1, [3]), end, prepare, queryEvent(`XA COMMIT ${xid('a')}`));
    expect(told(run).filter((call) => call.startsWith('insert'))).toEqual(['insert t: [1]', 'insert t: [3]']);
  });

  it('that nobody takes are counted when they come, and nothing of them is asked for', async () => {
    const { asked: list, reader } = asked();
    const run = record({ prepared: reader });
    await send(run, descriptionEvent(), ...prepared('a', [1], 2), queryEvent(`XA COMMIT ${xid('a')}`));
    expect(told(run)).toEqual(['insert t: [1]', 'commit', 'commit']);
    expect(list).toEqual([]);
  });
});

describe('a position', () => {
  it('lists what is prepared before it, and what is read on from there knows it', async () => {
    const run = record();
    await send(run, descriptionEvent(), ...prepared('a', [1]), ...prepared('b', [2], 2), ...prepared('c', [3]), queryEvent(`XA COMMIT ${xid('c')}`));
    const saved = readSaved(JSON.parse(JSON.stringify(run.decoder.position())) as ReturnType<typeof run.decoder.position>);
    expect(saved.prepared?.map(({ xid: id, empty, file, gtid }) => [id, empty, file, gtid])).toEqual([[xid('a'), false, 'binlog.000001', null], [xid('b'), true, 'binlog.000001', null]]);
    const { asked: list, reader } = asked();
    const next = record({ prepared: reader, start: { file: saved.file, position: saved.position, gtid: null, serverUuid: null, prepared: saved.prepared ?? [] } });
    await send(next, descriptionEvent(), queryEvent(`XA COMMIT ${xid('a')}`), queryEvent(`XA ROLLBACK ${xid('b')}`));
    expect(list).toEqual([expect.stringMatching(/^reread X'61',X'',1 of binlog.000001:127 for binlog.000001:\d+ at 1000000$/u)]);
    expect(readSaved(next.decoder.position()).prepared).toBeUndefined();
  });

  it('is not behind the commit while the rows are read again, nor after that failed', async () => {
    const { reader } = asked(null, true);
    const run = record({ prepared: reader, start: { file: 'binlog.000001', position: 4, gtid: null, serverUuid: null, prepared: [{ xid: xid('a'), gtid: null, server: null, file: 'binlog.000001', position: 4, before: null, empty: false }] } });
    await send(run, descriptionEvent());
    const before = run.decoder.position();
    expect(await codeOf(() => send(run, queryEvent(`XA COMMIT ${xid('a')}`)))).toBe('XA_PREPARE_LOST');
    expect(run.decoder.position()).toEqual(before);
    expect(told(run)).toEqual([]);
  });

  it.each([[[{}]], ['none'], [[{ xid: 1 }]], [[null]], [[{ xid: 'x', gtid: 5, server: null, file: 'f', position: 4, before: null, empty: true }]]])('with %j as its list is damaged', (list) => {
    const state = { flavor: 'mysql', serverUuid: null, gtid: null, file: 'b.1', position: 4, prepared: list };
    expect(() => readSaved({ state, label: 'b.1:4' })).toThrow('is none of a MySQL or MariaDB source');
  });
});

describe('a commit of what is not held', () => {
  it('has the rows read again where they were more than memory takes, also in one phase', async () => {
    const { asked: list, reader } = asked();
    const run = record({ prepared: reader, holding: { all: false, memory: 400, path: '/nowhere/held' } });
    await send(run, descriptionEvent(), ...prepared('a', [1, 2, 3, 4, 5, 6, 7, 8]), queryEvent(`XA COMMIT ${xid('a')}`));
    await send(run, ...prepared('b', [1, 2, 3, 4, 5, 6, 7, 8]).slice(0, -1), prepareEvent(Buffer.from('b'), { onePhase: true }));
    expect(list.map((line) => line.split(' of ')[0])).toEqual([`reread ${xid('a')}`, `reread ${xid('b')}`]);
    expect(told(run)).toEqual(['commit', 'commit', 'commit']);
  });

  it('keeps the latest of many in memory', async () => {
    const { asked: list, reader } = asked();
    const run = record({ prepared: reader, holding: { all: false, memory: 3 * 8192, path: '/nowhere/held' } });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await send(run, ...(name === 'a' ? [descriptionEvent()] : []), ...prepared(name, [1]));
    for (const name of ['a', 'b', 'c', 'd', 'e']) await send(run, queryEvent(`XA COMMIT ${xid(name)}`));
    expect(list.map((line) => line.split(' of ')[0])).toEqual([`reread ${xid('a')}`, `reread ${xid('b')}`]);
    expect(told(run).filter((call) => call.startsWith('insert')).length).toBe(3);
  });

  it('looks for what was prepared before reading began, and says where nothing is left of it', async () => {
    const place = { xid: xid('a'), gtid: null, server: null, file: 'binlog.000001', position: 200, before: null, empty: false };
    const found = asked(place);
    const run = record({ prepared: found.reader });
    await send(run, descriptionEvent(), queryEvent(`XA COMMIT ${xid('a')}`));
    expect(found.asked.map((line) => line.split(' for ')[0])).toEqual([`find ${xid('a')}`, `reread ${xid('a')} of binlog.000001:200`]);
    const gone = record();
    await send(gone, descriptionEvent(), queryEvent(`XA COMMIT ${xid('a')}`), queryEvent(`XA ROLLBACK ${xid('b')}`));
    expect(told(gone)).toEqual(['untold xa_prepare_purged', 'commit', 'commit']);
  });

  it('forgives the loss of one that had no rows when it was prepared', async () => {
    const { asked: list, reader } = asked(null, true);
    const run = record({ prepared: reader, start: { file: 'binlog.000001', position: 4, gtid: null, serverUuid: null, prepared: [{ xid: xid('a'), gtid: null, server: null, file: 'binlog.000001', position: 4, before: null, empty: true }] } });
    await send(run, descriptionEvent(), queryEvent(`XA COMMIT ${xid('a')}`));
    expect(list.length).toBe(1);
    expect(told(run)).toEqual(['commit']);
  });
});

describe('a group of an XA transaction that is never prepared', () => {
  const begun = prepared('a', [1]).slice(0, -1);

  it('stops the stream where it is committed: no server is known to do so', async () => {
    for (const end of ['COMMIT', `XA COMMIT ${xid('a')}`]) {
      const run = record();
      await expect(send(run, descriptionEvent(), ...begun, queryEvent(end))).rejects.toThrow('a group with rows of an XA transaction ends without preparing it');
      expect(told(run)).toEqual([]);
    }
  });

  it('leaves none of its rows to the next one where it is rolled back', async () => {
    for (const end of ['ROLLBACK', `XA ROLLBACK ${xid('a')}`]) {
      const run = record();
      await send(run, descriptionEvent(), ...begun, queryEvent(end), ...prepared('b', [2]), queryEvent(`XA COMMIT ${xid('b')}`));
      expect(told(run)).toEqual(['commit', 'commit', 'begin', 'insert t: [2]', 'commit']);
    }
  });
});

describe('reading one prepared transaction again', () => {
  const commit = { gtid: { source: 'u', number: 9, separator: ':' as const }, place: 'binlog.000003:5', committedMicros: 5e6 };

  it('tells it with its commit, and nothing else', async () => {
    for (const flavor of ['mysql', 'mariadb'] as const) {
      let done = 0;
      const run = record({ flavor, rereads: { xid: xid('a'), commit, done: () => done++ } });
      await send(run, descriptionEvent(), ...prepared('a', [1, 2]));
      expect([done, ...told(run)]).toEqual([1, 'begin u:9', 'insert t: [1]', 'insert t: [2]']);
      expect(run.transactions[0]).toMatchObject({ gtid: 'u:9', id: 'u:9', committedMicros: 5e6, file: 'binlog.000001' });
    }
  });

  it.each([
    ['another XA transaction', prepared('b', [1])],
    ['an ordinary transaction', [queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]), queryEvent('COMMIT')]],
    ['a statement', [makeEvent({ type: 34, body: Buffer.alloc(25) }), queryEvent('CREATE TABLE x (id int)')]],
    ['another XA_PREPARE', [...prepared('a', [1]).slice(0, -1), prepareEvent(Buffer.from('b'))]],
  ])('is an error where %s stands there', async (_, list) => {
    const run = record({ rereads: { xid: xid('a'), commit, done: () => undefined } });
    expect(await codeOf(() => send(run, descriptionEvent(), ...list))).toBe('XA_PREPARE_LOST');
  });

  it('changes nothing of what is known of the tables where reading is', async () => {
    const done: string[] = [];
    const catalogue = { ...followed(() => ({ columns: [] }), (verb) => void done.push(verb)), writtenBy: (version: string) => void done.push(version) };
    const run = record({ catalogue, rereads: { xid: xid('a'), commit, done: () => done.push('done') } });
    await send(run, descriptionEvent(), queryEvent(`XA START ${xid('a')}`), queryEvent(`XA END ${xid('a')}`), prepareEvent(Buffer.from('a')));
    expect(await codeOf(() => send(run, queryEvent('ALTER TABLE t ADD d int', 'fix')))).toBe('XA_PREPARE_LOST');
    expect(done).toEqual(['done']);
  });
});

describe('binlogs with XA transactions', () => {
  it.each([['mysql-9.7-xa', 'mysql'], ['mariadb-11.4-xa', 'mariadb']] as const)('of %s are read from every position on', async (name, flavor) => {
    const file = fixture(name);
    const run = record({ flavor });
    const saved: { readonly at: number; readonly calls: number; readonly state: ReturnType<typeof readSaved> }[] = [];
    for (const [start, end] of events(file)) {
      const before = run.decoder.position().label;
      await run.decoder.event(file, start, end);
      const state = readSaved(run.decoder.position());
      if (run.decoder.position().label !== before && state.file === 'binlog.000001') saved.push({ at: state.position, calls: told(run).length, state });
    }
    const rows = run.calls.filter((call) => call.startsWith('insert'));
    expect(rows.map((call) => call.replace(/ at \d+/u, ''))).toEqual(['insert t: [1]', 'insert t: [1]']);
    expect(saved.length).toBeGreaterThan(5);
    for (const { at, calls, state } of saved) {
      const { reader } = asked();
      const rest = record({ flavor, prepared: reader, start: { file: state.file, position: at, gtid: state.gtids, serverUuid: null, prepared: state.prepared ?? [] } });
      for (const [index, [start, end]] of events(file).entries()) if (index === 0 || start >= at) await rest.decoder.event(file, start, end);
      expect(told(rest)).toEqual(told(run).slice(calls));
    }
  });
});
