import { parseJson } from '../../src/core/position.ts';
import type { Json } from '../../src/core/position.ts';
import type { Told } from './run.ts';
import { DATABASE } from './run.ts';

export type Fields = { readonly [key: string]: Json };

/** A message, ready to be compared: numbers are their exact value as text, lists of schema fields are objects by name. */
export interface Message {
  /** What it is compared within: messages of one group are paired in their order. */
  readonly group: string;
  readonly topic: string;
  readonly key: Json;
  readonly value: Json;
  readonly headers: Fields;
}

/** Tables and topics of the comparison itself. */
const OWN = /"(compat_begins|capture_end)"|\.(compat_begins|capture_end)\b/;
const NUMBER = /("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g;

/** The messages of one side that the other must have, too. */
export function messagesOf(lines: readonly string[], told: Told): readonly Message[] {
  return lines.filter((line) => !OWN.test(line)).map((line) => messageOf(line, told)).filter((message) => isCompared(message, told));
}

function messageOf(line: string, { case: { name } }: Told): Message {
  const { topic, key = null, value = null, headers = {} } = fields(parseJson(exact(line)));
  const named = Object.entries(fields(headers)).map(([each, held]) => [each, byName(typeof held === 'string' ? parseJson(exact(held)) : held)] as const);
  const message = { topic: textOf(topic), key: byName(key), value: byName(value), headers: Object.fromEntries(named) };
  return { ...message, group: groupOf(message, name) };
}

/** Debezium tells BEGIN and END of transactions without messages, too, and the tables that it finds when it starts. */
function isCompared({ topic, value }: Message, { case: { name } }: Told): boolean {
  const payload = fields(payloadOf(value));
  if (topic === name) return payload['databaseName'] === DATABASE && fields(payload['source'] ?? null)['snapshot'] === 'false';
  return true;
}

/** Rows of a table with one key, the ends of one transaction, the statements about one table, or heartbeats. */
function groupOf({ topic, key, value }: Omit<Message, 'group'>, name: string): string {
  const payload = fields(payloadOf(value));
  if (topic === name) return `schema change ${textOf(fields(payload['source'] ?? null)['table'])}`;
  if (topic === `${name}.transaction`) return `transaction ${textOf(payload['id'])} ${textOf(payload['status'])}`;
  if (topic === `__debezium-heartbeat.${name}`) return 'heartbeat';
  const table = topic.slice(`${name}.${DATABASE}.`.length).replaceAll(/(?:_x[0-9A-F]{2}|_)+/g, '_');
  return `${table} ${JSON.stringify(payloadOf(key))}`;
}

/** What is inside of a schema and payload, where there is a schema. */
export function payloadOf(value: Json): Json {
  const { schema, payload } = fields(value);
  return schema === undefined || payload === undefined ? value : payload;
}

/** JSON with every number as a string `#expansion`, so that none is rounded. */
function exact(json: string): string {
  return json.replace(NUMBER, (_, quoted: string | undefined, number: string | undefined) => quoted ?? `"#${expansion(number ?? '')}"`);
}

/** A JSON number without exponent and without zeros that say nothing: `1.50E+1` is `15`. The sign of zero stays. */
function expansion(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = digits.padStart(digits.length + Math.max(0, -point), '0').padEnd(Math.max(0, point), '0');
  const head = padded.slice(0, Math.max(0, point)).replace(/^0+/, '');
  const tail = padded.slice(Math.max(0, point)).replace(/0+$/, '');
  return `${sign}${head === '' ? '0' : head}${tail === '' ? '' : `.${tail}`}`;
}

/** Lists of schema fields and of tables as objects, so that paths name them. */
function byName(value: Json): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(byName);
    const names = items.map((item) => fields(item)['field'] ?? fields(item)['data_collection']);
    return names.length > 0 && names.every((name) => typeof name === 'string') ? Object.fromEntries(items.map((item, i) => [String(names[i]), item])) : items;
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, byName(each)])) : value;
}

export function fields(value: Json): Fields {
  return isObject(value) ? value : {};
}

export function isObject(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
