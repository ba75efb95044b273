import type { ExplainedPlan, Explanation } from './app-interface.ts';
import type { Paint } from './terminal.ts';

/** What becomes of a table, for people. */
export function explainReport({ table, leftOut, route, plan }: Explanation, paint: Paint): string {
  const title = paint('bold', table);
  if (leftOut === 'no_route' || plan === null && leftOut === null) return `${title} is taken by no route: its rows are counted and left out.`;
  if (plan === null) return `${title} is taken by ${route ?? 'a route'}, which drops it: its rows are counted and left out.`;
  const rows = planRows(plan);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${paint('cyan', name.padEnd(width))}  ${text}`);
  return [`${title} is taken by ${route ?? 'a route'}.`, ...lines, ...columnLines(plan, paint), ...exampleLines(plan, paint)].join('\n');
}

function planRows(plan: ExplainedPlan): [name: string, text: string][] {
  const rows: [string, string][] = [
    ['topic', plan.topic],
    ['format', plan.format],
    ['key', plan.key.length === 0 ? 'none' : plan.key.join(', ')],
    ['operations', plan.operations.join(', ')],
    ['tombstones', plan.tombstones ? 'yes, for each delete' : 'no'],
  ];
  if (plan.where !== null) rows.push(['where', plan.where]);
  if (plan.when !== null) rows.push(['when', plan.when]);
  if (plan.hidden.length > 0) rows.push(['left out', plan.hidden.join(', ')]);
  return rows;
}

function columnLines({ columns }: ExplainedPlan, paint: Paint): string[] {
  const width = Math.max(0, ...columns.map(({ column }) => column.length));
  const lines = columns.map(({ column, name, sqlType, mask }) => {
    const notes = [...(name === column ? [] : [`as ${name}`]), ...(mask === null ? [] : [`masked by ${mask}`])];
    return `    ${column.padEnd(width)}  ${paint('gray', [sqlType, ...notes].join(', '))}`;
  });
  return [`  ${paint('cyan', 'columns')}`, ...lines];
}

function exampleLines({ example }: ExplainedPlan, paint: Paint): string[] {
  if (example === null) return [];
  const value = JSON.stringify(example.value, null, 2).split('\n');
  return [`  ${paint('cyan', 'example key, made up')}`, `    ${JSON.stringify(example.key)}`, `  ${paint('cyan', 'example value, made up')}`, ...value.map((text) => `    ${text}`)];
}
