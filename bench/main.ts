import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import type { Server } from '../scripts/servers/index.ts';
import { startKafka, startMysql } from '../scripts/servers/index.ts';
import type { Contender, Course } from './contenders/contender.ts';
import { debeziumServer } from './contenders/debezium-server.ts';
import { goMysql } from './contenders/go-mysql.ts';
import { limit } from './contenders/limit.ts';
import { rowcast } from './contenders/rowcast.ts';
import { CROWDED, TOUCHING } from './contenders/special.ts';
import { zongjiChain } from './contenders/zongji-chain.ts';
import type { DrainResult } from './drain.ts';
import { drain } from './drain.ts';
import type { LatencyResult } from './latency.ts';
import { latency, LATENCY_ROUNDS } from './latency.ts';
import { removeFolder, temporaryFolder } from './leftovers.ts';
import { crowd } from './profiles/crowd.ts';
import { huge, narrow, tables, text, wide } from './profiles/others.ts';
import { orders, touched } from './profiles/orders.ts';
import type { Profile } from './profiles/profile.ts';
import type { Report } from './report.ts';
import { benchmarkMarkdown, print } from './report.ts';
import { better, inTurns, quietest } from './rounds.ts';

const USAGE = `npm run bench [-- options]
  --quick            Rowcast, go-mysql and the limit on 200,000 rows, under three minutes; writes no report
  --rows N           rows of the main profile (1,000,000)
  --profile A,B      only these: orders, narrow, wide, text, huge, tables, touched, crowd, latency
  --contender TEXT   only contenders whose name holds it
`;

const { values: options } = parseArgs({
  options: { rows: { type: 'string' }, quick: { type: 'boolean', default: false }, profile: { type: 'string' }, contender: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit();
}

const QUICK_ROWS = 200_000;
/** Drains of each contender, in turns with the others: now and then a machine is busy with itself for some seconds. */
const DRAIN_ROUNDS = options.quick ? 1 : 3;
/** A million rows of the main profile; the others are as many as take about as long. */
const scale = Number(options.rows ?? (options.quick ? QUICK_ROWS : 1_000_000)) / 1_000_000;
const wanted = options.profile?.split(',') ?? (options.quick ? ['orders'] : undefined);
const is = (name: string): boolean => wanted?.includes(name) ?? true;
const chosen = ({ name }: Contender): boolean => options.contender === undefined || name.toLowerCase().includes(options.contender.toLowerCase());

const plain = rowcast({ format: 'plain', compression: 'none' });
const debezium = rowcast({ format: 'debezium', compression: 'none' });
const once = rowcast({ format: 'debezium', compression: 'none', delivery: 'exactly-once' });
const both = [debezium, plain];
const OTHERS: readonly (readonly [Profile, readonly Contender[]])[] = [
  [narrow(1_000_000 * scale), both],
  [wide(200_000 * scale), both],
  [text(100_000 * scale), both],
  [huge(5_000_000 * scale), both],
  [tables(500_000 * scale), both],
  [touched(1_000_000 * scale), [debezium, ...TOUCHING]],
];

interface Ground {
  readonly database: Server;
  readonly kafka: Server;
  readonly connection: Connection;
}

/** The flags that Kafka's own start script gives its Java, with a heap of one GiB. */
const BROKER_JVM = ['-Xms1g', '-Xmx1g', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'];

const database = await startMysql({ flags: ['--innodb-buffer-pool-size=1G', '--innodb-redo-log-capacity=1G', '--max-binlog-size=1G'] });
const kafka = await startKafka({ jvm: BROKER_JVM, config: { 'auto.create.topics.enable': true } });
try {
  const connection = await mysql.createConnection({ host: '127.0.0.1', port: database.port, user: 'root', charset: 'utf8mb4', multipleStatements: true });
  const report = await measure({ database, kafka, connection });
  await connection.end();
  print(report);
  if (!options.quick && wanted === undefined && options.contender === undefined) writeFileSync(join(import.meta.dirname, '../docs/benchmark.md'), benchmarkMarkdown(report));
} finally {
  await database.stop();
  await kafka.stop();
}

async function measure(ground: Ground): Promise<Report> {
  const profiles: Report['profiles'][number][] = [];
  if (is('orders')) profiles.push(await main(ground));
  for (const [profile, contenders] of OTHERS) if (is(profile.name)) profiles.push({ profile, results: await each(ground, profile, contenders) });
  const times = options.quick || !is('latency') ? [] : await latencies(ground);
  // Last: who captures all that a server has would start more slowly after it.
  const many = crowd(1_000_000 * scale);
  if (is(many.name)) profiles.push({ profile: many, results: await each(ground, many, CROWDED) });
  return { profiles, latencies: times };
}

/** The main profile, with everybody. */
async function main(ground: Ground): Promise<Report['profiles'][number]> {
  const profile = orders(Math.round(1_000_000 * scale));
  const others = [rowcast({ format: 'debezium', compression: 'lz4' }), rowcast({ format: 'plain', compression: 'lz4' }), zongjiChain(), debeziumServer(), debeziumServer('lz4')];
  const results = await each(ground, profile, [debezium, once, plain, goMysql(), ...(options.quick ? [] : others)]);
  const sizes = results.filter(({ name }) => [debezium.name, plain.name].includes(name)).map(({ bytesPerMessage }) => Math.round(bytesPerMessage));
  const limits = (await inTurns(sizes, DRAIN_ROUNDS, (bytes, round) => drain(limit(profile.rows, bytes), { label: `limit.${bytes}.${round}`, messages: profile.rows, course: course(ground, profile, { file: '', position: 4 }), kafkaFolder: ground.kafka.folder }))).map(better);
  return { profile, results: [...results, ...limits] };
}

async function each(ground: Ground, profile: Profile, contenders: readonly Contender[]): Promise<DrainResult[]> {
  const { connection, kafka: broker } = ground;
  const run = async (sql: string): Promise<void> => {
    await connection.query(sql);
  };
  // A contender that begins at a place in the middle of a file may have to look at what is before it.
  await run(`flush binary logs; create database ${profile.database} character set utf8mb4`);
  await profile.create(run);
  await run(`create table ${profile.database}.touched (id int not null auto_increment primary key)`);
  const touch = (): Promise<void> => run(`insert into ${profile.database}.touched values ()`);
  const ready = new Map<Contender, { folder: string; label: string }>();
  contenders = contenders.filter(chosen);
  for (const [index, contender] of contenders.entries()) {
    const prepared = { folder: temporaryFolder(), label: `${profile.name}.${index}` };
    ready.set(contender, prepared);
    await contender.prepare?.({ ...course(ground, profile, await place(connection)), topic: `bench.${prepared.label}`, folder: prepared.folder }, touch);
  }
  const from = await place(connection);
  const started = Date.now();
  await profile.write(run, progress(profile.name));
  process.stderr.write(`${profile.name}: wrote ${profile.rows} row events in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  await warmUp(ground, profile, from);
  const runs = await inTurns([...ready], DRAIN_ROUNDS, async ([contender, { folder: prepared, label }], round) => {
    const folder = temporaryFolder();
    cpSync(prepared, folder, { recursive: true });
    const result = await drain(contender, { folder, label: `${label}.${round}`, messages: profile.rows, course: course(ground, profile, from), kafkaFolder: broker.folder });
    removeFolder(folder);
    process.stderr.write(`${profile.name}: ${contender.name}: ${result.rowsPerSecond} rows/s, ${result.cpuSeconds.toFixed(2)} CPU s, ${Math.round(result.peakBytes / 1e6)} MB\n`);
    return result;
  });
  for (const { folder } of ready.values()) removeFolder(folder);
  return runs.map(better);
}

/** A drain that does not count: the binlog is in memory after it and the broker's code compiled, for the first contender as for the last. */
async function warmUp(ground: Ground, profile: Profile, from: { readonly file: string; readonly position: number }): Promise<void> {
  await drain(plain, { label: `${profile.name}.warm`, messages: profile.rows, course: course(ground, profile, from), kafkaFolder: ground.kafka.folder });
}

/** Says how far the writing is, every ten seconds. */
function progress(name: string): (done: number) => void {
  let told = Date.now();
  return (done) => {
    if (Date.now() - told < 10_000) return;
    told = Date.now();
    process.stderr.write(`${name}: writing the backlog, ${done} rows\n`);
  };
}

async function latencies(ground: Ground): Promise<LatencyResult[]> {
  const contenders = [debezium, once, plain, goMysql(), debeziumServer()].filter(chosen);
  const cases = [1_000, 10_000].flatMap((rate) => contenders.map((contender) => ({ contender, rate })));
  const runs = await inTurns(cases, LATENCY_ROUNDS, async ({ contender, rate }) => {
    const result = await latency(contender, { ...ground, rate, place: () => place(ground.connection) });
    process.stderr.write(`latency: ${contender.name}, ${rate} rows/s: ${result.p50.toFixed(2)} ${result.p99.toFixed(2)} ${result.max.toFixed(0)} ms\n`);
    return result;
  });
  return runs.map(quietest);
}

function course({ database: server, kafka: broker }: Ground, { database: name }: Profile, from: { readonly file: string; readonly position: number }): Omit<Course, 'topic' | 'folder'> {
  return { mysqlPort: server.port, kafkaPort: broker.port, ...from, tables: `${name}.*` };
}

async function place(connection: Connection): Promise<{ file: string; position: number }> {
  const [rows] = await connection.query('show binary log status');
  const [row] = rows as { File: string; Position: number }[];
  return { file: row?.File ?? '', position: Number(row?.Position) };
}
