import type { Difference, TableCounts, Verification, VerifiedTableReport } from '../app/verify/report.ts';
import { outcomeOf } from '../app/verify/report.ts';
import type { VerifyOptions } from '../app/verify/verify.ts';
import type { Paint } from './terminal.ts';

type Progress = Parameters<VerifyOptions['progress']>[0];

const WORDS = { topic: 'reading topic', table: 'reading table', compare: 'comparing' } as const;

/** `reading topic shop.shop.orders: 120000 of 500000 messages (24 %)`. */
export function progressLine({ phase, what, done, total }: Progress): string {
  const unit = phase === 'topic' ? 'messages' : phase === 'table' ? 'rows' : 'parts';
  const share = total === null ? String(done) : `${String(done)} of ${String(total)}`;
  const percent = total === null || total === 0 ? '' : ` (${String(Math.floor((done / total) * 100))} %)`;
  return `${WORDS[phase]} ${what}: ${share} ${unit}${percent}`;
}

const MEANING: Readonly<Record<Difference['kind'], string>> = {
  missing: 'is in the table and not in the topic',
  extra: 'is in the topic and not in the table',
  different: 'differs in',
  unknown: 'is not in the topic, whose beginning is deleted, so that nobody can tell',
};

/** `missing shop.orders {"id":7} is in the table and not in the topic`. */
export function differenceLine({ kind, table, key, columns, message }: Difference, paint: Paint): string {
  const what = kind === 'different' ? `${MEANING.different} ${columns.join(', ')}` : MEANING[kind];
  const where = message === null ? '' : ` (last message: partition ${String(message.partition)}, offset ${message.offset})`;
  return `${paint(kind === 'unknown' ? 'yellow' : 'red', kind)} ${table} ${key} ${what}${where}`;
}

/** The last line of `--json`. */
export function summaryDocument(verification: Verification): object {
  return { type: 'summary', outcome: outcomeOf(verification), ...verification };
}

/** Every table with what was found, and what was not compared. */
export function verifyReport(verification: Verification, paint: Paint): string {
  const lines = verification.tables.flatMap((table) => tableLines(table, paint));
  if (verification.tables.length === 0) lines.push('no table is told by a route');
  if (verification.end === 'stopped') lines.push(paint('yellow', 'ended early: as many differences as --limit allows were found; counts are of those'));
  if (verification.end === 'interrupted') lines.push(paint('yellow', 'interrupted; with --state the same command goes on from here'));
  const words = { equal: paint('green', 'equal'), different: paint('red', 'different'), unsure: paint('yellow', 'no difference found, but not everything could be compared') };
  return [...lines, words[outcomeOf(verification)]].join('\n');
}

function tableLines(report: VerifiedTableReport, paint: Paint): string[] {
  const { table, topic, refused, counts } = report;
  if (refused !== null) return [`${paint('yellow', 'not compared')} ${table}: ${refused}`];
  const head = topic === null ? table : `${table} and topic ${topic}`;
  if (counts === null) return [`${paint('yellow', 'not compared')} ${head}: not reached`];
  const wrong = counts.missing + counts.extra + counts.different;
  const word = wrong > 0 ? paint('red', 'different') : counts.unknown > 0 ? paint('yellow', 'unsure') : paint('green', 'equal');
  return [`${word} ${head}: ${String(counts.rows)} rows, ${String(counts.missing)} missing, ${String(counts.extra)} extra, ${String(counts.different)} different`, ...notes(report, counts).map((note) => `  ${note}`)];
}

function notes({ hidden, masked, strange, unreadable }: VerifiedTableReport, counts: TableCounts): string[] {
  return [
    ...(counts.unknown > 0 ? [`${String(counts.unknown)} rows are not in the topic, whose beginning is deleted: their last change may have been there`] : []),
    ...(counts.moving > 0 ? [`${String(counts.moving)} rows changed whenever they were looked at, each time as the topic had them just then`] : []),
    ...(counts.unanswered > 0 ? [`${String(counts.unanswered)} rows of which the condition of the route cannot be asked`] : []),
    ...Object.entries(counts.absent).map(([column, rows]) => `not compared: ${column} in ${String(rows)} rows, whose messages do not tell it`),
    ...Object.entries(counts.cut).map(([column, rows]) => `not compared: ${column} in ${String(rows)} rows, whose messages have it cut`),
    ...(hidden.length > 0 ? [`not compared: ${hidden.join(', ')}, which messages do not show`] : []),
    ...(masked.length > 0 ? [`compared by a mask that hides differences: ${masked.join(', ')}`] : []),
    ...(strange.length > 0 ? [`not compared: ${strange.join(', ')}, which messages have and the table does not`] : []),
    ...(unreadable.count > 0 ? [`${String(unreadable.count)} messages of the topic cannot be read as its format; the first: ${unreadable.first ?? ''}`] : []),
  ];
}
