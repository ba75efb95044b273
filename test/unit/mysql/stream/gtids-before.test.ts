import { describe, expect, it } from 'vitest';
import { TransactionWalk, gtidsOf } from '../../../../src/mysql/stream/gtids-before.ts';

/** Whether a transaction is open after lines of SHOW BINLOG EVENTS, one after the other. */
function walk(...lines: [string, string][]): boolean[] {
  const walking = new TransactionWalk();
  return lines.map(([type, info]) => {
    walking.see(type, info);
    return walking.inside;
  });
}

describe('the transactions of a binlog file', () => {
  it('of MySQL begin with their GTID and end with an Xid', () => {
    expect(walk(['Format_desc', 'Server ver: 9.7.0'], ['Previous_gtids', ''], ['Gtid', "SET @@SESSION.GTID_NEXT= '0a:1'"], ['Query', 'BEGIN'], ['Table_map', 't'], ['Write_rows', 't'], ['Xid', 'COMMIT /* xid=7 */'])).toEqual([false, false, true, true, true, true, false]);
    expect(walk(['Anonymous_Gtid', "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'"], ['Query', 'use `a; b`; CREATE TABLE `begin` (i int)'])).toEqual([true, false]);
  });

  it('of MySQL without GTIDs begin with BEGIN, and those of MyISAM end with COMMIT', () => {
    expect(walk(['Query', 'BEGIN'], ['Table_map', 't'], ['Query', 'SAVEPOINT `a`'], ['Query', 'use `src`; COMMIT'], ['Query', 'use `src`; drop table t'])).toEqual([true, true, true, false, false]);
  });

  it('of MariaDB begin with a GTID that says so', () => {
    expect(walk(['Gtid_list', '[0-1-5]'], ['Gtid', 'BEGIN GTID 0-1-6'], ['Annotate_rows', 'insert …'], ['Query', 'SAVEPOINT a'], ['Xid', 'COMMIT /* xid=9 */'], ['Gtid', 'GTID 0-1-7'], ['Query', 'use `src`; create table x (i int)'])).toEqual([false, true, true, true, false, true, false]);
  });

  it('of XA end when they are prepared', () => {
    expect(walk(['Gtid', ''], ['Query', "XA START X'61',X'',1"], ['Write_rows', 't'], ['Query', "XA END X'61',X'',1"], ['XA_prepare', "XA PREPARE X'61',X'',1"], ['Gtid', ''], ['Query', "XA COMMIT X'61',X'',1"])).toEqual([true, true, true, true, false, true, false]);
  });

  it('tell their GTIDs, tagged ones too', () => {
    const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
    expect(gtidsOf('Previous_gtids', `${uuid}:1-5,\n${uuid}:7`)).toBe(`${uuid}:1-5,${uuid}:7`);
    expect(gtidsOf('Gtid', `SET @@SESSION.GTID_NEXT= '${uuid}:8'`)).toBe(`${uuid}:8`);
    expect(gtidsOf('Gtid_tagged', `SET @@SESSION.GTID_NEXT= '${uuid}:blue:8'`)).toBe(`${uuid}:blue:8`);
    expect(gtidsOf('Anonymous_Gtid', "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'")).toBe('');
    expect(gtidsOf('Query', 'BEGIN')).toBe('');
  });
});
