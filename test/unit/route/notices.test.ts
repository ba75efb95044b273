import { describe, expect, it } from 'vitest';
import { createNoticeRouter } from '../../../src/route/notices.ts';
import type { RouteOptions } from '../../../src/route/options.ts';

const router = (...routes: Partial<RouteOptions>[]) => createNoticeRouter(routes.map((route) => ({ tables: ['*.*'], topic: 'cdc.${database}.${table}', ...route })));

describe('schema changes of a table', () => {
  it('go where its route wants them, and only there', () => {
    const two = router({ tables: ['shop.orders'], schemaChanges: 'ddl.${database}.${table}' }, { tables: ['shop.*'], schemaChanges: 'ddl' });
    expect(two.schemaChanges('shop', 'orders')).toEqual([{ route: 0, topic: 'ddl.shop.orders' }]);
    expect(two.schemaChanges('shop', 'items')).toEqual([{ route: 1, topic: 'ddl' }]);
    expect(two.schemaChanges('other', 'items')).toEqual([]);
  });

  it('are not told without a topic, nor by a route that drops', () => {
    expect(router({}).schemaChanges('shop', 'orders')).toEqual([]);
    expect(router({ drop: true, schemaChanges: 'ddl' }).schemaChanges('shop', 'orders')).toEqual([]);
  });

  it('go where a route in another case wants them, on servers that keep names so', () => {
    const of = router({ tables: ['Shop.*'], schemaChanges: 'ddl', operations: ['truncate'] });
    expect([of.schemaChanges('shop', 'orders'), of.schemaChanges('shop', null), of.truncate({ database: 'shop', name: 'orders' })]).toEqual([[], [], null]);
    of.ignoreCase();
    const there = [{ route: 0, topic: 'ddl' }];
    expect([of.schemaChanges('shop', 'orders'), of.schemaChanges('shop', null), of.truncate({ database: 'shop', name: 'orders' })?.topic]).toEqual([there, there, 'cdc.shop.orders']);
  });

  it('cannot go to a topic that Kafka refuses', () => {
    expect(() => router({ schemaChanges: '${table}' }).schemaChanges('shop', '..')).toThrow('a name that Kafka refuses');
    expect(() => router({ schemaChanges: 'a b' })).toThrow('topic a b has a character that Kafka does not allow');
  });
});

describe('statements about a database', () => {
  it('go to every route that may take a table of it, where the topic needs no table', () => {
    const many = router(
      { tables: ['shop.orders'], schemaChanges: 'a.${database}' },
      { tables: ['sh*.x', 'other.y'], schemaChanges: 'b' },
      { tables: ['shop.*'], schemaChanges: 'c.${table}' },
      { tables: ['audit.*'], schemaChanges: 'd' },
    );
    expect(many.schemaChanges('shop', null)).toEqual([{ route: 0, topic: 'a.shop' }, { route: 1, topic: 'b' }]);
    expect(many.schemaChanges('audit', null)).toEqual([{ route: 3, topic: 'd' }]);
  });
});

describe('a truncate', () => {
  it('goes to the topic of the table where its route tells truncates', () => {
    const two = router({ tables: ['shop.a'], operations: ['insert', 'truncate'] }, {});
    expect(two.truncate({ database: 'shop', name: 'a' })).toEqual({ route: 0, topic: 'cdc.shop.a' });
    expect(two.truncate({ database: 'shop', name: 'b' })).toBeNull();
  });

  it('of a table that no route takes, or one drops, is not told', () => {
    expect(router({ tables: ['shop.a'], operations: ['truncate'] }).truncate({ database: 'x', name: 'a' })).toBeNull();
    expect(router({ drop: true, operations: ['truncate'] }).truncate({ database: 'x', name: 'a' })).toBeNull();
  });
});
