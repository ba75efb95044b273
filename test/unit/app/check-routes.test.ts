import { describe, expect, it } from 'vitest';
import { checkRoutes, checkSyntax } from '../../../src/app/check-routes.ts';
import { configuredTopics } from '../../../src/app/written-topics.ts';
import type { Config } from '../../../src/config/compile.ts';
import { parseConfig } from '../../../src/config/load.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { CatalogueColumn } from '../../../src/mysql/binlog/catalogue.ts';
import type { FoundTable } from '../../../src/mysql/schema/live-table.ts';
import { liveTable } from '../../../src/mysql/schema/live-table.ts';

function configOf(routes: string, more = ''): Config {
  const { config, problems } = parseConfig(`name: shop\nsource: { user: rowcast }\nroutes:\n${routes}${more}`, { path: 'f.yaml', env: {}, readFile: () => '' });
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

function table(name: string, ...columns: string[]): FoundTable {
  const described = columns.map((column, index): CatalogueColumn => ({ name: column, columnType: 'int', dataType: 'int', nullable: true, charset: null, labels: null, unsigned: false, keyOrder: index === 0 ? 0 : null }));
  return { database: 'shop', name, table: liveTable({ database: 'shop', name }, described, 'mysql') };
}

function check(routes: string, tables: readonly FoundTable[] | null, more = '') {
  const config = configOf(routes, more);
  const syntax = checkSyntax(config);
  const found = checkRoutes(config, syntax, { live: tables === null ? null : { tables }, flavor: 'mysql' });
  return { problems: [...syntax.problems, ...found.problems].map(({ code, severity, where, message }) => `${severity} ${code} ${where ?? ''} ${message}`), topics: found.topics };
}

describe('routes against tables', () => {
  it('gives the topics of the tables', () => {
    expect(check('- { tables: ["shop.a*"], topic: one }\n- { tables: ["shop.*"] }\n', [table('a1', 'id'), table('a2', 'id'), table('b', 'id')])).toEqual({ problems: [], topics: ['one', 'shop.shop.b'] });
  });

  it('knows fixed topics without a server', () => {
    expect(check('- { tables: ["shop.a*"], topic: one }\n- { tables: ["shop.*"] }\n- { tables: ["x.*"], drop: true }\n', null)).toEqual({ problems: ['warning ROUTE_COLUMN  the routes were not compared with the tables, because the server could not be asked'], topics: ['one'] });
  });

  it('names all topics that may be written to besides those of rows', () => {
    const more = 'schemaChanges: ddl\nschema: { quarantine: { topic: aside } }\nformat: { type: debezium, transactions: true, heartbeat: 10s }\n';
    const routes = '- { tables: ["shop.a"], topic: a, schemaChanges: "ddl.${table}", onTooLarge: deadLetter }\n- { tables: ["shop.b"], schemaChanges: "ddl.${database}" }\n- { tables: ["shop.c"] }\n- { tables: ["shop.d"], drop: true }\n';
    expect(new Set(check(routes, null, more).topics)).toEqual(new Set(['a', 'shop.dead-letter', 'ddl', 'shop.transaction', '__debezium-heartbeat.shop', 'aside']));
    expect(new Set(check(routes, ['a', 'b', 'c'].map((name) => table(name, 'id')), more).topics)).toEqual(new Set(['a', 'shop.shop.b', 'shop.shop.c', 'shop.dead-letter', 'ddl', 'ddl.a', 'ddl.shop', 'shop.transaction', '__debezium-heartbeat.shop', 'aside']));
  });

  it('names the topic of gaps where reading goes on after them, and no quarantine where there is none', () => {
    const { config } = parseConfig('name: shop\nsource: { user: rowcast, onPurged: latest }\nschema: { onUnknown: fail }\nroutes: [{ tables: ["shop.*"], topic: one }]\n', { path: 'f.yaml', env: {}, readFile: () => '' });
    expect(config === null ? [] : configuredTopics(config)).toEqual(['one', 'shop.gaps']);
  });

  it('tells a topic of schema changes that Kafka does not allow, once', () => {
    expect(check('- { tables: ["shop.a"], topic: one }\n- { tables: ["shop.b"], topic: two }\n', null, 'schemaChanges: "d d"\n').problems).toEqual([
      'error CONFIG_INVALID f.yaml:4:3 routes[0].schemaChanges: topic d d has a character that Kafka does not allow',
      'warning ROUTE_COLUMN  the routes were not compared with the tables, because the server could not be asked',
    ]);
  });

  it('tells where each mistake stands, and those of one route once', () => {
    const routes = '- tables: ["shop.*"]\n  key: [nosuch]\n  where: "row.other == 1"\n';
    expect(check(routes, [table('a', 'id'), table('b', 'id')]).problems).toEqual([
      'error ROUTE_COLUMN f.yaml:5:8 table shop.a: key names column nosuch, which the table does not have; likewise shop.b',
      'error CONDITION_INVALID f.yaml:6:10 table shop.a: where: the table has no column other (line 1, column 1): row.other == 1; likewise shop.b',
    ]);
  });

  it('lists five tables at most', () => {
    const tables = 'abcdefgh'.split('').map((name) => table(name, 'id'));
    expect(check('- tables: ["shop.*"]\n  columns: { exclude: [nosuch] }\n', tables).problems).toEqual([
      'error ROUTE_COLUMN f.yaml:5:23 table shop.a: columns.exclude names column nosuch, which the table does not have; likewise shop.b, shop.c, shop.d, shop.e, shop.f and 2 more',
    ]);
  });

  it('tells two tables that meet in one topic', () => {
    const { problems } = check('- tables: ["shop.a"]\n  topic: "t.${table}"\n- tables: ["shop.b"]\n  topic: "t.a"\n- tables: ["shop.c d"]\n  topic: "t.${table}"\n- tables: ["shop.e"]\n  topic: t.c_x20d\n', [table('a', 'id'), table('b', 'id'), table('c d', 'id'), table('e', 'id')]);
    expect(problems).toEqual(['error ROUTE_CONFLICT f.yaml:11:10 tables shop.c d and shop.e would meet in topic t.c_x20d']);
  });

  it('checks the sound routes beside broken ones', () => {
    const routes = '- tables: ["shop."]\n- tables: ["shop.a"]\n  topic: "t t"\n  where: "row."\n  key: [x]\n';
    expect(check(routes, [table('a', 'id')])).toMatchObject({
      problems: [
        expect.stringMatching(/^error CONFIG_INVALID f\.yaml:4:12 routes\[0\]\.tables\[0\]: /u),
        expect.stringMatching(/^error CONDITION_INVALID f\.yaml:7:10 routes\[1\]\.where: /u),
        expect.stringMatching(/^error CONFIG_INVALID f\.yaml:6:10 routes\[1\]\.topic: topic t t has a character that Kafka does not allow$/u),
        'error ROUTE_COLUMN f.yaml:8:8 table shop.a: key names column x, which the table does not have, did you mean id?',
      ],
      topics: [],
    });
  });

  it('tells a table whose columns cannot be read, and goes on', () => {
    const unread: FoundTable = { database: 'shop', name: 'x', table: new RowcastError('EVENT_UNSUPPORTED', 'column c is declared xmltype') };
    expect(check('- tables: ["shop.*"]\n', [unread, table('b', 'id')])).toEqual({ problems: ['error EVENT_UNSUPPORTED f.yaml:4:3 table shop.x: column c is declared xmltype'], topics: ['shop.shop.b'] });
  });

  it('warns of a route without tables, and of an account that sees none at all', () => {
    const routes = '- tables: ["shop.a"]\n- tables: ["shop.a", "shop.z"]\n- { tables: ["q.*"], drop: true }\n';
    expect(check(routes, [table('a', 'id')]).problems).toEqual(['warning CONFIG_INVALID f.yaml:5:11 route 2 (shop.a, shop.z) takes no table that the account rowcast sees']);
    expect(check(routes, []).problems).toEqual(['warning CONFIG_INVALID f.yaml:4:1 the account rowcast sees no table that a route takes']);
    expect(check('- { tables: ["q.*"], drop: true }\n', []).problems).toEqual([]);
  });
});
