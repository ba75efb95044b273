import { expect, inject, it } from 'vitest';
import { freshDatabase } from '../support/mysql.ts';
import { capture, images } from './types-support.ts';

it("MariaDB's JSON is a text, or the document itself where a route asks for it", async () => {
  const server = inject('mariadb');
  const database = await freshDatabase(server, 'types_json');
  const define = (name: string): string => `create table ${database}.${name} (id int primary key, j json, l longtext)`;
  const [lines = []] = await capture({
    server,
    prepare: `${define('plain_text')}; ${define('inlined')}`,
    change: ['plain_text', 'inlined'].map((name) => `insert into ${database}.${name} values (1, '{ "a": [1, 2.50] }', '{ "a": 1 }'), (2, null, null)`).join('; '),
    wanted: [{ format: 'plain', database, routes: [{ tables: [`${database}.inlined`], types: { json: 'inline' } }] }],
  });
  expect(images(lines, 'plain_text')).toEqual([String.raw`{"id":1,"j":"{ \"a\": [1, 2.50] }","l":"{ \"a\": 1 }"}`, '{"id":2,"j":null,"l":null}']);
  expect(images(lines, 'inlined')).toEqual([String.raw`{"id":1,"j":{"a":[1,2.50]},"l":"{ \"a\": 1 }"}`, '{"id":2,"j":null,"l":null}']);
});
