import { describe, expect, inject, it } from 'vitest';
import { version } from '../../src/app/version.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { capture } from './types-support.ts';

/** What differs from run to run, replaced by names. */
function steady(line: string | undefined): string {
  return (line ?? '')
    .replace(/"ts_(ms|us|ns)":(\d+)/g, (_, unit: string, digits: string) => `"ts_${unit}":${digits.length}`)
    .replace(/"time":"[^"]*"/, '"time":"…"')
    .replace(/"(threadId|thread|pos|position)":\d+/g, '"$1":1')
    .replaceAll(/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+-\d+-|binlog\.\d{6})(:?)\d*/g, (text) => (text.startsWith('binlog') ? 'binlog.1' : 'gtid'));
}

describe('the envelope', () => {
  it('on MariaDB has the fields of Debezium for MariaDB, with its GTIDs', async () => {
    const server = inject('mariadb');
    const database = await freshDatabase(server, 'envelope');
    const [debezium = [], plain = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key)`,
      change: `insert into ${database}.t values (1)`,
      wanted: [{ format: 'debezium', database, name: 'crm' }, { format: 'plain', database, name: 'crm' }],
    });
    expect(debezium).toHaveLength(1);
    expect(steady(debezium[0])).toBe(
      `{"topic":"crm.${database}.t","key":{"id":1},"value":{"before":null,"after":{"id":1},"source":{"version":"${version()}","connector":"mariadb","name":"crm","ts_ms":13,"snapshot":"false","db":"${database}","sequence":null,"ts_us":16,"ts_ns":19,"table":"t","server_id":1,"gtid":"gtid","file":"binlog.1","pos":1,"row":0,"thread":null,"query":null},"transaction":null,"op":"c","ts_ms":13,"ts_us":16,"ts_ns":19},"headers":{}}`,
    );
    expect(steady(plain[0])).toBe(
      `{"topic":"crm.${database}.t","key":{"id":1},"value":{"op":"insert","source":{"name":"crm","connector":"mariadb","database":"${database}","table":"t","time":"…","serverId":1,"threadId":null,"gtid":"gtid","file":"binlog.1","position":1,"row":0},"transaction":{"id":"gtid"},"after":{"id":1}},"headers":{}}`,
    );
  });

  it('on MySQL 5.6 without GTIDs names transactions by file and position', async () => {
    const server = inject('mysql56');
    const database = await freshDatabase(server, 'envelope');
    const [plain = [], debezium = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key)`,
      change: `insert into ${database}.t values (1)`,
      wanted: [{ format: 'plain', database }, { format: 'debezium', database }],
    });
    expect(plain[0]).toMatch(/"gtid":null,"file":"binlog\.\d{6}","position":\d+,"row":0\},"transaction":\{"id":"binlog\.\d{6}:\d+"\}/);
    expect(debezium[0]).toMatch(/"server_id":1,"gtid":null,"file":"binlog\.\d{6}","pos":\d+,"row":0,"thread":\d+,"query":null\}/);
  });
});

describe.each(['mysql', 'mariadb', 'mysql56'] as const)('updates, changed keys and deletes on %s', (kind) => {
  it('have both images, two halves, and a tombstone', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'changes');
    const [plain = [], debezium = []] = await capture({
      server,
      prepare: `create table ${database}.t (a varchar(5) not null, b int not null, v int, primary key (b, a))`,
      change: `insert into ${database}.t values ('x', 1, null); update ${database}.t set v = 2; update ${database}.t set a = 'y'; delete from ${database}.t`,
      wanted: [{ format: 'plain', database, name: 'crm' }, { format: 'debezium', database, name: 'crm' }],
    });
    const short = (line: string): string => line.replace(/^\{"topic":"[^"]*",/, '').replace(/,?"source":\{.*?\},"transaction":(null|\{.*?\})/, '').replace(/,"ts_ms".*?\}/, '}');
    expect(plain.map(short)).toEqual([
      '"key":{"b":1,"a":"x"},"value":{"op":"insert","after":{"a":"x","b":1,"v":null}},"headers":{}}',
      '"key":{"b":1,"a":"x"},"value":{"op":"update","before":{"a":"x","b":1,"v":null},"after":{"a":"x","b":1,"v":2}},"headers":{}}',
      '"key":{"b":1,"a":"x"},"value":{"op":"delete","keyChange":"old","otherKey":{"b":1,"a":"y"},"before":{"a":"x","b":1,"v":2}},"headers":{}}',
      '"key":{"b":1,"a":"x"},"value":null,"headers":{}}',
      '"key":{"b":1,"a":"y"},"value":{"op":"insert","keyChange":"new","otherKey":{"b":1,"a":"x"},"after":{"a":"y","b":1,"v":2}},"headers":{}}',
      '"key":{"b":1,"a":"y"},"value":{"op":"delete","before":{"a":"y","b":1,"v":2}},"headers":{}}',
      '"key":{"b":1,"a":"y"},"value":null,"headers":{}}',
    ]);
    const schema = `{"type":"struct","fields":[{"type":"int32","optional":false,"field":"b"},{"type":"string","optional":false,"field":"a"}],"optional":false,"name":"crm.${database}.t.Key"}`;
    const header = (name: string, key: string): string => JSON.stringify({ [`__debezium.${name}`]: `{"schema":${schema},"payload":${key}}` });
    expect(debezium.map(short)).toEqual([
      '"key":{"b":1,"a":"x"},"value":{"before":null,"after":{"a":"x","b":1,"v":null},"op":"c"},"headers":{}}',
      '"key":{"b":1,"a":"x"},"value":{"before":{"a":"x","b":1,"v":null},"after":{"a":"x","b":1,"v":2},"op":"u"},"headers":{}}',
      `"key":{"b":1,"a":"x"},"value":{"before":{"a":"x","b":1,"v":2},"after":null,"op":"d"},"headers":${header('newkey', '{"b":1,"a":"y"}')}}`,
      `"key":{"b":1,"a":"x"},"value":null,"headers":${header('newkey', '{"b":1,"a":"y"}')}}`,
      `"key":{"b":1,"a":"y"},"value":{"before":null,"after":{"a":"y","b":1,"v":2},"op":"c"},"headers":${header('oldkey', '{"b":1,"a":"x"}')}}`,
      '"key":{"b":1,"a":"y"},"value":{"before":{"a":"y","b":1,"v":2},"after":null,"op":"d"},"headers":{}}',
      '"key":{"b":1,"a":"y"},"value":null,"headers":{}}',
    ]);
  });
});

describe.each([
  ['mysql', 'set session binlog_rows_query_log_events = 1'],
  ['mariadb', 'set session binlog_annotate_row_events = 1'],
] as const)('the SQL text on %s', (kind, log) => {
  it('is there only where it is asked for, and never for a table with a masked or excluded column', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'sqltext');
    await query(server, log);
    const tables = ['open', 'masked', 'excluded'];
    const routes = [
      { tables: [`${database}.masked`], columns: { mask: { v: 'redact' } } },
      { tables: [`${database}.excluded`], columns: { exclude: ['v'] } },
    ];
    const [asked = [], plain = [], unasked = []] = await capture({
      server,
      prepare: tables.map((name) => `create table ${database}.${name} (id int primary key, v varchar(20))`).join('; '),
      change: `${log}; ${tables.map((name) => `insert into ${database}.${name} values (1, 'sec"ret')`).join('; ')}`,
      wanted: [
        { format: 'debezium', database, routes, source: { query: true } },
        { format: 'plain', database, routes, source: { query: true } },
        { format: 'debezium', database, routes },
      ],
    });
    const queries = (lines: readonly string[]): (string | null)[] => lines.map((line) => /"query":(null|"(?:[^"\\]|\\.)*")/.exec(line)?.[1] ?? null);
    expect(queries(asked)).toEqual([`"insert into ${database}.open values (1, 'sec\\"ret')"`, 'null', 'null']);
    expect(queries(plain)).toEqual([`"insert into ${database}.open values (1, 'sec\\"ret')"`, null, null]);
    expect(queries(unasked)).toEqual(['null', 'null', 'null']);
    expect([...asked.slice(1), ...plain.slice(1), ...unasked.slice(1)].join('')).not.toContain('sec');
  });
});
