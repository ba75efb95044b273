import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { startKafka, startMysql } from '../scripts/servers/index.ts';
import { ORDERS_TABLE, writeBacklog } from './backlog.ts';
import type { DrainResult } from './drain.ts';
import { drain } from './drain.ts';

/** Row events of a full run, and of one with `--quick`. */
const FULL_ROWS = 1_000_000;
const QUICK_ROWS = 200_000;

const { values: options } = parseArgs({ options: { rows: { type: 'string' }, quick: { type: 'boolean', default: false }, compression: { type: 'string', default: 'none' } } });
const rows = Number(options.rows ?? (options.quick ? QUICK_ROWS : FULL_ROWS));

async function prepare(port: number): Promise<void> {
  const connection: Connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', charset: 'utf8mb4' });
  const run = async (sql: string): Promise<void> => {
    await connection.query(sql);
  };
  await run('create database shop character set utf8mb4');
  await run(ORDERS_TABLE);
  const started = Date.now();
  await writeBacklog(run, rows, (done) => process.stderr.write(`\rwriting the backlog: ${done} rows`));
  process.stderr.write(`\rwrote ${rows} row events in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  await connection.end();
}

function print(results: readonly DrainResult[]): void {
  console.log(`\n${rows} row events (70 % inserts, 20 % updates, 10 % deletes; 12 columns; transactions of 100), acks=all, compression ${options.compression}, Node ${process.versions.node}\n`);
  console.log('| format | rows/s, first message to last | rows/s, from process start | CPU seconds | rows per CPU second | peak memory MB | bytes a message |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const each of results) {
    const figures = [each.rowsPerSecond, each.rowsPerSecondFromStart, each.cpuSeconds.toFixed(2), each.rowsPerCpuSecond, Math.round(each.peakBytes / 1e6), Math.round(each.bytesPerMessage)];
    console.log(`| ${each.format} | ${figures.map((figure) => figure.toLocaleString('en')).join(' | ')} |`);
  }
}

const database = await startMysql();
const kafka = await startKafka();
try {
  await prepare(database.port);
  const results: DrainResult[] = [];
  for (const format of ['debezium', 'plain']) {
    results.push(await drain({ format, rows, compression: options.compression, mysqlPort: database.port, kafkaPort: kafka.port, kafkaFolder: kafka.folder }));
  }
  print(results);
} finally {
  await database.stop();
  await kafka.stop();
}
