import { describe, expect, inject, it } from 'vitest';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { capture, images } from './types-support.ts';

/** A time zone of the test's own, UTC+1 and in summer UTC+2, changing at 01:00 UTC of 29 March and 25 October 2026. */
function zoneSql(name: string): string {
  return `set sql_log_bin = 0; use mysql;
    insert into time_zone (Use_leap_seconds) values ('N'); set @zone = last_insert_id();
    insert into time_zone_name values ('${name}', @zone);
    insert into time_zone_transition_type values (@zone, 0, 3600, 0, 'W'), (@zone, 1, 7200, 1, 'S');
    insert into time_zone_transition values (@zone, -2147483648, 0), (@zone, 1774746000, 1), (@zone, 1792890000, 0);
    set sql_log_bin = 1`;
}

const INSTANTS = [
  ['2026-07-01 12:00:00.5', '2026-07-01T10:00:00.500Z'],
  ['2026-12-01 12:00:00.5', '2026-12-01T11:00:00.500Z'],
  ['2026-03-29 01:59:59.999', '2026-03-29T00:59:59.999Z'],
  ['2026-03-29 03:00:00', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25 01:59:59', '2026-10-24T23:59:59.000Z'],
  ['2026-10-25 03:00:00', '2026-10-25T02:00:00.000Z'],
] as const;

describe.each(['mysql', 'mariadb'] as const)('TIMESTAMP of a session whose zone has summer time, on %s', (kind) => {
  it('is the same instant in UTC, and DATETIME stays as it was written', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'zones');
    const zone = unique('zone');
    await query(server, zoneSql(zone));
    const [plain = [], debezium = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key, s timestamp(3) null, d datetime(3))`,
      change: `set time_zone = '${zone}'; insert into ${database}.t values ${INSTANTS.map(([local], id) => `(${id}, '${local}', '${local}')`).join(', ')}`,
      wanted: [{ format: 'plain', database }, { format: 'debezium', database }],
    });
    const full = (local: string): string => (local.includes('.') ? local : `${local}.`).padEnd(23, '0');
    expect(images(plain, 't')).toEqual(INSTANTS.map(([local, utc], id) => `{"id":${id},"s":"${utc}","d":"${full(local)}"}`));
    const millis = (local: string): number => Date.parse(`${full(local).replace(' ', 'T')}Z`);
    expect(images(debezium, 't')).toEqual(INSTANTS.map(([local, utc], id) => `{"id":${id},"s":"${utc}","d":${millis(local)}}`));
  });

  it('tells the two hours of the same name apart', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'zones');
    const [plain = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key, s timestamp null)`,
      change: `set time_zone = '+02:00'; insert into ${database}.t values (1, '2026-10-25 02:30:00'); set time_zone = '+01:00'; insert into ${database}.t values (2, '2026-10-25 02:30:00')`,
      wanted: [{ format: 'plain', database }],
    });
    expect(images(plain, 't')).toEqual(['{"id":1,"s":"2026-10-25T00:30:00Z"}', '{"id":2,"s":"2026-10-25T01:30:00Z"}']);
  });
});
