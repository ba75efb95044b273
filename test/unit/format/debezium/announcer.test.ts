import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ColumnDeclaration, TableDeclaration } from '../../../../src/core/declaration.ts';
import type { NoticePlace, SchemaNotice, TableChange } from '../../../../src/core/notice.ts';
import { parseJson } from '../../../../src/core/position.ts';
import type { Json } from '../../../../src/core/position.ts';
import type { Announcer, SideMessage } from '../../../../src/core/ports.ts';
import type { DebeziumOptions } from '../../../../src/format/debezium/options.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { EVENT, OPTIONS, PROJECTION } from '../support.ts';

const CONTEXT = { ...OPTIONS, serverName: 'dbzt', version: '3.6.0.Final' };

function announcer(options: Partial<DebeziumOptions> = {}): Announcer {
  const { announcer: made } = createFormat({ type: 'debezium', options }, CONTEXT);
  if (made === undefined) throw new Error('no announcer');
  return made;
}

function place(position = 120, micros = 1_795_447_511_484_999): NoticePlace {
  return { transaction: { ...EVENT.transaction, committedMicros: micros }, position, timestamp: 0 };
}

function texts({ key, value }: SideMessage): string[] {
  return [key, value].map((part) => Buffer.from(part ?? []).toString());
}

/** `name type` of information_schema, with `!` for NOT NULL and `=` for a default. */
function column(text: string): ColumnDeclaration {
  const [, name = '', columnType = '', required = '', initial] = /^(\S+) ([^!=]+?)(!?)(?:=(.*))?$/.exec(text) ?? [];
  const dataType = /^\w+/.exec(columnType)?.[0] ?? '';
  const labels = /^(?:enum|set)\(/.test(columnType) ? [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'")) : null;
  const [, charset = null] = /charset (\w+)/.exec(columnType) ?? [];
  const textual = /^(char|varchar|\w*text|enum|set)\b/.test(columnType);
  return {
    name,
    columnType: columnType.replace(/ charset \w+/, ''),
    dataType,
    nullable: required === '',
    unsigned: columnType.includes('unsigned'),
    charset: charset ?? (textual ? 'utf8mb4' : null),
    collation: null,
    labels,
    default: initial === undefined ? { kind: 'null' } : { kind: 'literal', text: initial },
    comment: '',
    autoIncrement: false,
    generated: false,
    invisible: false,
  };
}

function table(name: string, primaryKey: string, columns: string): TableDeclaration {
  return { database: 'zoo', name, columns: columns.split('; ').map(column), primaryKey: primaryKey === '' ? [] : primaryKey.split(','), uniqueKeys: [], charset: 'utf8mb4', comment: '' };
}

/** The tables of the sample as information_schema shows them, by line. */
const TABLES: readonly (readonly [kind: TableChange['kind'], table: TableDeclaration | null])[] = [
  ['create', table('ints', 'id', 'id int!; t tinyint; tu tinyint unsigned; b1 tinyint(1); s smallint; su smallint unsigned; m mediumint; mu mediumint unsigned; i int; iu int unsigned; b bigint; bu bigint unsigned; y year; bit1 bit(1); bit9 bit(9); bit64 bit(64)')],
  ['create', table('nums', 'id', 'id int!; d1 decimal(1,0); d2 decimal(10,2); d3 decimal(65,30); d4 decimal(18,9) unsigned; f float; d double')],
  ['create', table('strs', 'id', "id varchar(20)!; c char(10); v varchar(50); vb varbinary(20); bn binary(6); tt tinytext; x text; lt longtext; bl blob; l1 varchar(20) charset latin1; u2 varchar(20) charset utf16; gb varchar(20) charset gbk; e enum('small','medium','x-large','a,b','it''s'); st set('red','green','blue'); j json")],
  ['create', table('times', 'id', 'id int!; d date; t0 time; t3 time(3); t6 time(6); dt0 datetime; dt3 datetime(3); dt6 datetime(6); ts0 timestamp; ts3 timestamp(3); ts6 timestamp(6)')],
  ['create', table('geo', 'id', 'id int!; p point; l linestring; g geometry; s point')],
  ['create', table('nokey', '', 'a int; b varchar(10)')],
  ['create', table('composite', 'b,c,a', 'a int!; b varchar(10)!; c bigint unsigned!; v int')],
  ['alter', table('composite', 'b,c,a', 'w varchar(5)=w; a int!; b varchar(10)!; c bigint unsigned!')],
  ['rename', table('composite2', 'b,c,a', 'w varchar(5)=w; a int!; b varchar(10)!; c bigint unsigned!')],
  ['drop', null],
];

const SAMPLE = readFileSync(new URL('../../../integration/fixtures/debezium-3.6-schema-changes.jsonl', import.meta.url), 'utf8').split('\n').filter((line) => line !== '');

type Fields = Readonly<Record<string, Json>>;

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What a line of the sample differs in, known and listed in differences.ts: `BINARY BINARY`, and a row number left over from the rows before. */
function known(value: Json): Json {
  return parseJson(JSON.stringify(value).replaceAll('BINARY BINARY', 'BINARY').replace('"row":1,', '"row":0,'));
}

describe('schema changes', () => {
  it.each(SAMPLE.map((line, i) => [i, (parseJson(line) as unknown as { readonly value: Fields }).value['ddl'], line] as const))('line %i of the sample: %s', (i, _ddl, line) => {
    const { key, value } = parseJson(line) as unknown as { readonly key: Json; readonly value: Fields };
    const source = value['source'] as Fields;
    const [kind, after] = TABLES[i] ?? (['drop', null] as const);
    const name = textOf(source['table']);
    const change: TableChange = { kind, before: null, after, table: { database: 'zoo', name }, renamedFrom: kind === 'rename' ? { database: 'zoo', name: 'composite' } : null };
    const transaction = { ...EVENT.transaction, gtid: textOf(source['gtid']), file: textOf(source['file']), serverId: Number(source['server_id']), committedMicros: Number(source['ts_ms']) * 1000 + 321 };
    const sql = kind === 'drop' ? 'DROP TABLE `nokey` /* generated by server */' : textOf(value['ddl']);
    const notice: SchemaNotice = { kind: 'schema', place: { transaction, position: Number(source['pos']), timestamp: 0 }, sql, verb: '', database: 'zoo', changes: [change] };
    const clock = { nowMicros: () => Number(value['ts_ms']) * 1000 + 7, monotonicMs: () => 0 };
    const messages = createFormat({ type: 'debezium' }, { ...CONTEXT, clock }).announcer?.schemaChange(notice) ?? [];
    expect(messages).toHaveLength(1);
    const [ourKey = '', ourValue = ''] = messages.flatMap(texts);
    expect(parseJson(ourKey)).toEqual(key);
    expect(JSON.stringify(parseJson(ourValue))).toBe(JSON.stringify(known(value as Json)));
  });

  it('name a unique key of columns that are never NULL where there is no primary key', () => {
    const after = { ...table('u', '', 'a int!; b int; c int!'), uniqueKeys: [['b'], ['a', 'b'], ['c', 'a'], ['a']] };
    const [only] = announcer().schemaChange({ ...notice, changes: [{ ...drop('u'), kind: 'create', after }] });
    expect(only === undefined ? '' : texts(only)[1]).toContain('"primaryKeyColumnNames":["c","a"]');
  });

  const drop = (name: string): TableChange => ({ kind: 'drop', before: null, after: null, table: { database: 'shop', name }, renamedFrom: null });
  const notice: SchemaNotice = { kind: 'schema', place: place(), sql: 'drop table a, `b``c`', verb: 'DROP', database: 'shop', changes: [drop('a'), drop('b`c')] };

  it('are a message for each table of a statement', () => {
    const values = announcer().schemaChange(notice).map((each) => JSON.parse(texts(each)[1] ?? '') as Fields);
    expect(values.map(({ ddl, source, tableChanges }) => [ddl, (source as Fields)['table'], tableChanges])).toEqual([
      ['DROP TABLE `shop`.`a`', 'a', [{ type: 'DROP', id: '"shop"."a"', table: null }]],
      ['DROP TABLE `shop`.`b``c`', 'b`c', [{ type: 'DROP', id: '"shop"."b`c"', table: null }]],
    ]);
  });

  it('are one message without a table for a statement about a database', () => {
    const [only, ...others] = announcer().schemaChange({ ...notice, sql: 'create database shop', changes: [] });
    expect(others).toEqual([]);
    expect(only === undefined ? '' : texts(only)[1]).toContain('"table":null,"server_id":3,"gtid":"u:7","file":"binlog.000007","pos":120,"row":0,"thread":null,"query":null},"ts_ms":1795447511581,"databaseName":"shop","schemaName":null,"ddl":"create database shop","tableChanges":[]}');
  });

  it('have the schemas of Debezium where schemas are on', () => {
    const [first] = announcer({ schemas: true }).schemaChange(notice);
    const [key = '', value = ''] = first === undefined ? [] : texts(first);
    expect(key).toBe('{"schema":{"type":"struct","fields":[{"type":"string","optional":false,"field":"databaseName"}],"optional":false,"name":"io.debezium.connector.mysql.SchemaChangeKey","version":1},"payload":{"databaseName":"shop"}}');
    expect(value).toContain('"optional":false,"name":"io.debezium.connector.mysql.SchemaChangeValue","version":1},"payload":{"source":{"version":"3.6.0.Final",');
  });
});

describe('truncates', () => {
  const notice = { kind: 'truncate', place: place(), sql: 'truncate t', table: { database: 'shop', name: 't' } } as const;

  it('are an envelope without images and without a key', () => {
    const [only] = announcer().truncate(notice);
    expect(only?.key).toBeNull();
    expect(only === undefined ? '' : texts(only)[1]).toBe(
      '{"before":null,"after":null,"source":{"version":"3.6.0.Final","connector":"mysql","name":"dbzt","ts_ms":1795447511484,"snapshot":"false","db":"shop","sequence":null,"ts_us":1795447511484000,"ts_ns":1795447511484000000,"table":"t","server_id":3,"gtid":"u:7","file":"binlog.000007","pos":120,"row":0,"thread":null,"query":null},"transaction":null,"op":"t","ts_ms":1795447511581,"ts_us":1795447511581331,"ts_ns":1795447511581331000}',
    );
  });

  it('have the schema of the rows that were told last, or one without columns', () => {
    const format = createFormat({ type: 'debezium', options: { schemas: true } }, CONTEXT);
    const names = (): unknown => {
      const [only] = format.announcer?.truncate(notice) ?? [];
      const { schema } = JSON.parse(only === undefined ? '' : (texts(only)[1] ?? '')) as { schema: { name: string; fields: { fields: { field: string }[] }[] } };
      return [schema.name, schema.fields[1]?.fields.map(({ field }) => field)];
    };
    expect(names()).toEqual(['dbzt.shop.t.Envelope', []]);
    format.encoder(PROJECTION);
    expect(names()).toEqual(['dbzt.shop.t.Envelope', ['a"', 'id']]);
  });

  it('are told neither flat nor in the topic of schema changes', () => {
    const flat = { deletes: 'tombstone', addFields: [], addFieldsPrefix: '', addHeaders: [], addHeadersPrefix: '' } as const;
    expect([announcer({ flat }).truncate(notice), announcer().schemaChange(notice)]).toEqual([[], []]);
  });
});

it('a gap is a message of its own', () => {
  const gap = { kind: 'gap', resumedAt: 'earliest', after: 'a:1', before: 'b:1', transactions: 5, gtids: 'u:1-5', bytes: null, noticedAt: 1000 } as const;
  const [only] = announcer().gap(gap);
  expect(only === undefined ? [] : texts(only)).toEqual(['{"serverName":"dbzt"}', '{"serverName":"dbzt","ts_ms":1000,"resumedAt":"earliest","after":"a:1","before":"b:1","transactions":5,"gtids":"u:1-5","bytes":null}']);
  expect(announcer({ schemas: true }).gap(gap)).toHaveLength(1);
});
