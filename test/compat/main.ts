/** `npm run compat [CASE…]`: compares with Debezium side by side, and with all cases writes docs/debezium-compat.md. Needs Java 17 and Maven. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMysql } from '../../scripts/servers/index.ts';
import type { Address } from '../support/mysql.ts';
import { query } from '../support/mysql.ts';
import { CASES } from './cases.ts';
import { compareTold } from './compare.ts';
import type { Compared } from './compare.ts';
import { defaultsOf } from './defaults.ts';
import { buildJava, readByConnect } from './java.ts';
import type { Java } from './java.ts';
import { reportMarkdown } from './report.ts';
import type { Outcome } from './report.ts';
import { runBoth } from './run.ts';

/** Lines shown of what is not explained. */
const SHOWN = 60;

const only = process.argv.slice(2);
const cases = CASES.filter(({ name }) => only.length === 0 || only.includes(name) || name === 'schemas');
const sql = readFileSync(new URL('cases.sql', import.meta.url), 'utf8').split('\n').filter((line) => !line.startsWith('--')).join('\n');
const java = await buildJava();
const running = process.env['ROWCAST_TEST_SERVERS'];
const server = running === undefined ? await startMysql() : null;
const failures = await compareOn(server ?? (JSON.parse(readFileSync(running ?? '', 'utf8')) as { mysql: Address }).mysql, java).finally(() => server?.stop());
process.exitCode = failures === 0 ? 0 : 1;

async function compareOn(address: Address, with_: Java): Promise<number> {
  const { told, folder } = await runBoth(with_, address, sql, cases);
  say(`lines of both: ${folder}`);
  const defaults = defaultsOf(told.find((each) => each.case.name === 'schemas')?.theirs ?? []);
  const compared = told.map((each) => compareTold(each, defaults));
  const read: Outcome['read'][number][] = [];
  for (const { case: { name, title } } of told.filter((each) => each.case.format['schemas'] === true)) {
    read.push({ title, ...(await readByConnect(with_, join(folder, `${name}.ours.jsonl`))) });
  }
  show(compared, read);
  const [{ version } = {}] = await query(address, 'select version() as version');
  if (only.length === 0) writeFileSync(new URL('../../docs/debezium-compat.md', import.meta.url), reportMarkdown({ debezium: with_.debezium, server: String(version), compared, read }));
  return unexplained(compared).length + read.reduce((sum, { refused }) => sum + refused.length, 0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function show(compared: readonly Compared[], read: Outcome['read']): void {
  for (const { case: { name }, messages, differences } of compared) say(`${name}: ${messages} messages, ${differences.length} places differ, ${differences.filter(({ id }) => id === null).length} unexplained`);
  for (const { case: { name }, path, ours, theirs } of unexplained(compared).slice(0, SHOWN)) say(`UNEXPLAINED ${name} ${path}\n  ours   ${ours.slice(0, 300)}\n  theirs ${theirs.slice(0, 300)}`);
  for (const { title, read: count, refused } of read) say(`Kafka Connect read ${count} keys and values (${title}), refused ${refused.length}`);
  for (const line of read.flatMap(({ refused }) => refused).slice(0, SHOWN)) say(line.slice(0, 400));
}

function unexplained(compared: readonly Compared[]): readonly Compared['differences'][number][] {
  return compared.flatMap(({ differences }) => differences.filter(({ id }) => id === null));
}
