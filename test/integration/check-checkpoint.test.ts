import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkAll } from '../../src/app/check.ts';
import { setPosition } from '../../src/app/position.ts';
import type { Config } from '../../src/config/compile.ts';
import { parseConfig } from '../../src/config/load.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';

const folder = await mkdtemp(join(tmpdir(), 'rowcast-check-'));
const KINDS = ['mysql', 'mariadb'] as const;
let source = '';

beforeAll(async () => {
  source = await freshDatabase(inject('mysql'), 'check');
  await query(inject('mysql'), `create table ${source}.t (id int primary key)`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function configOf(checkpoint: object, sink: object = { type: 'stdout' }): Config {
  const { host, port } = inject('mysql');
  const document = { name: 'check', source: { host, port, user: 'root' }, sink, checkpoint: { path: join(folder, 'saved'), ...checkpoint }, routes: [{ tables: [`${source}.*`], topic: 't' }] };
  const { config, problems } = parseConfig(JSON.stringify(document), { path: 'test.yaml', env: {}, readFile: () => '' });
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

describe.each(KINDS)('a check of a position in a table of %s', (kind) => {
  const server = inject(kind);
  let database = '';
  let account = '';
  beforeAll(async () => {
    database = await freshDatabase(server, 'places');
    account = unique('check').slice(0, 30);
    await query(server, `create user '${account}'@'%' identified by 's3cret'`);
  });
  afterAll(() => query(server, `drop user '${account}'@'%'`));

  const poor = (table: string): Config => configOf({ type: 'mysql', server: { ...server, user: account, password: 's3cret' }, table });
  const found = async (table: string): Promise<(readonly string[])[]> => (await checkAll(poor(table))).map(({ code, message, repair }) => [code, message.replaceAll(database, 'd').replaceAll(account, 'a'), repair.replaceAll(database, 'd').replaceAll(account, 'a')]);

  it('tells each privilege that is missing with the statement that gives it, until a daemon can write, and makes nothing', async () => {
    const table = `${database}.kept`;
    expect(await found(table)).toEqual([
      ['CHECKPOINT_UNWRITABLE', 'the account `a`@`%` may not make the table d.kept, which does not exist or which it may not see, and which keeps positions', 'GRANT SELECT, INSERT, UPDATE, CREATE ON `d`.`kept` TO `a`@`%`;'],
      ['CHECKPOINT_UNWRITABLE', 'the account `a`@`%` may not make the table d.kept_schema, which does not exist or which it may not see, and which keeps the schema history', 'GRANT SELECT, INSERT, DELETE, CREATE ON `d`.`kept_schema` TO `a`@`%`;'],
    ]);
    for (const { repair } of await checkAll(poor(table))) await query(server, repair);
    expect(await found(table)).toEqual([]);
    expect(await query(server, `show tables from ${database}`)).toEqual([]);
    await setPosition(poor(table), 'latest');
    await query(server, `revoke update on ${table} from '${account}'@'%'; revoke delete, insert on ${table}_schema from '${account}'@'%'`);
    expect(await found(table)).toEqual([
      ['CHECKPOINT_UNWRITABLE', 'the account `a`@`%` may not UPDATE on the table d.kept, which keeps positions', 'GRANT SELECT, INSERT, UPDATE ON `d`.`kept` TO `a`@`%`;'],
      ['CHECKPOINT_UNWRITABLE', 'the account `a`@`%` may not INSERT on the table d.kept_schema, which keeps the schema history', 'GRANT SELECT, INSERT, DELETE ON `d`.`kept_schema` TO `a`@`%`;'],
      ['CHECKPOINT_UNWRITABLE', 'the account `a`@`%` may not DELETE on the table d.kept_schema, which keeps the schema history', 'GRANT SELECT, INSERT, DELETE ON `d`.`kept_schema` TO `a`@`%`;'],
    ]);
    await query(server, `revoke select on ${table} from '${account}'@'%'`);
    expect((await found(table)).map(([, message]) => message)).toContain('the account `a`@`%` may not SELECT on the table d.kept, which keeps positions');
  }, 60_000);

  it('tells a database that is not there, a table of something else, and a server that is not', async () => {
    const rich = (changes: object): Config => configOf({ type: 'mysql', server: { ...server, user: 'root' }, ...changes });
    const messages = async (config: Config): Promise<string[]> => (await checkAll(config)).map(({ message }) => message);
    expect(await messages(rich({ table: 'no_such_database.kept' }))).toEqual([`the database no_such_database, which checkpoint.table names, does not exist on 127.0.0.1:${String(server.port)}`]);
    await query(server, `create table ${database}.other (id int primary key)`);
    expect(await messages(rich({ table: `${database}.other` }))).toEqual([expect.stringMatching(/^the table \S+\.other is there and is none that keeps positions: .*Unknown column 'name'/)]);
    const gone = await checkAll(rich({ server: { ...server, port: 1, user: 'root' } }));
    expect(gone.map(({ code }) => code)).toEqual(['CHECKPOINT_LOST']);
    expect(await messages(rich({ table: `${database}.fine` }))).toEqual([]);
  }, 60_000);
});

describe('a check of a position in a topic', () => {
  it('finds nothing where it may be made, and one that keeps nothing for long; with no topics to be made, what is to be done', async () => {
    const { host, port } = inject('kafka');
    const sink = { type: 'kafka', brokers: [`${host}:${String(port)}`] };
    const topic = unique('kept');
    const config = configOf({ type: 'kafka', topic }, sink);
    expect(await checkAll(config)).toEqual([]);
    await setPosition(config, 'latest');
    expect(await checkAll(config)).toEqual([]);
    const missing = await checkAll(configOf({ type: 'kafka', topic: `${topic}.other` }, { ...sink, topics: { create: false } }));
    expect(missing.map(({ code, where }) => [code, where]).slice(0, 2)).toEqual([['SINK_REFUSED', `${topic}.other`], ['SINK_REFUSED', `${topic}.other.schema`]]);
    expect(missing[1]?.repair).toContain(`kafka-topics.sh --create --topic ${topic}.other.schema --partitions 1 --config cleanup.policy=compact`);
  }, 60_000);
});
