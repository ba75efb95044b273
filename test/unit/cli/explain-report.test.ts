import { describe, expect, it } from 'vitest';
import { explainReport } from '../../../src/cli/explain-report.ts';
import { marked, plain } from './support.ts';

describe('what becomes of a table', () => {
  it('is nothing without a route', () => {
    expect(explainReport({ table: 'a.b', leftOut: 'no_route', route: null, plan: null }, plain)).toBe('a.b is taken by no route: its rows are counted and left out.');
  });

  it('is nothing where a route drops it', () => {
    expect(explainReport({ table: 'a.b', leftOut: 'dropped', route: 'routes[1] (audit.*)', plan: null }, plain)).toBe(
      'a.b is taken by routes[1] (audit.*), which drops it: its rows are counted and left out.',
    );
  });

  const plan = {
    topic: 'cdc.shop.orders',
    format: 'plain',
    key: ['id', 'part'],
    columns: [
      { column: 'id', name: 'id', sqlType: 'bigint unsigned', mask: null },
      { column: 'mail', name: 'email', sqlType: 'varchar(200)', mask: 'sha256' },
    ],
    hidden: ['note'],
    where: "row.status != 'draft'",
    when: null,
    operations: ['insert', 'update'],
    tombstones: true,
    example: { key: { id: 1 }, value: { op: 'insert', after: { id: 1 } } },
  };

  it('is told line by line', () => {
    expect(explainReport({ table: 'shop.orders', leftOut: null, route: 'routes[0] (shop.*)', plan }, plain)).toBe(`shop.orders is taken by routes[0] (shop.*).
  topic       cdc.shop.orders
  format      plain
  key         id, part
  operations  insert, update
  tombstones  yes, for each delete
  where       row.status != 'draft'
  left out    note
  columns
    id    bigint unsigned
    mail  varchar(200), as email, masked by sha256
  example key, made up
    {"id":1}
  example value, made up
    {
      "op": "insert",
      "after": {
        "id": 1
      }
    }`);
  });

  it('says none for no key, and shows no example where there is none', () => {
    const text = explainReport({ table: 'a.b', leftOut: null, route: 'routes[0]', plan: { ...plan, key: [], tombstones: false, example: null } }, marked);
    expect(text).toContain('<cyan>key       </>  none\n');
    expect(text).toContain('<cyan>tombstones</>  no\n');
    expect(text).not.toContain('example');
  });
});
