import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, readyDaemon } from '../support/daemon.ts';
import type { Address } from '../support/mysql.ts';
import { connectMysql, freshDatabase, query, queryOn, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { told, verify } from './verify-support.ts';

const kafka = inject('kafka');

const FORMATS: readonly object[] = [
  { type: 'plain' },
  { type: 'debezium' },
  { type: 'debezium', schemas: true, decimal: 'string', bigintUnsigned: 'precise', binary: 'hex', timePrecision: 'isostring' },
  { type: 'debezium', flat: true, decimal: 'double', timePrecision: 'microseconds' },
  { type: 'debezium', flat: { deletes: 'rewrite', addFields: ['op', 'table'] }, schemas: true },
  { type: 'maxwell' },
  { type: 'maxwell', nulls: false, naming: 'underscore_to_camelcase', keyFormat: 'array', quirks: true },
  { type: 'canal' },
  { type: 'canal', rowsPerMessage: 'event', quirks: true },
  { type: 'cloudevents' },
  { type: 'cloudevents', mode: 'binary' },
];

/** Types that only one of the servers has, and keys of every kind. */
const MYSQL_OWN = `create table zoo.own (id int primary key, v vector(3), mp multipolygon, s9 set('1','2','3','4','5','6','7','8','9'), ucs varchar(9) character set ucs2, z int(6) zerofill, gen int as (z + 1), inv int invisible, j json);
insert into zoo.own (id, v, s9, ucs, z, inv, j) values (1, to_vector('[1,2.5,-3]'), '1,9', 'ü€', 42, 7, '{"a": [1.50, 1e-7, 12345678901234567890], "b": "2026-01-01 00:00:00.000000", "e": 1e100}'), (2, null, '', '', 0, null, '123'), (3, null, null, null, null, null, '"123"');
insert into zoo.geo values (3, point(1, 2.5), linestring(point(0,0), point(1,1)), st_geomfromtext('polygon((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('point(10 20)', 4326));`;
const MARIADB_OWN = `create table zoo.own (id int primary key, u uuid, i4 inet4, i6 inet6, cv varchar(100) compressed, cb mediumblob compressed, j json, d date);
insert into zoo.own values (1, 'f47ac10b-58cc-4372-a567-0e02b2c3d479', '192.0.2.1', '2001:db8::ff00:42:8329', repeat('abc', 30), repeat(x'00ff', 300), '{"a": [1, 2.50]}', '2026-02-03'), (2, '00000000-0000-0000-0000-000000000000', '0.0.0.0', '::ffff:192.0.2.1', '', '', '[]', '0000-00-00');`;
const KEYS = `create table zoo.keys (a varchar(20) collate utf8mb4_general_ci, b datetime(3), c enum('z','y','x'), d bit(3), e decimal(5,2), f varbinary(4), n float, v int, primary key (a, b, c, d, e, f, n));
insert into zoo.keys values ('A', '2026-01-01 00:00:00.5', 'z', b'1', -1.5, x'00ff', 0.1, 1), ('a ', '2026-01-01 00:00:00.5', 'x', b'1', -1.5, x'00ff', 0.1, 1), ('ä"\\\\', '2026-01-01', 'y', b'0', 10, '', -2.5, 2), ('', '2025-01-01', 'x', b'111', 0, 'b', 3e10, 3);
update zoo.keys set c = 'y' where a = 'A' and c = 'z'; delete from zoo.keys where a = '';`;

/** The statements about all types, without what empties or removes a table, and without what a server does not have. */
async function statements(own: string, without: readonly RegExp[]): Promise<string> {
  const zoo = await readFile(new URL('../integration/fixtures/types.sql', import.meta.url), 'utf8');
  return [/^truncate [^;]*;/gms, /^drop [^;]*;/gms, /^rename [^;]*;/gms, ...without].reduce((text, pattern) => text.replaceAll(pattern, ''), `${zoo}\n${own}\n${KEYS}`).replaceAll('composite2', 'composite');
}

/** A saved position, `file:offset` and what else tells it, is at the place or behind it. */
function reaches(saved: string | null, { file, position }: { readonly file: string; readonly position: number }): boolean {
  const [, at = '', offset = ''] = /^(\S+?):(\d+)/.exec(saved ?? '') ?? [];
  return at > file || (at === file && Number(offset) >= position);
}

describe.each([
  { name: 'mysql' as const, own: MYSQL_OWN, without: [] },
  { name: 'mariadb' as const, own: MARIADB_OWN, without: [/, s point srid 4326/g, /, st_geomfromtext\('point\(10 20\)', 4326\)/g, /(?<=\(2, null, null, null), null(?=\);)/g, /insert into zoo\.geo values \(3[^;]*;/g] },
])('tables of all types of $name', ({ name, own, without }) => {
  const server: Address = inject(name);
  let home: Place;
  let daemon: Daemon;
  let config: DaemonConfig;
  const databases: string[] = [];

  beforeAll(async () => {
    home = await place(unique('types').replaceAll('_', '-'));
    for (const [i] of FORMATS.entries()) databases.push(await freshDatabase(server, `vt${String(i)}`));
    const [row] = await query(server, name === 'mysql' ? 'show binary log status' : 'show master status');
    config = home.config(server, {
      name: unique('types').replaceAll('_', '-'),
      source: { host: server.host, port: server.port, user: 'root', heartbeat: '500ms', start: { file: String(row?.['File']), position: Number(row?.['Position']) } },
      sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`] },
      // Tables share the topic of their format, where its messages say which table they are about.
      routes: FORMATS.map((format, i) => ({ tables: [`${databases[i] ?? ''}.*`], format, ...('flat' in format ? {} : { topic: `${databases[i] ?? ''}.all` }) })),
    });
    daemon = await readyDaemon(home, config);
    const sql = await statements(own, without);
    const session = await connectMysql(server);
    await queryOn(session, "set sql_mode = '', time_zone = '+00:00'");
    for (const database of databases) await queryOn(session, sql.replaceAll('zoo.', `${database}.`));
    const [end] = await queryOn(session, name === 'mysql' ? 'show binary log status' : 'show master status');
    await session.end();
    // What is told while topics are compared is looked at row by row: columns of earlier messages are then not seen.
    await until('all rows are told', () => reaches(home.saved(), { file: String(end?.['File']), position: Number(end?.['Position']) }));
  });
  afterAll(async () => {
    await daemon.stop();
    await home.remove();
    for (const database of databases) await query(server, `drop database ${database}`);
  });

  it('are equal to their topics in every format, and columns that messages cannot have are named', async () => {
    const result = await verify(home, config);
    // Without NULLs in messages, a column that was added later reads as NULL.
    const added = /different composite .* w$/;
    expect(told(result).filter((line) => !added.test(line))).toEqual([]);
    expect(result.differences.filter(({ table }) => table === `${databases[6] ?? ''}.composite`)).toHaveLength(2);
    for (const report of result.verification.tables.filter(({ table }) => !table.endsWith('.nokey'))) {
      expect([report.table, report.refused, report.unreadable.count, report.counts?.rows]).toEqual([report.table, null, 0, expect.any(Number)]);
      const rows = report.counts?.rows ?? 0;
      expect([report.table, rows > 0]).toEqual([report.table, true]);
    }
    const altered = result.verification.tables.find(({ table }) => table === `${databases[0] ?? ''}.composite`);
    expect(altered).toMatchObject({ strange: ['v'], counts: { absent: { w: 2 } } });
    expect(result.verification.end).toBe('complete');
  });

  it('show each column that differs', async () => {
    const session = await connectMysql(server);
    await queryOn(session, "set sql_log_bin = 0, sql_mode = '', time_zone = '+00:00'");
    const wanted: string[] = [];
    for (const database of databases.filter((_, i) => !('flat' in (FORMATS[i] ?? {})))) {
      for (const [table, where] of [['ints', 'id = 1'], ['nums', 'id = 5'], ['strs', "id = 'k6'"], ['times', 'id = 2'], ['own', 'id = 1']] as const) {
        const columns = await queryOn(session, `select column_name as c from information_schema.columns where table_schema = '${database}' and table_name = '${table}' and extra not like '%GENERATED%' and column_name <> 'id' order by ordinal_position`);
        const [row] = await queryOn(session, `select * from ${database}.${table} where ${where}`);
        const set = columns.map(({ c }) => String(c)).filter((c) => c === 'inv' || (row?.[c] !== null && row?.[c] !== undefined));
        await queryOn(session, `update ${database}.${table} set ${set.map((c) => `${c} = null`).join(', ')} where ${where}`);
        wanted.push(`${database}.${table}: ${[...set, ...(set.includes('z') ? ['gen'] : [])].sort().join()}`);
      }
    }
    await session.end();
    const differences = (await verify(home, config)).differences.filter(({ table }) => !table.endsWith('.composite'));
    expect(differences.map(({ table, columns }) => `${table}: ${[...columns].sort().join()}`).sort()).toEqual(wanted.sort());
  });
});
