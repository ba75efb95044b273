import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import type { Server } from '../../scripts/servers/server.ts';
import { loadDdl, Schema } from '../../src/mysql/schema/ddl/index.ts';
import type { ApplyDdl, Dialect } from '../../src/mysql/schema/ddl/index.ts';
import { connectMysql } from '../support/mysql.ts';
import type { Ran } from './ddl-corpus.ts';
import { asker, contextOf, dialectOf, difference, readCorpus, runCorpus } from './ddl-corpus.ts';

interface Result {
  readonly ran: readonly Ran[];
  readonly dialect: Dialect;
}

const SERVERS = [
  { name: 'mysql', flavor: 'mysql', start: startMysql },
  { name: 'mariadb', flavor: 'mariadb', start: startMariadb },
  { name: 'mysql56', flavor: 'mysql', start: startMysql56 },
] as const;

const results = new Map<string, Result>();
const started: Server[] = [];
let apply: ApplyDdl;

beforeAll(async () => {
  apply = await loadDdl();
  const statements = await readCorpus(['tables.sql', 'alter.sql', 'mariadb.sql']);
  await Promise.all(SERVERS.map(async ({ name, flavor, start }) => {
    const server = await start();
    started.push(server);
    const [connection, watcher] = [await connectMysql(server), await connectMysql(server)];
    const ran = await runCorpus({ name, flavor, connection, folder: `${server.folder}/data` }, statements, watcher);
    results.set(name, { ran, dialect: await dialectOf(asker(watcher), flavor) });
    await Promise.all([connection.end(), watcher.end()]);
  }));
}, 600_000);

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()));
});

/** What came of the corpus on one server. */
interface Report {
  readonly counts: Record<string, number>;
  readonly unknown: string[];
  readonly differing: string[];
  readonly details: string[];
}

/** Applies what the binlog has after each statement and compares the tables; what was not followed is captured anew. */
function follow({ ran, dialect }: Result): Report {
  const schema = new Schema();
  const context = contextOf(dialect);
  const report: Report = { counts: { statements: ran.length, refused: 0, applied: 0, irrelevant: 0, truncated: 0, unknown: 0 }, unknown: [], differing: [], details: [] };
  const count = (name: string): void => { report.counts[name] = (report.counts[name] ?? 0) + 1; };
  for (const { statement, refused, logged, after } of ran) {
    if (refused !== null) count('refused');
    const outcomes = logged.map((each) => apply(schema, each, context));
    for (const { kind } of outcomes) count(kind);
    const lines = compare(schema, after);
    if (outcomes.some(({ kind }) => kind === 'unknown')) report.unknown.push(statement.sql);
    else if (lines.length > 0) {
      report.differing.push(statement.sql);
      report.details.push(`${statement.sql}\n  ${lines.join('\n  ')}`);
    }
    const there = new Set(after.tables.map(({ database, name }) => `${database}\0${name}`));
    for (const table of [...schema.tables()]) if (!there.has(`${table.database}\0${table.name}`)) schema.remove(table);
    for (const table of after.tables) schema.put(table);
    for (const { name, ...defaults } of after.databases) schema.setDatabase(name, defaults);
  }
  return report;
}

function compare(schema: Schema, { tables, databases }: Ran['after']): string[] {
  const lines = tables.flatMap((table) => difference(schema.table(table.database, table.name), table));
  const there = new Set(tables.map(({ database, name }) => `${database}\0${name}`));
  for (const table of schema.tables()) if (!there.has(`${table.database}\0${table.name}`)) lines.push(...difference(table, undefined));
  for (const { name, ...defaults } of databases) {
    if (JSON.stringify(schema.database(name)) !== JSON.stringify(defaults)) lines.push(`database ${name}: ${JSON.stringify(schema.database(name))} tracked, ${JSON.stringify(defaults)} captured`);
  }
  return lines;
}

describe.each(SERVERS)('DDL of $name', ({ name }) => {
  it('leaves tracked tables as a fresh capture shows them, after every statement that the server takes', () => {
    const result = results.get(name);
    if (result === undefined) throw new Error('the corpus did not run');
    const { counts, unknown, differing, details } = follow(result);
    process.stdout.write(`DDL corpus on ${name}: ${JSON.stringify(counts)}\n`);
    const marked = (mark: 'unknownOn' | 'differsOn'): string[] => result.ran.filter(({ statement, refused }) => refused === null && statement[mark].includes(name)).map(({ statement }) => statement.sql);
    expect(unknown).toEqual(marked('unknownOn'));
    expect(differing, details.join('\n')).toEqual(marked('differsOn'));
    expect(counts.applied).toBeGreaterThan(250);
  });
});
