/** One way in which messages differ from those of the program whose format it is. */
export interface Difference {
  /** Stable name, for tests. */
  readonly id: string;
  /** Field or type. */
  readonly where: string;
  readonly theirs: string;
  readonly ours: string;
  readonly why: string;
  /** The option `quirks` makes it as theirs. @default false */
  readonly quirk?: boolean;
}

/** The list as a Markdown table. */
export function differencesTable(program: string, differences: readonly Difference[]): string {
  const rows = differences.map(({ where, theirs, ours, why, quirk = false }) => `| ${where} | ${theirs} | ${ours} | ${why} | ${quirk ? 'as theirs' : ''} |`);
  return [`| where | ${program} | Rowcast | why | with \`quirks\` |`, '| --- | --- | --- | --- | --- |', ...rows, ''].join('\n');
}
