import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { Place } from '../../../../src/mysql/binlog/place.ts';
import { TimeWalk } from '../../../../src/mysql/stream/time-walk.ts';
import { descriptionEvent, makeEvent, queryEvent, tableMapEvent, writeRowsEvent } from '../binlog/support.ts';

const SECOND = 1_000_000;

/** At a time in seconds. */
function at(timestamp: number, event: Buffer): Buffer {
  event.writeUInt32LE(timestamp, 0);
  return event;
}

/** A GTID event of MySQL 8 with its commit times in microseconds: on this server, and at the origin where that was another time. */
function gtid(number: number, immediate: number, original = immediate, type = 33): Buffer {
  const body = Buffer.alloc(25 + 17 + 7 + (original === immediate ? 0 : 7));
  body.fill(0xab, 1, 17);
  body.writeBigUInt64LE(BigInt(number), 17);
  body[25] = 2;
  const seven = Buffer.alloc(8);
  seven.writeBigUInt64LE(BigInt(immediate) | (original === immediate ? 0n : 1n << 55n));
  seven.copy(body, 42, 0, 7);
  seven.writeBigUInt64LE(BigInt(original));
  if (original !== immediate) seven.copy(body, 49, 0, 7);
  return makeEvent({ type, body, timestamp: 1 });
}

function mariadbGtid(sequence: number, seconds: number, standalone = false): Buffer {
  const body = Buffer.alloc(13);
  body.writeBigUInt64LE(BigInt(sequence), 0);
  body[12] = standalone ? 1 : 0;
  return makeEvent({ type: 162, body, timestamp: seconds });
}

const xid = (seconds = 1): Buffer => makeEvent({ type: 16, body: Buffer.alloc(8), timestamp: seconds });
/** Begin, row and end, of one time each. */
const old = (begin: number, row = begin, end = row): Buffer[] => [at(begin, queryEvent('BEGIN')), at(row, tableMapEvent(1)), at(row, writeRowsEvent(1, [1])), xid(end)];
const rows = (): Buffer[] => [tableMapEvent(1), writeRowsEvent(1, [1]), xid()];

/** Number of the event at which the found transaction begins, counted from 0; null where none is found. */
function found(from: number, events: readonly Buffer[]): number | null {
  const walk = new TimeWalk(from);
  const place = new Place('binlog.000001', 4);
  const starts: number[] = [];
  for (const bytes of [descriptionEvent(), ...events]) {
    place.advance(bytes.length, 0, 0);
    starts.push(place.start);
    if (walk.see({ type: bytes[4] as number, timestamp: bytes.readUInt32LE(0), place, body: new Cursor(bytes, 19, bytes.length) })) break;
  }
  return walk.found === null ? null : starts.indexOf(walk.found.position) - 1;
}

describe('the first transaction of a time or later', () => {
  it('is found by its commit time, to the microsecond', () => {
    const events = [gtid(1, 10 * SECOND), ...rows(), gtid(2, 10 * SECOND + 5), ...rows(), gtid(3, 10 * SECOND + 6), ...rows()];
    expect([0, 10 * SECOND, 10 * SECOND + 1, 10 * SECOND + 5, 10 * SECOND + 6, 10 * SECOND + 7].map((time) => found(time, events))).toEqual([0, 0, 4, 4, 8, null]);
  });

  it('is found by the later of the times on this server and at its origin', () => {
    const events = [gtid(1, 10 * SECOND, 7 * SECOND), ...rows(), gtid(2, 11 * SECOND, 30 * SECOND), ...rows()];
    expect([9 * SECOND, 10 * SECOND + 1, 20 * SECOND, 30 * SECOND, 31 * SECOND].map((time) => found(time, events))).toEqual([0, 4, 4, 4, null]);
  });

  it('is the first in the order of the binlog, whatever times come after it', () => {
    const events = [gtid(1, 5 * SECOND), ...rows(), gtid(2, 9 * SECOND), ...rows(), gtid(3, 6 * SECOND), ...rows(), gtid(4, 8 * SECOND), ...rows()];
    expect([6, 7, 8, 9].map((time) => found(time * SECOND, events))).toEqual([4, 4, 4, 4]);
  });

  it('has, without commit times, the time of its newest event, whose second counts as a whole', () => {
    const events = [...old(100), ...old(101, 105, 109), ...old(103), ...old(120)];
    expect(found(100 * SECOND + 999_999, events)).toBe(0);
    expect(found(101 * SECOND, events)).toBe(4);
    expect(found(109 * SECOND + 999_999, events)).toBe(4);
    expect(found(110 * SECOND, events)).toBe(12);
    expect(found(121 * SECOND, events)).toBeNull();
  });

  it('without commit times may be anonymous, of MariaDB, or a statement by itself', () => {
    const anonymous = (): Buffer => makeEvent({ type: 34, body: Buffer.alloc(25) });
    expect(found(50 * SECOND, [anonymous(), ...old(40), anonymous(), ...old(50)])).toBe(5);
    const ddl = (seconds: number): Buffer => at(seconds, queryEvent('create table x (id int)', 'd'));
    expect(found(50 * SECOND, [ddl(40), ddl(50), ...old(60)])).toBe(1);
    expect(found(50 * SECOND, [mariadbGtid(1, 40, true), ddl(40), mariadbGtid(2, 40), ...old(45).slice(1), mariadbGtid(3, 55), ...old(45).slice(1)])).toBe(6);
  });

  it('begins with what belongs to it: variables of a statement, and all statements between BEGIN and COMMIT', () => {
    const variable = at(50, makeEvent({ type: 14, body: Buffer.alloc(10) }));
    expect(found(50 * SECOND, [...old(40), variable, at(50, queryEvent('insert into x values (@a)', 'd'))])).toBe(4);
    const mixed = [at(40, queryEvent('BEGIN')), at(40, queryEvent('savepoint a')), at(41, queryEvent('insert into x values (1)', 'd')), at(60, queryEvent('COMMIT')), ...old(70)];
    expect([41, 60, 61].map((time) => found(time * SECOND, mixed))).toEqual([0, 0, 4]);
    expect(found(50 * SECOND, [at(40, queryEvent('BEGIN')), at(60, queryEvent('ROLLBACK')), ...old(70)])).toBe(0);
  });

  it('is not ended by a compressed statement that is longer than any that ends one, which stays compressed', () => {
    const begin = mariadbGtid(1, 40);
    const compressed = (sql: string, said = sql.length): Buffer => {
      const plain = queryEvent('', 'd').subarray(19);
      const length = Buffer.from([0x84, 0, 0, 0, 0]);
      length.writeUInt32BE(said, 1);
      return makeEvent({ type: 165, body: Buffer.concat([plain, length, deflateSync(sql)]), timestamp: 45 });
    };
    // Nobody could uncompress it: it does not hold what it says.
    expect(found(50 * SECOND, [begin, compressed('insert', 0xffffffff), at(55, queryEvent('COMMIT')), ...old(60)])).toBe(0);
    expect(found(50 * SECOND, [mariadbGtid(1, 40, true), compressed('create table x (id int)', 0xffffffff), mariadbGtid(2, 51), ...old(51)])).toBe(2);
    expect(found(50 * SECOND, [begin, compressed('COMMIT'), mariadbGtid(2, 51), ...old(51)])).toBe(2);
  });

  it('is not one that the server did not finish: the next file begins anew', () => {
    expect(found(50 * SECOND, [at(40, queryEvent('BEGIN')), at(40, tableMapEvent(1)), descriptionEvent(), ...old(60)])).toBe(3);
  });

  it('knows the GTIDs before it', () => {
    const walk = new TimeWalk(20 * SECOND);
    const place = new Place('binlog.000001', 4);
    const previous = Buffer.alloc(8 + 16 + 8 + 16);
    previous.writeBigUInt64LE(1n, 0);
    previous.fill(0xab, 8, 24);
    previous.writeBigUInt64LE(1n, 24);
    previous.writeBigUInt64LE(1n, 32);
    previous.writeBigUInt64LE(5n, 40);
    for (const bytes of [descriptionEvent(), makeEvent({ type: 35, body: previous }), gtid(5, 10 * SECOND), ...rows(), gtid(6, 20 * SECOND)]) {
      place.advance(bytes.length, 0, 0);
      walk.see({ type: bytes[4] as number, timestamp: 1, place, body: new Cursor(bytes, 19, bytes.length) });
    }
    expect(walk.found?.gtids).toBe('abababab-abab-abab-abab-abababababab:1-5');
  });
});
