import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { Place } from '../../../../src/mysql/binlog/place.ts';
import { TransactionWalk } from '../../../../src/mysql/stream/transaction-walk.ts';
import { descriptionEvent, gtidListEvent, makeEvent, mariadbGtidEvent, queryEvent, tableMapEvent, writeRowsEvent } from '../binlog/support.ts';

const UUID = 'abababab-abab-abab-abab-abababababab';
const STANDALONE = 1;

/** A walk over events, and whether a transaction is open after each. */
function walk(...events: Buffer[]): { readonly open: boolean[]; readonly walking: TransactionWalk } {
  const walking = new TransactionWalk();
  const place = new Place('binlog.000001', 4);
  const open = events.map((bytes) => {
    place.advance(bytes.length, 0, 0);
    walking.see({ type: bytes[4] as number, timestamp: 1, place, body: new Cursor(bytes, 19, bytes.length) });
    return walking.inside;
  });
  return { open, walking };
}

function gtid(number: number, type = 33): Buffer {
  const body = Buffer.alloc(25);
  body.fill(0xab, 1, 17);
  body.writeBigUInt64LE(BigInt(number), 17);
  return makeEvent({ type, body });
}

const anonymous = (): Buffer => gtid(0, 34);
const xid = (): Buffer => makeEvent({ type: 16, body: Buffer.alloc(8) });
const prepared = (): Buffer => makeEvent({ type: 38, body: Buffer.alloc(14) });
const rows = (): Buffer[] => [tableMapEvent(1), writeRowsEvent(1, [1])];

/** PREVIOUS_GTIDS: `UUID:1-4`. */
function previous(): Buffer {
  const body = Buffer.alloc(8 + 16 + 8 + 16);
  body.writeBigUInt64LE(1n, 0);
  body.fill(0xab, 8, 24);
  body.writeBigUInt64LE(1n, 24);
  body.writeBigUInt64LE(1n, 32);
  body.writeBigUInt64LE(5n, 40);
  return makeEvent({ type: 35, body });
}

describe('the transactions of a binlog file', () => {
  it('of MySQL begin with their GTID and end with an XID', () => {
    expect(walk(descriptionEvent(), previous(), gtid(5), queryEvent('BEGIN', 'd'), ...rows(), xid()).open).toEqual([false, false, true, true, true, true, false]);
    expect(walk(anonymous(), queryEvent('CREATE TABLE `begin` (i int)', 'a; b')).open).toEqual([true, false]);
  });

  it('of MySQL without GTIDs begin with BEGIN, and those of MyISAM end with COMMIT', () => {
    expect(walk(queryEvent('BEGIN'), tableMapEvent(1), queryEvent('SAVEPOINT `a`'), queryEvent('COMMIT', 'src'), queryEvent('drop table t', 'src')).open).toEqual([true, true, true, false, false]);
  });

  it('of MariaDB begin with a GTID that says so', () => {
    expect(walk(gtidListEvent(5), mariadbGtidEvent(6, 0), tableMapEvent(1), queryEvent('SAVEPOINT a'), xid(), mariadbGtidEvent(7, STANDALONE), queryEvent('create table x (i int)', 'src')).open).toEqual([false, true, true, true, false, true, false]);
  });

  it('of XA end when they are prepared', () => {
    expect(walk(gtid(1), queryEvent("XA START X'61',X'',1"), writeRowsEvent(1, [1]), queryEvent("XA END X'61',X'',1"), prepared(), gtid(2), queryEvent("XA COMMIT X'61',X'',1")).open).toEqual([true, true, true, true, false, true, false]);
  });

  it('that create a table with its rows stay open until those have come', () => {
    expect(walk(gtid(1), queryEvent('CREATE TABLE t (i int) START TRANSACTION', 'd'), ...rows(), xid()).open).toEqual([true, true, true, true, false]);
  });

  it('a text that only ends in BEGIN begins nothing', () => {
    expect(walk(gtid(1), queryEvent('alter table t rename to BEGIN', 'd')).open).toEqual([true, false]);
  });

  it('count with their GTIDs once they have ended', () => {
    const { walking } = walk(descriptionEvent(), previous(), gtid(5), queryEvent('BEGIN'), ...rows(), xid(), gtid(6), queryEvent('BEGIN'));
    expect([walking.gtids({ ended: false }), walking.gtids({ ended: true })]).toEqual([`${UUID}:1-5`, `${UUID}:1-5`]);
    const whole = walk(descriptionEvent(), previous(), gtid(5), queryEvent('BEGIN'), ...rows(), xid()).walking;
    expect([whole.gtids({ ended: false }), whole.gtids({ ended: true })]).toEqual([`${UUID}:1-4`, `${UUID}:1-5`]);
    expect(walk(descriptionEvent(), anonymous(), queryEvent('BEGIN'), ...rows(), xid()).walking.gtids({ ended: true })).toBe('');
  });

  it('that have no end belong to their file alone', () => {
    const { open, walking } = walk(previous(), gtid(5), queryEvent('BEGIN'), descriptionEvent(), queryEvent('drop table t', 'd'));
    expect([open, walking.gtids({ ended: true })]).toEqual([[false, true, true, false, false], `${UUID}:1-4`]);
  });
});
