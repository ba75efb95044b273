import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { READER, startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { checkAll } from '../../src/app/check.ts';
import { explainTable } from '../../src/app/explain.ts';
import type { Config } from '../../src/config/compile.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { SourceNotice } from '../../src/core/notice.ts';
import { createRouter } from '../../src/route/router.ts';
import { query } from '../support/mysql.ts';
import { CapturedRecorder, keptNotes, optionsFor, reading } from './source-support.ts';

const SERVERS: [string, (flag: string) => Promise<Server>][] = [
  ['MySQL 9', (flag) => startMysql({ flags: [flag, '--binlog-row-metadata=MINIMAL'] })],
  ['MariaDB', (flag) => startMariadb({ flags: [flag, '--binlog-row-metadata=NO_LOG'] })],
  ['MySQL 5.6', (flag) => startMysql56({ flags: [flag] })],
];

describe.each(SERVERS)('names in lower case (lower_case_table_names=1), on %s', (_, start) => {
  let server: Server;
  const sql = (text: string) => query(server, text);

  beforeAll(async () => {
    server = await start('--lower-case-table-names=1');
    await sql('create database Src; create table SRC.Orders (Id int primary key, A int, B int); create table Src.Other (Id int primary key, Z int); create table sRc.Real (id int primary key)');
  });
  afterAll(() => server.stop());

  const told = (notices: readonly SourceNotice[]): string[] =>
    notices.flatMap((notice) => (notice.kind !== 'schema' ? [notice.kind] : notice.changes.map(({ kind, table, renamedFrom }) => `${kind} ${renamedFrom === null ? '' : `${renamedFrom.name} to `}${table.database}.${table.name}`)));

  it('are those of rows and of statements in any case; routes in any case take them', async () => {
    const router = createRouter([{ tables: ['SRC.O*', 'Src.`Real`', 'src.Copy'], topic: '${table}' }], { maskingKey: null });
    const options = optionsFor(server, {
      captures: (database, table) => router.captures(database, table),
      reaches: (database) => router.reaches(database),
      hidesShadow: (database, table) => !router.names(database, table),
      ignoreCase: () => router.ignoreCase(),
    });
    const notes = keptNotes();
    const position = await reading({ options, from: 'latest', notes }, (stream) => Promise.resolve(stream.position()));
    await sql(`insert into src.ORDERS values (1, 10, 20);
      alter table SRC.oRDERS change A C int, change B A int; insert into Src.Orders values (2, 30, 40);
      rename table Src.ORDERS to sRC.TmP, SRC.OTHER to SRC.orders, src.TMP to Src.OTHER; insert into SRC.Orders values (3, 50); insert into Src.Other values (4, 60, 70);
      create table SRC.Copy like SRC.OTHER; insert into src.COPY values (5, 80, 90); truncate table SRC.COPY; drop table SRC.cOpY;
      create table SRC._REAL_Gho like SRC.Real; alter table SRC._Real_gho add X int; insert into SRC._real_GHO values (9, 9);
      rename table SRC.REAL to SRC._Real_Del, SRC._real_gho to SRC.real; insert into SRC.ReaL values (6, 7); drop table SRC._REAL_del`);
    await reading({ options, from: position, notes, recorder: new CapturedRecorder() }, async (__, recorder) => {
      await recorder.rowsUntil(6);
      expect(recorder.rowTexts).toEqual(['orders Id=1 A=10 B=20', 'orders Id=2 C=30 A=40', 'orders Id=3 Z=50', 'other Id=4 C=60 A=70', 'copy Id=5 C=80 A=90', 'real id=6 X=7']);
      expect(told(recorder.notices)).toEqual([
        'alter src.orders', 'rename orders to src.tmp', 'rename other to src.orders', 'rename tmp to src.other',
        'create src.copy', 'truncate', 'drop src.copy', 'alter src.real',
      ]);
    });
  });

  it('are compared so by check and explain, too', async () => {
    const config = configOf(server, 'SRC.O*');
    expect(await checkAll(config)).not.toContainEqual(expect.objectContaining({ message: expect.stringContaining('takes no table') as string }));
    expect(await explainTable(config, 'src.orders')).toMatchObject({ table: 'src.orders', leftOut: null, plan: { topic: 'src.orders' } });
    expect(await explainTable(config, 'SRC.Orders')).toMatchObject({ leftOut: null, plan: { topic: 'src.orders' } });
    expect(await explainTable(config, 'src.real')).toMatchObject({ leftOut: 'no_route' });
  });
});

describe.each(SERVERS)('lower_case_table_names=2, on %s', (_, start) => {
  it('is for file systems without case: a server on another one takes 0', async () => {
    const server = await start('--lower-case-table-names=2');
    try {
      expect((await query(server, 'select @@lower_case_table_names as setting, @@lower_case_file_system as folds')).map(({ setting, folds }) => [Number(setting), Number(folds)])).toEqual([[0, 0]]);
    } finally {
      await server.stop();
    }
  });
});

function configOf({ host, port }: Server, pattern: string): Config {
  const folder = join(tmpdir(), `rowcast-names-${String(process.pid)}`);
  const document = { name: 'names', source: { host, port, user: READER }, sink: { type: 'stdout' }, checkpoint: { path: folder }, routes: [{ tables: [pattern], topic: '${database}.${table}' }] };
  const { config, problems } = parseConfig(JSON.stringify(document), { path: 'test.yaml', env: {}, readFile: () => '' });
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}
