import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { ByteWriter } from '../../src/core/byte-writer.ts';
import type { ColumnWriter } from '../../src/core/table.ts';
import type { ColumnCase } from './column-cases.ts';
import { COLUMN_CASES, joined } from './column-cases.ts';

/**
 * What one value costs in nanoseconds, for each family and representation: the least of several short rounds, all
 * writers in one process and taking turns, so that none is measured in a warmth or a silence the others did not have.
 * `--against <folder>` measures the columns of another checkout beside these; `--only <text>` takes the cases that
 * contain it.
 */
const ROUNDS = 15;
const ROUND_NANOSECONDS = 2_000_000n;
const WARM_UP_ROUNDS = 4;
const BUFFER_BYTES = 1 << 16;

type Columns = typeof import('../../src/mysql/columns/describe.ts');
type Writers = typeof import('../../src/core/byte-writer.ts');

const { values: options } = parseArgs({ options: { against: { type: 'string' }, only: { type: 'string', default: '' } } });

/** One writer with the values it writes over and over. */
interface Subject {
  readonly write: ColumnWriter;
  readonly out: ByteWriter;
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  nanoseconds: number;
}

async function subjectsOf(root: string, cases: readonly ColumnCase[]): Promise<Subject[]> {
  const load = async (path: string): Promise<unknown> => import(pathToFileURL(join(root, path)).href);
  const { describeColumn } = (await load('src/mysql/columns/describe.ts')) as Columns;
  const { ByteWriter: Writer } = (await load('src/core/byte-writer.ts')) as Writers;
  const out = new Writer(BUFFER_BYTES);
  return cases.map((each) => {
    const write = describeColumn(each.column).codec.writer(each.as, 'null');
    if (write === undefined) throw new Error(`${each.name} has no representation ${each.as}`);
    return { write, out, ...joined(each.values), nanoseconds: Infinity };
  });
}

function pass({ write, out, bytes, starts }: Subject): void {
  for (let i = 0; i < starts.length; i++) {
    out.at = 0;
    write(bytes, starts[i] as number, out);
  }
}

function round(subject: Subject): number {
  const started = process.hrtime.bigint();
  let passes = 0;
  let elapsed = 0n;
  while (elapsed < ROUND_NANOSECONDS) {
    pass(subject);
    passes++;
    elapsed = process.hrtime.bigint() - started;
  }
  return Number(elapsed) / (passes * subject.starts.length);
}

function measure(subjects: readonly Subject[]): void {
  for (let i = 0; i < WARM_UP_ROUNDS; i++) subjects.forEach(round);
  for (let i = 0; i < ROUNDS; i++) {
    for (const subject of subjects) subject.nanoseconds = Math.min(subject.nanoseconds, round(subject));
  }
}

const cases = COLUMN_CASES.filter((each) => `${each.name} ${each.as}`.includes(options.only));
const here = await subjectsOf(join(import.meta.dirname, '../..'), cases);
const there = options.against === undefined ? [] : await subjectsOf(resolve(options.against), cases);
measure(cases.flatMap((_, i) => [here[i], there[i]].filter((subject) => subject !== undefined)));

console.log(`\nNode ${process.versions.node}, ${process.arch}; the least of ${ROUNDS} rounds\n`);
console.log(`| column | representation | ns a value |${there.length > 0 ? ' there | times as fast |' : ''}`);
console.log(`| --- | --- | --- |${there.length > 0 ? ' --- | --- |' : ''}`);
cases.forEach((each, i) => {
  const own = here[i]?.nanoseconds ?? 0;
  const other = there[i]?.nanoseconds;
  console.log(`| ${each.name} | ${each.as} | ${own.toFixed(0)} |${other === undefined ? '' : ` ${other.toFixed(0)} | ${(other / own).toFixed(1)} |`}`);
});
