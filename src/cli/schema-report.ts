import type { ShownRecapture, ShownSchema, ShownTable } from '../app/shown-schema.ts';
import type { Paint } from './terminal.ts';

/** The schema history for people. */
export function schemaReport({ position, running, tables, unknown, later }: ShownSchema, paint: Paint): string {
  const title = `${String(tables.length)} ${tables.length === 1 ? 'table' : 'tables'} as of the saved position ${position}`;
  const notes = [
    ...(running ? ['A daemon runs with this checkpoint: what it has read since is not shown.'] : []),
    ...(later > 0 ? [`${String(later)} later ${later === 1 ? 'change is' : 'changes are'} noted behind the position, and read again at the next start.`] : []),
  ];
  const lost = unknown.flatMap(({ table, why, formerly }) => [`${paint('bold', table)}  ${paint('red', 'unknown')}: ${why}`, ...nameLines(formerly)]);
  return [title, ...notes, ...lost, ...tables.flatMap((table) => tableLines(table, paint))].join('\n');
}

/** What recapturing did. */
export function recaptureReport(taken: ShownRecapture, paint: Paint): string {
  return [
    `From the saved position ${taken.position} on, rows of ${taken.table} are read by these columns, which the server shows now.`,
    `Statements about the table up to ${taken.until} are taken to be in them. Rows that do not fit are not read by them.`,
    ...tableLines(taken, paint),
  ].join('\n');
}

function tableLines({ table, columns, primaryKey, formerly }: ShownTable, paint: Paint): string[] {
  const width = Math.max(0, ...columns.map(({ name }) => name.length));
  const lines = columns.map(({ name, type, nullable }) => `  ${name.padEnd(width)}  ${paint('gray', [type, ...(nullable ? [] : ['not null']), ...(primaryKey.includes(name) ? ['primary key'] : [])].join(', '))}`);
  return [paint('bold', table), ...nameLines(formerly), ...lines];
}

/** The newest name first. */
function nameLines(formerly: ShownTable['formerly']): string[] {
  return formerly.toReversed().map(({ table, until }) => `  was ${table} until ${until}`);
}
