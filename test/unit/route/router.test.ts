import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import { Secret } from '../../../src/core/secret.ts';
import { CONDITIONS } from '../../../src/route/condition/language.ts';
import { createMask } from '../../../src/route/masks.ts';
import type { RouteOptions } from '../../../src/route/options.ts';
import { createRouter } from '../../../src/route/router.ts';
import { column, table } from './tables.ts';

const context = { maskingKey: new Secret('key') };
const topic = 'cdc.${database}.${table}';
const columns = [column(0, 'id', 'int'), column(1, 'email', 'text'), column(2, 'note', 'binary')];
const orders = table(columns);

function plan(options: Partial<RouteOptions>, of = orders) {
  const result = createRouter([{ tables: ['*.*'], topic, ...options }], context).plan(of);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

function matched(patterns: readonly string[], database: string, name: string): number {
  const match = createRouter(patterns.map((pattern) => ({ tables: [pattern], topic })), context).match(database, name);
  return match.kind === 'none' ? -1 : match.index;
}

describe('the route of a table', () => {
  it.each([
    [['shop.order_*', 'shop.orders', '*.*'], 'shop', 'orders', 1],
    [['*.*', 'shop.orders'], 'shop', 'orders', 0],
    [['shop.order?', '*.*'], 'shop', 'orders', 0],
    [['shop.order?'], 'shop', 'order', -1],
    [['Shop.orders'], 'shop', 'orders', -1],
    [['`my.db`.`we``ird*`'], 'my.db', 'we`ird*', 0],
    [['`my.db`.`we``ird*`'], 'my.db', 'we`irdest', -1],
    [['a+b.x'], 'aab', 'x', -1],
  ])('%j: %s.%s is %i', (patterns, database, name, index) => {
    expect(matched(patterns, database, name)).toBe(index);
  });

  it('is found without case where the server keeps names so, the first of those that differ by case alone', () => {
    const router = createRouter(['audit.*', 'Shop.Orders', 'SHOP.ORDERS', 'Größe.T*'].map((pattern) => ({ tables: [pattern], topic })), context);
    const found = (): unknown[] => [router.match('shop', 'orders'), router.match('größe', 'tt')].map((match) => (match.kind === 'none' ? -1 : match.index)).concat([router.reaches('shop'), router.names('shop', 'orders')].map(Number));
    expect([found(), router.ignoresCase]).toEqual([[-1, -1, 0, 0], false]);
    for (let times = 0; times < 2; times++) router.ignoreCase();
    expect([found(), router.ignoresCase]).toEqual([[1, 3, 1, 1], true]);
  });

  it.each(['orders', 'a.b.c', '.a', 'a.', 'a`b.c'])('%s is no pattern', (pattern) => {
    expect(() => matched([pattern], 'a', 'b')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('may be none, or to be dropped', () => {
    const router = createRouter([{ tables: ['audit.*'], drop: true, topic }], context);
    expect(router.plan(table(columns, [0], 'audit.log'))).toBe('dropped');
    expect(router.plan(orders)).toBe('no_route');
    expect(router.captures('audit', 'log')).toBe(false);
  });

  it('names the topic of dead letters where it has some, and needs one', () => {
    for (const policy of [{ onError: 'deadLetter' }, { onTooLarge: 'deadLetter' }] as const) {
      expect(plan({ ...policy, deadLetter: 'dead.${table}' }).deadLetter).toMatch(/^dead\.[a-z]+$/);
      expect(() => plan(policy)).toThrow('deadLetter needs a topic');
      expect(() => plan({ ...policy, deadLetter: '${what}' })).toThrow('unknown variable ${what}');
    }
    expect(plan({ deadLetter: 'dead' }).deadLetter).toBeNull();
  });

  it('has defaults', () => {
    const made = plan({});
    expect({ ...made, projection: 0, operations: [...made.operations] }).toEqual({
      index: 0, route: 'route 1 (*.*)', projection: 0, topic: 'cdc.shop.orders', where: null, when: null,
      operations: ['insert', 'update', 'delete'], tombstones: true, onTooLarge: 'fail', deadLetter: null, onError: 'fail',
    });
    expect(made.projection.key.map((key) => key.name)).toEqual(['id']);
  });
});

describe('topics', () => {
  it.each([
    ['shop.na me', 'cdc.shop.na_x20me'],
    ['shop.größe', 'cdc.shop.gr_xC3_xB6_xC3_x9Fe'],
    ['shop.a_x20b', 'cdc.shop.a_x5Fx20b'],
  ])('of %s is %s', (label, name) => {
    expect(plan({}, table(columns, [0], label)).topic).toBe(name);
  });

  it.each(['cdc.${schema}', 'c d', ''])('refuses the template %j', (template) => {
    expect(() => plan({ topic: template })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('refuses two tables that would meet by their delimiters', () => {
    const router = createRouter([{ tables: ['*.*'], topic: '${database}_${table}' }], context);
    router.plan(table(columns, [0], 'a_b.c'));
    expect(() => router.plan(table(columns, [0], 'a.b_c'))).toThrow('tables a_b.c and a.b_c would meet in topic a_b_c');
  });

  it('lets tables meet on purpose, and a table meet its own next version', () => {
    const one = createRouter([{ tables: ['*.*'], topic: 'all' }], context);
    one.plan(orders);
    expect(one.plan(table(columns, [0], 'shop.items'))).toMatchObject({ topic: 'all' });
    expect(one.plan(table(columns.slice(0, 2)))).toMatchObject({ topic: 'all' });
  });

  it('refuses more than 249 characters', () => {
    expect(() => plan({}, table(columns, [0], `shop.${'é'.repeat(31)}`))).toThrow(expect.objectContaining({ code: 'ROUTE_CONFLICT' }));
  });
});

describe('columns', () => {
  it('are shown, renamed and masked', () => {
    const { projection } = plan({ columns: { exclude: ['note'], rename: { id: 'ID' }, mask: { id: 'redact' } } });
    expect(projection.columns.map(({ name, mask }) => [name, mask !== null])).toEqual([['ID', true], ['email', false]]);
    expect(projection.key[0]).toBe(projection.columns[0]);
  });

  it('key none is no key', () => {
    expect(plan({ key: 'none' }).projection.key).toEqual([]);
  });

  it.each<[Partial<RouteOptions>, string]>([
    [{ key: ['idd'] }, 'key names column idd, which the table does not have, did you mean id?'],
    [{ columns: { mask: { emial: 'redact' } } }, 'columns.mask names column emial, which the table does not have, did you mean email?'],
    [{ columns: { exclude: ['id'] } }, 'the primary key column id is not shown by the route'],
    [{ key: ['email'], columns: { include: ['id'] } }, 'the key column email is not shown by the route'],
    [{ columns: { rename: { email: 'id' } } }, 'columns id and email would both be named id'],
    [{ columns: { mask: { note: 'last4' } } }, 'holds bytes'],
    [{ columns: { include: [] }, key: 'none' }, 'the route shows no column'],
    [{ key: ['id', 'id'] }, 'key names column id twice'],
  ])('refuses %j', (options, message) => {
    expect(() => plan(options)).toThrow(expect.objectContaining({ code: 'ROUTE_COLUMN', message: expect.stringContaining(message) as unknown }));
  });
});

describe('masks', () => {
  const masked = (name: 'sha256' | 'redact' | 'last4', value: string) => {
    const out = new ByteWriter(100);
    createMask(name, context)(Buffer.from(value), out);
    return out.view().toString();
  };

  it('are an HMAC, nothing, or the last four characters', () => {
    expect(masked('sha256', 'The quick brown fox jumps over the lazy dog')).toBe('f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8');
    expect(masked('redact', 'secret')).toBe('***');
    expect(masked('last4', '4111111111111234')).toBe('****1234');
    expect(masked('last4', 'aéß€😀')).toBe('****éß€😀');
    expect(masked('last4', 'éß€😀')).toBe('****');
    expect(masked('last4', '')).toBe('****');
  });

  it('sha256 needs a key when routes are made', () => {
    const routes: RouteOptions[] = [{ tables: ['*.*'], topic, columns: { mask: { email: 'sha256' } } }];
    expect(() => createRouter(routes, { maskingKey: null })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('tells which databases some route may take tables of, and which tables are named without wildcards', () => {
    const router = createRouter([{ tables: ['*.secret'], drop: true, topic: '' }, { tables: ['shop.orders', 'crm_?.*'], topic: 't' }, { tables: ['mysql.user'], topic: 'u' }], { maskingKey: null });
    expect(['shop', 'crm_1', 'crm_12', 'other', 'mysql', 'sys'].map((database) => router.reaches(database))).toEqual([true, true, false, false, true, false]);
    expect([router.names('shop', 'orders'), router.names('crm_1', 'orders'), router.names('other', 'x')]).toEqual([true, false, false]);
    const all = createRouter([{ tables: ['*.*'], topic: 't' }], { maskingKey: null });
    expect(['shop', 'mysql', 'information_schema'].map((database) => all.reaches(database))).toEqual([true, false, false]);
  });

  it('shows nothing of rows that only their columns tell whether they belong to the route', () => {
    const router = createRouter([{ tables: ['a.*'], topic: 'x', where: 'row.id > 1' }, { tables: ['b.*'], topic: 'x', when: 'op == "c"', operations: ['insert'] }, { tables: ['c.*'], topic: 'x' }], { maskingKey: null, conditions: CONDITIONS });
    expect(['a', 'b', 'c', 'd'].map((database) => [router.hides(database, 't'), router.hides(database, 't', 'id'), router.hidesColumns(database, 't')])).toEqual([[true, true, false], [true, true, false], [false, false, false], [false, false, false]]);
    expect((['insert', 'delete'] as const).map((operation) => ['a', 'b', 'd'].map((database) => router.wants(database, 't', operation)))).toEqual([[true, true, true], [true, false, true]]);
  });

  it('finds the names of tables with hidden columns in SQL text, as words, in any case', () => {
    const route = (...tables: string[]) => ({ tables, topic: 'x', columns: { exclude: ['v'] } });
    const router = createRouter([route('a.users', 'a.acc_*', 'a.`x.y``z*`'), { tables: ['a.*'], topic: 'x' }], { maskingKey: null });
    expect(['select * from users', 'SELECT 1 FROM `USERS`u', 'insert into b.Users(id)', 'update acc_1 set a=1', 'delete from `x.y``z*`', "select 'users'"].map((sql) => router.namesHidden(sql))).toEqual([true, true, true, true, true, true]);
    expect(['select * from users2', 'insert into my_users values (1)', 'update t set accounts = 1', 'select $users', 'delete from xxyz'].map((sql) => router.namesHidden(sql))).toEqual([false, false, false, false, false]);
    expect(createRouter([{ tables: ['a.*'], topic: 'x' }], { maskingKey: null }).namesHidden('select * from a')).toBe(false);
    expect(createRouter([route('a.*')], { maskingKey: null }).namesHidden('select 1')).toBe(true);
  });

  it('tells which tables and columns a route hides something of', () => {
    const router = createRouter([{ tables: ['a.t'], topic: 't', columns: { mask: { m: 'redact' } } }, { tables: ['b.t'], topic: 't', columns: { exclude: ['x'] } }, { tables: ['c.t'], topic: 't', columns: { include: ['id'] } }, { tables: ['d.t'], topic: 't', columns: { rename: { a: 'b' } } }], { maskingKey: null });
    expect(['a', 'b', 'c', 'd', 'e'].map((database) => router.hides(database, 't'))).toEqual([true, true, true, false, false]);
    expect([router.hides('a', 't', 'm'), router.hides('a', 't', 'id'), router.hides('b', 't', 'x'), router.hides('b', 't', 'id'), router.hides('c', 't', 'x'), router.hides('c', 't', 'id')]).toEqual([true, false, true, false, true, false]);
  });
});
