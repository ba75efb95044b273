import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import { query, queryAndLeave } from '../support/mysql.ts';
import { optionsFor, reading } from './source-support.ts';
import { caughtUp, promote, replicate } from './support/replicas.ts';

const KINDS: [name: string, mariadb: boolean, start: (flags: string[]) => Promise<Server>][] = [
  ['MySQL', false, (flags) => startMysql({ flags })],
  ['MariaDB', true, (flags) => startMariadb({ flags: [...flags, '--log-slave-updates'] })],
];

function inDomain(domain: number): string {
  return `set session gtid_domain_id = ${domain}; `;
}

function prepare(xid: string, sql: string, session = ''): string {
  return `${session}xa start '${xid}'; ${sql}; xa end '${xid}'; xa prepare '${xid}'`;
}

/** The ids after a place until there are so many, and the position behind them. */
function rowsAfter(server: Server, from: Position | StartAt, rows: number): Promise<{ rows: string[]; position: Position }> {
  return reading({ options: optionsFor(server), from }, async (stream, recorder) => {
    await recorder.rowsUntil(rows);
    return { rows: recorder.rowTexts.map((row) => row.replace('t id=', '')), position: stream.position() };
  });
}

describe.each(KINDS)('XA transactions of %s that are prepared on one server and committed on another', (_, mariadb, start) => {
  let source: Server;
  let replica: Server;
  beforeAll(async () => {
    [source, replica] = await Promise.all([start(['--server-id=1']), start(['--server-id=2'])]);
    await replicate(source, replica, { mariadb });
    await query(source, 'create database src; create table src.t (id int primary key)');
  });
  afterAll(() => Promise.all([source.stop(), replica.stop()]));

  it('are read again there, by another process than saw them prepared', async () => {
    const insert = (id: number): string => `insert into t values (${id})`;
    await caughtUp(source, replica, mariadb);
    // Domains of MariaDB: one that the replica writes to itself, before anything of the others, and one more of the source.
    if (mariadb) await query(replica, `${inDomain(7)}${insert(50)}; ${insert(51)}`, 'src');
    const begin = await reading({ options: optionsFor(source), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
    await query(source, insert(1), 'src');
    await queryAndLeave(source, prepare('kept', `${insert(2)}; ${insert(3)}`), 'src');
    await queryAndLeave(source, prepare('gone', insert(4)), 'src');
    if (mariadb) await queryAndLeave(source, prepare('first of its domain', insert(5), inDomain(8)), 'src');
    if (mariadb) await queryAndLeave(source, prepare('apart', insert(6), inDomain(8)), 'src');
    await query(source, insert(7), 'src');
    const first = await rowsAfter(source, begin, 2);
    expect(first.rows).toEqual(['1', '7']);

    await caughtUp(source, replica, mariadb);
    await source.halt();
    await promote(replica, mariadb);
    await query(replica, `${insert(8)}; flush binary logs; xa commit 'kept'; xa rollback 'gone'; ${insert(9)}`, 'src');
    if (mariadb) await query(replica, `${inDomain(7)}xa commit 'apart'; xa commit 'first of its domain'; ${inDomain(8)}${insert(10)}`, 'src');
    const rest = mariadb ? ['50', '51', '8', '2', '3', '9', '6', '5', '10'] : ['8', '2', '3', '9'];
    const second = await rowsAfter(replica, JSON.parse(JSON.stringify(first.position)) as Position, rest.length);
    expect(second.rows).toEqual(rest);
    expect(second.position.state).not.toHaveProperty('prepared');
    expect((await rowsAfter(replica, first.position, rest.length)).rows).toEqual(rest);
  });
});
