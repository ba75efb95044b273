import { cpus, totalmem } from 'node:os';
import { CONTAINER_NODE } from '../scripts/container-node.ts';
import type { DrainResult } from './drain.ts';
import type { LatencyResult } from './latency.ts';
import { LATENCY_ROUNDS, SECONDS, WARM_ROWS } from './latency.ts';
import type { Profile } from './profiles/profile.ts';

/** What one run measured. */
export interface Report {
  readonly profiles: readonly { readonly profile: Profile; readonly results: readonly DrainResult[] }[];
  readonly latencies: readonly LatencyResult[];
}

/** The tables on standard output. */
export function print(report: Report): void {
  console.log(`\n${tablesOf(report)}`);
}

/** docs/benchmark.md. */
export function benchmarkMarkdown(report: Report): string {
  const [processor] = cpus();
  return `<!-- Written by npm run bench. -->
# Benchmark

Written by \`npm run bench\` on one machine in one run: every line with the servers alone, one after another, from the same binlog position. Each
contender drained three times, in turns with the others: the line is its fastest run, with the most memory of the three. Only ratios mean something elsewhere;
repeat it with that command (about an hour once the peers are there; they are fetched by Maven and Go), or \`npm run bench -- --quick\` in three minutes.

${processor?.model ?? 'unknown processor'}, ${cpus().length} cores that also run MySQL 9.7 and Kafka 4.1 (one broker, one partition, acks=all), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${CONTAINER_NODE} for the daemon, as in its container. No connection is encrypted, whatever a contender's default.

**Limit** is Kafka's own ProducerPerformance with constant bytes of the same size: it reads nothing and encodes nothing.

${tablesOf(report)}
`;
}

function tablesOf({ profiles, latencies }: Report): string {
  const parts = profiles.flatMap(({ profile, results }) => [`## ${profile.name}: ${profile.rows.toLocaleString('en')} rows`, `${profile.about}.`, drains(results)]);
  if (latencies.length > 0) parts.push('## Latency', 'Milliseconds from the insert in MySQL to the arrival at a consumer; one row a transaction at 1,000 rows/s, ten at 10,000.', `${LATENCY_ROUNDS} runs each, in turns with the others: the least p50 and p99, the p99 of the run in the middle, and the longest row of all. A run begins with ${WARM_ROWS.toLocaleString('en')} rows as fast as they go, which do not count: code is compiled then, in every contender and in the broker. ${SECONDS} seconds are timed. The consumer is the same for all and saves no offsets: to wait for that after each batch would add some three milliseconds to every row, whoever sent it.`, latencyTable(latencies));
  return parts.join('\n\n');
}

function drains(results: readonly DrainResult[]): string {
  const rowcast = results.find(({ name }) => name.startsWith('Rowcast, debezium'));
  const columns = ['', 'rows/s, first message to last', 'rows/s, from process start', 's to the first message', 'CPU s', 'rows per CPU s', 'peak MB', 'bytes a message', ...(rowcast === undefined ? [] : [`${rowcast.name} is, in rows/s`, 'in rows per CPU s'])];
  const lines = results.map((each) => {
    const ratios = rowcast === undefined ? [] : [`${(rowcast.rowsPerSecond / each.rowsPerSecond).toFixed(2)}×`, `${(rowcast.rowsPerCpuSecond / each.rowsPerCpuSecond).toFixed(2)}×`];
    return [each.name, each.rowsPerSecond.toLocaleString('en'), each.rowsPerSecondFromStart.toLocaleString('en'), each.secondsToFirst.toFixed(1), each.cpuSeconds.toFixed(2), each.rowsPerCpuSecond.toLocaleString('en'), Math.round(each.peakBytes / 1e6), Math.round(each.bytesPerMessage), ...ratios];
  });
  return table(columns, lines);
}

function latencyTable(results: readonly LatencyResult[]): string {
  return table(['', 'rows/s', 'p50', 'p99', 'p99, middle run', 'max'], results.map(({ name, rate, p50, p99, middleP99, max }) => [name, rate.toLocaleString('en'), p50.toFixed(2), p99.toFixed(2), middleP99.toFixed(2), max.toFixed(0)]));
}

function table(columns: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  return [columns, columns.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
