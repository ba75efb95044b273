import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkAll } from '../../src/app/check.ts';
import { explainTable } from '../../src/app/explain.ts';
import { tailUrl } from '../../src/app/tail.ts';
import { FileCheckpointStore } from '../../src/checkpoint/stores/file-store.ts';
import type { Config } from '../../src/config/compile.ts';
import { parseConfig } from '../../src/config/load.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';
import { READER } from '../../scripts/servers/index.ts';

let folder = '';
let database = '';
const account = 'commands_poor';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowcast-commands-'));
  database = await freshDatabase(inject('mysql'), 'commands');
  await query(
    inject('mysql'),
    `create table ${database}.orders (id bigint unsigned primary key, total decimal(12,2), email varchar(50), note text, status enum('new','paid'));
     create table ${database}.items (id int primary key, v int);
     create table ${database}.hidden (id int primary key);
     drop user if exists '${account}'@'%'; create user '${account}'@'%' identified by 's3cret'`,
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Changes {
  readonly source?: object;
  readonly [key: string]: unknown;
}

function configOf({ source, ...changes }: Changes = {}): Config {
  const { host, port } = inject('mysql');
  const document = {
    name: 'commands',
    source: { host, port, user: READER, ...source },
    sink: { type: 'file', path: join(folder, 'out.jsonl') },
    checkpoint: { path: join(folder, 'commands.checkpoint') },
    masking: { key: '0123456789abcdef' },
    routes: [{ tables: [`${database}.*`], topic: 'cdc.${database}.${table}' }],
    ...changes,
  };
  const { config, problems } = parseConfig(JSON.stringify(document, null, 1), { path: 'test.yaml', env: {}, readFile: () => '' });
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

/** Every problem in short. */
async function found(config: Config): Promise<string[]> {
  return (await checkAll(config)).map(({ code, severity, message }) => `${severity} ${code} ${message}`);
}

describe('check', () => {
  it('finds nothing where all is well', async () => {
    const { host, port } = inject('kafka');
    expect(await checkAll(configOf())).toEqual([]);
    expect(await checkAll(configOf({ sink: { type: 'kafka', brokers: [`${host}:${String(port)}`] } }))).toEqual([]);
    expect(await checkAll(configOf({ sink: { type: 'stdout' } }))).toEqual([]);
  });

  it('looks at the sink though the source is down, and tells the checkpoint, too', async () => {
    const path = join(folder, 'damaged.checkpoint');
    await writeFile(path, '{"x":');
    const problems = await checkAll(configOf({ source: { port: 1 }, sink: { type: 'kafka', brokers: ['127.0.0.1:1'], delivery: 'at-least-once' }, checkpoint: { path } }));
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['CHECKPOINT_DAMAGED', 'error'], ['SOURCE_LOST', 'error'], ['ROUTE_COLUMN', 'warning'], ['SINK_LOST', 'error']]);
    expect(problems[1]?.repair).toBe('Check source.host and source.port, that the server runs, and that no firewall is in between.');
    expect(problems[3]?.repair).toContain('Check sink.brokers');
  });

  it('tells every part of a route that does not fit its tables', async () => {
    const routes = [
      { tables: [`${database}.orders`], topic: 'same', key: ['idd'], where: 'row.totl == 1', when: 'after.sum == 2' },
      { tables: [`${database}.items`, `${database}.hidden`], columns: { mask: { email: 'redact' } } },
      { tables: [`${database}.none`] },
    ];
    const problems = await checkAll(configOf({ routes }));
    expect(problems.map(({ code, severity, message }) => `${severity} ${code} ${message.replaceAll(`${database}.`, '')}`)).toEqual([
      'error ROUTE_COLUMN table hidden: columns.mask names column email, which the table does not have; likewise items',
      'error ROUTE_COLUMN table orders: key names column idd, which the table does not have, did you mean id?',
      'error CONDITION_INVALID table orders: where: the table has no column totl, did you mean total? (line 1, column 1): row.totl == 1',
      'error CONDITION_INVALID table orders: when: the table has no column sum (line 1, column 1): after.sum == 2',
      `warning CONFIG_INVALID route 3 (none) takes no table that the account ${READER} sees`,
    ]);
    expect(problems.map(({ where }) => /^test\.yaml:\d+:\d+$/u.test(where ?? ''))).toEqual([true, true, true, true, true]);
  });

  it('tells two tables that would meet in one topic', async () => {
    await query(inject('mysql'), `create table ${database}.\`a b\` (id int primary key); create table ${database}.a_x20b (id int primary key)`);
    const routes = [{ tables: [`${database}.a b`], topic: 'cdc.${table}' }, { tables: [`${database}.a*`], topic: 'cdc.a_x20b' }];
    const problems = await checkAll(configOf({ routes }));
    await query(inject('mysql'), `drop table ${database}.\`a b\`; drop table ${database}.a_x20b`);
    expect(problems).toMatchObject([{ code: 'ROUTE_CONFLICT', severity: 'error' }]);
  });

  it('tells mistakes of syntax together with the rest', async () => {
    const routes = [{ tables: [`${database}.`], topic: 't' }, { tables: [`${database}.items`], where: 'row.id >', key: ['nosuch'] }];
    expect((await checkAll(configOf({ routes }))).map(({ code }) => code)).toEqual(['CONFIG_INVALID', 'CONDITION_INVALID', 'ROUTE_COLUMN']);
  });

  it('tells missing privileges, and that the account sees no table', async () => {
    expect(await found(configOf({ source: { user: account, password: 's3cret' } }))).toEqual([
      `error SOURCE_REFUSED the account \`${account}\`@\`%\` lacks the privilege REPLICATION CLIENT`,
      `error SOURCE_REFUSED the account \`${account}\`@\`%\` lacks the privilege REPLICATION SLAVE`,
      `warning CONFIG_INVALID the account ${account} sees no table that a route takes`,
    ]);
    expect((await checkAll(configOf({ source: { user: account, password: 'wrong' } }))).map(({ code }) => code)).toEqual(['SOURCE_AUTH', 'ROUTE_COLUMN']);
  });

  it('tells a position that is gone, and where nothing can be written', async () => {
    const source = { start: { file: 'nosuch.000001', position: 4 } };
    expect((await checkAll(configOf({ source }))).map(({ code }) => code)).toEqual(['SOURCE_POSITION_FOREIGN']);
    const path = join(folder, 'file');
    await writeFile(path, '');
    const problems = await checkAll(configOf({ sink: { type: 'file', path: folder }, checkpoint: { path: join(path, 'x.checkpoint') } }));
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['CHECKPOINT_UNWRITABLE', 'error'], ['SINK_REFUSED', 'error']]);
  });

  it('warns of a daemon that runs, and does not take its server id for a stranger', async () => {
    const config = configOf({ checkpoint: { path: join(folder, 'held.checkpoint') } });
    const store = new FileCheckpointStore(config.checkpoint.path, config.name, () => undefined);
    await store.open();
    try {
      expect(await checkAll(config)).toMatchObject([{ code: 'CHECKPOINT_LOCKED', severity: 'warning' }]);
    } finally {
      await store.close();
    }
    expect(await checkAll(config)).toEqual([]);
  });

  it('tells a checkpoint of another daemon', async () => {
    const path = join(folder, 'other.checkpoint');
    const store = new FileCheckpointStore(path, 'other', () => undefined);
    await store.open();
    await store.save({ position: { state: {}, label: 'somewhere' }, savedAt: 1 });
    await store.close();
    expect((await checkAll(configOf({ checkpoint: { path } }))).map(({ code }) => code)).toEqual(['CHECKPOINT_FOREIGN']);
  });
});

describe('explain', () => {
  it('tells route, topic, key, columns and an example', async () => {
    const routes = [
      { tables: [`${database}.hidden`], drop: true },
      { tables: [`${database}.orders`], topic: 'cdc.${table}', format: 'plain', columns: { exclude: ['note'], rename: { total: 'sum' }, mask: { email: 'last4' } }, where: "row.status != 'new'", tombstones: false },
    ];
    const config = configOf({ routes });
    const told = await explainTable(config, `${database}.orders`);
    expect(told).toMatchObject({ table: `${database}.orders`, leftOut: null, route: `route 2 (${database}.orders)` });
    expect(told.plan).toMatchObject({
      topic: 'cdc.orders',
      format: 'plain',
      key: ['id'],
      columns: [
        { column: 'id', name: 'id', sqlType: 'bigint unsigned', mask: null },
        { column: 'total', name: 'sum', sqlType: 'decimal(12,2)', mask: null },
        { column: 'email', name: 'email', sqlType: 'varchar(50)', mask: 'last4' },
        { column: 'status', name: 'status', sqlType: "enum('new','paid')", mask: null },
      ],
      hidden: ['note'],
      where: "row.status != 'new'",
      when: null,
      operations: ['insert', 'update', 'delete'],
      tombstones: false,
      example: { key: { id: 1 }, value: { op: 'insert', source: { name: 'commands', connector: 'mysql', database, table: 'orders' }, after: { id: 1, sum: '12.50', status: 'new' } } },
    });
    expect(JSON.stringify(told.plan?.example)).not.toContain('"abc"');
    expect(await explainTable(config, `${database}.hidden`)).toEqual({ table: `${database}.hidden`, leftOut: 'dropped', route: `route 1 (${database}.hidden)`, plan: null });
    expect(await explainTable(config, `${database}.items`)).toEqual({ table: `${database}.items`, leftOut: 'no_route', route: null, plan: null });
  });

  it('writes the example in Debezium’s format', async () => {
    const told = await explainTable(configOf(), `${database}.orders`);
    expect(told.plan).toMatchObject({ format: 'debezium', example: { key: { id: 1 }, value: { before: null, after: { id: 1, total: 'BOI=', email: 'abc', note: 'abc', status: 'new' }, op: 'c' } } });
  });

  it('refuses a name that is none, a pattern, a table that is not there, and a route that does not fit', async () => {
    await expect(explainTable(configOf(), 'orders')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(explainTable(configOf(), `${database}.*`)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: `${database}.* is a pattern; one table is asked for at a time` });
    await expect(explainTable(configOf(), `${database}.nosuch`)).rejects.toMatchObject({ code: 'CONFIG_INVALID', facts: { table: `${database}.nosuch` } });
    await expect(explainTable(configOf({ routes: [{ tables: [`${database}.*`], key: ['x'] }] }), `${database}.items`)).rejects.toMatchObject({ code: 'ROUTE_COLUMN' });
    await expect(explainTable(configOf({ source: { port: 1 } }), `${database}.items`)).rejects.toMatchObject({ code: 'SOURCE_LOST' });
  });
});

/** An output that keeps lines, and takes no more while it is closed. */
class Lines extends Writable {
  readonly lines: Record<string, unknown>[] = [];
  #rest = '';
  #waiting: (() => void) | null = null;
  shut = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const parts = (this.#rest + chunk.toString()).split('\n');
    this.#rest = parts.pop() ?? '';
    this.lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
    if (this.shut) this.#waiting = done;
    else done();
  }

  open(): void {
    this.shut = false;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }
}

describe('tail', () => {
  const url = (port: number, login = 'root'): string => `mysql://${login}@127.0.0.1:${String(port)}/`;
  const insert = (id: number, table = 'items'): Promise<unknown> => query(inject('mysql'), `insert into ${database}.${table} (id) values (${String(id)})`);

  /** Starts a tail and waits, by rows of its own, until it shows something. */
  async function started(port: number, output: Lines, from: number, keys = false) {
    const stop = new AbortController();
    const ended = tailUrl(url(port), [`${database}.items`], { output, signal: stop.signal, keys });
    let next = from;
    await Promise.race([
      until('a first line', async () => {
        await insert(next++);
        return output.lines.length > 0;
      }),
      ended,
    ]);
    return { ended, stop };
  }

  const ids = (output: Lines): unknown[] => output.lines.map((line) => (line['after'] as { id: unknown }).id);

  it('writes values of the tables that match, goes on after a lost connection, and ends without an error', async () => {
    const proxy = await startTcpProxy(inject('mysql'));
    const output = new Lines();
    const { ended, stop } = await started(proxy.port, output, 1000);
    await insert(1, 'hidden');
    await insert(2000);
    await until('the next line', () => ids(output).includes(2000));
    proxy.cut();
    await insert(2001);
    await until('the line after the cut', () => ids(output).includes(2001));
    stop.abort();
    await ended;
    await proxy.close();
    expect(output.lines.every((line) => (line['source'] as { table: string }).table === 'items')).toBe(true);
    expect(output.lines.at(-1)).toMatchObject({ op: 'insert', source: { name: 'tail', connector: 'mysql', database, table: 'items' }, after: { id: 2001, v: null } });
  });

  it('writes keys where that is asked', async () => {
    const output = new Lines();
    const { ended, stop } = await started(inject('mysql').port, output, 3000, true);
    stop.abort();
    await ended;
    expect(output.lines[0]).toMatchObject({ topic: `${database}.items`, value: { op: 'insert' } });
    expect(Object.keys(output.lines[0]?.['key'] as object)).toEqual(['id']);
  });

  it('keeps the server waiting while the output is full, and loses nothing', async () => {
    const proxy = await startTcpProxy(inject('mysql'));
    const output = new Lines();
    const { ended, stop } = await started(proxy.port, output, 4000);
    output.shut = true;
    const rows = 120_000;
    await query(inject('mysql'), `set session cte_max_recursion_depth = ${String(rows)}; insert into ${database}.items with recursive n as (select 1 as i union all select i + 1 from n where i < ${String(rows)}) select i + 100000, i from n`);
    await until('a pause', () => proxy.received > 100_000);
    const before = output.lines.length;
    output.open();
    await until('all lines', () => ids(output).includes(100_000 + rows));
    stop.abort();
    await ended;
    await proxy.close();
    expect(before).toBeLessThan(rows);
    const bulk = ids(output).filter((id) => Number(id) > 100_000);
    expect(bulk.length).toBe(rows);
    expect(new Set(bulk).size).toBe(rows);
  });

  it('ends with what is wrong before it has connected, and never shows the password', async () => {
    const output = new Lines();
    const signal = new AbortController().signal;
    const { port } = inject('mysql');
    await expect(tailUrl(url(1), [], { output, signal })).rejects.toMatchObject({ code: 'SOURCE_LOST', hint: 'Check the host and the port of the URL, and that the server runs.' });
    await expect(tailUrl(url(port, `${account}:s3cret`), [], { output, signal })).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    await expect(tailUrl(url(port, `${account}:wr0ng`), [], { output, signal })).rejects.toSatisfy((error: Error & { code?: string }) => error.code === 'SOURCE_AUTH' && !error.message.includes('wr0ng'));
    await expect(tailUrl(url(port), ['items'], { output, signal })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(output.lines).toEqual([]);
  });

  it('does not begin when it was ended before', async () => {
    await expect(tailUrl(url(1), [], { output: new Lines(), signal: AbortSignal.abort() })).resolves.toBeUndefined();
  });
});
