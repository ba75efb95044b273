import { readFile } from 'node:fs/promises';
import { describe, expect, inject, it } from 'vitest';
import type { SourceHandler, Logger } from '../../src/core/ports.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Column, TableVersion } from '../../src/core/table.ts';
import { sampleValue } from '../../src/mysql/columns/sample.ts';
import type { SourceOptions } from '../../src/mysql/options.ts';
import type { LiveTable } from '../../src/mysql/schema/live-table.ts';
import { readLiveTable, readLiveTables } from '../../src/mysql/schema/live-table.ts';
import { createMysqlSource } from '../../src/mysql/source.ts';
import type { SqlSession } from '../../src/mysql/stream/sql-session.ts';
import { withSession } from '../../src/mysql/stream/sql-session.ts';
import type { Address } from '../support/mysql.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { READER } from '../../scripts/servers/index.ts';

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const MYSQL_OWN = 'create table zoo.own (id int primary key, v vector(3), g3 geometrycollection, mp multipolygon, bt tinyblob, ml mediumtext, c255 char(255), s9 set(\'1\',\'2\',\'3\',\'4\',\'5\',\'6\',\'7\',\'8\',\'9\'), ucs varchar(9) character set ucs2, sj char(5) character set sjis, z int(6) zerofill);';
const MARIADB_OWN =
  'create table zoo.own (id int primary key, u uuid, i4 inet4, i6 inet6, cv varchar(100) compressed, ct text compressed, cb mediumblob compressed, b16 binary(16), b4 binary(4), j json, c255 char(255), bt tinyblob);';

function options(server: Address, database: string): SourceOptions {
  return {
    name: 'live',
    host: server.host,
    port: server.port,
    user: READER,
    password: new Secret(''),
    tls: { mode: 'disabled', ca: null, cert: null, key: null },
    connectTimeout: 10_000,
    serverId: 'auto',
    heartbeat: 1_000,
    rowLimit: 1024 * 1024,
    includeQuery: false,
    captures: (name) => name === database,
    reaches: (name) => name === database,
    hidesShadow: () => false,
    onUnknown: 'fail',
    holding: { all: false, memory: 1 << 20, path: '/nowhere/held' },
    recaptureSchema: false,
  };
}

/** The CREATE TABLE statements of the type zoo for a database, without what a server does not have. */
async function statements(database: string, more: string, without: readonly RegExp[]): Promise<string> {
  const zoo = await readFile(new URL('fixtures/types.sql', import.meta.url), 'utf8');
  const creates = [...zoo.matchAll(/^create table [^;]*;/gms)].map((found) => found[0]).join('\n') + more;
  return without.reduce((text, pattern) => text.replaceAll(pattern, ''), creates).replaceAll('zoo.', `${database}.`);
}

/** Makes the tables, puts a row into each, and answers what the binlog says of them. */
async function fromBinlog(server: Address, database: string, sql: string): Promise<Map<string, TableVersion>> {
  const seen = new Map<string, TableVersion>();
  const handler: SourceHandler = {
    notice: () => undefined, table: (version) => {
      if (version.database === database) seen.set(version.name, version);
    },
    begin: () => undefined,
    rows: () => undefined,
    commit: () => undefined,
  };
  await query(server, sql);
  const tables = (await query(server, `select table_name as t from information_schema.tables where table_schema = '${database}'`)).map((row) => String(row['t']));
  const source = createMysqlSource(options(server, database), { observer: { alive: () => undefined, event: () => undefined }, logger: SILENT, notes: null, saved: () => null });
  const stream = await source.open('latest', handler);
  try {
    for (const table of tables) await query(server, `set sql_mode = ''; insert into ${database}.${table} values ()`);
    await until('a row of every table', () => seen.size === tables.length);
  } finally {
    await stream.close();
  }
  return seen;
}

/** What two columns must agree in; the binlog does not tell the width of a tinyint. */
function facts({ index, name, type, nullable, sqlType }: Column): object {
  return { index, name, type, nullable, sqlType: sqlType === 'tinyint(1)' ? 'tinyint' : sqlType };
}

function asked(session: SqlSession): Parameters<typeof readLiveTable>[0] {
  return (sql, values) => session.query(sql, values);
}

describe.each([
  ['mysql' as const, 'mysql' as const, MYSQL_OWN, []],
  ['mariadb' as const, 'mariadb' as const, MARIADB_OWN, [/ srid 4326/gu]],
  ['mysql56' as const, 'mysql' as const, '', [/ srid 4326/gu, /,\s*j json/gu]],
])('live tables of %s', (name, flavor, more, without) => {
  it('are what the binlog says, and its codecs read the sample values', { timeout: 120_000 }, async () => {
    const server = inject(name);
    const database = await freshDatabase(server, 'live');
    const binlog = await fromBinlog(server, database, await statements(database, more, without));
    const { tables } = await withSession(options(server, database), (session) => readLiveTables(asked(session), flavor, (each) => each === database));
    expect(tables.map(({ name: table }) => table).sort()).toEqual([...binlog.keys()].sort());
    expect(tables.length).toBeGreaterThanOrEqual(7);
    for (const { table } of tables) {
      const live = liveOf(table);
      const told = binlog.get(live.version.name);
      expect(live.version.columns.map(facts)).toEqual(told?.columns.map(facts));
      expect(live.version.primaryKey).toEqual(told?.primaryKey);
      live.descriptions.forEach((description, index) => {
        const sample = sampleValue(description);
        const codec = told?.columns[index]?.codec;
        expect([live.version.name, description.name, codec?.skip(sample, 0)]).toEqual([live.version.name, description.name, sample.length]);
        expect(codec?.read(sample, 0)).toEqual(live.version.columns[index]?.codec.read(sample, 0));
      });
    }
  });

  it('are read one by one, too', async () => {
    const server = inject(name);
    const database = await freshDatabase(server, 'one');
    await query(server, `create table ${database}.t (b int, a varchar(10) not null, primary key (a, b))`);
    const [found, none] = await withSession(options(server, database), async (session) => [
      await readLiveTable(asked(session), flavor, { database, name: 't' }),
      await readLiveTable(asked(session), flavor, { database, name: 'nosuch' }),
    ]);
    expect(none).toBeNull();
    expect(found?.version).toMatchObject({ database, name: 't', primaryKey: [1, 0], captured: true });
    expect(found?.version.columns.map(({ name: column, sqlType }) => `${column} ${sqlType}`)).toEqual(['b int', 'a varchar(10)']);
  });
});

function liveOf(table: LiveTable | Error): LiveTable {
  if (table instanceof Error) throw table;
  return table;
}
