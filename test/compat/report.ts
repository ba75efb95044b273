import { DIFFERENCES } from '../../src/format/debezium/differences.ts';
import type { Compared } from './compare.ts';

/** What a run showed. */
export interface Outcome {
  readonly debezium: string;
  readonly server: string;
  readonly compared: readonly Compared[];
  /** Keys and values that Kafka Connect's converter read, by case, and what it refused or changed. */
  readonly read: readonly { readonly title: string; readonly read: number; readonly refused: readonly string[] }[];
}

/** The page of the documentation: the same for the same outcome, whenever it was. */
export function reportMarkdown({ debezium, server, compared, read }: Outcome): string {
  const cases = compared.map(({ case: { title }, messages, differences }) => `| ${title} | ${messages} | ${differences.filter(({ id }) => id === null).length} |`);
  const runs = (id: string): number => compared.filter(({ differences }) => differences.some((each) => each.id === id)).length;
  const met = DIFFERENCES.filter(({ id }) => runs(id) > 0).map(({ id, where }) => `| ${where} | ${runs(id)} |`);
  const total = compared.reduce((sum, { messages }) => sum + messages, 0);
  return `<!-- Written by npm run compat. -->
# Side by side with Debezium

\`npm run compat\` runs Debezium ${debezium} (its MySQL connector, embedded, with Kafka Connect's JSON converter) and Rowcast on the same MySQL ${server} and the same
statements, [test/compat/cases.sql](../test/compat/cases.sql): edge values of every type, defaults, keys of several types and changes of them, DDL, TRUNCATE and transactions.
It pairs the messages of each topic and key in their order and compares topics, keys, values, headers and the order of fields, numbers digit by digit. ${total} messages of
Rowcast were compared.

| options | messages | unexplained differences |
| --- | --- | --- |
${cases.join('\n')}

Every place that differs is one of [the listed differences](debezium-differences.md), of which these were met, in so many of the ${compared.length} runs:

| difference | runs |
| --- | --- |
${met.join('\n')}

Kafka Connect's \`JsonConverter\`, schemas enabled, reads Rowcast's messages, checks each against its schema and writes the same JSON again:

| options | keys and values | refused or changed |
| --- | --- | --- |
${read.map((each) => `| ${each.title} | ${each.read} | ${each.refused.length} |`).join('\n')}
`;
}
