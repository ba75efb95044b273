import { RowcastError } from '../core/errors.ts';
import { nameKey } from './matcher.ts';

/** A topic template, compiled. */
export interface TopicTemplate {
  readonly text: string;
  /** Literal text and names in turn. */
  readonly parts: readonly (string | { readonly name: 'database' | 'table' })[];
}

interface NamedTable {
  readonly database: string;
  readonly name: string;
}

/** Kafka's own bound. */
const MAX_TOPIC = 249;

/** @throws RowcastError CONFIG_INVALID for another variable than `${database}` and `${table}`, or a character that no topic may have */
export function parseTopic(text: string): TopicTemplate {
  const parts = text.split(/(\$\{[^}]*\})/).filter((part) => part !== '').map((part) => {
    if (part === '${database}') return { name: 'database' as const };
    if (part === '${table}') return { name: 'table' as const };
    if (part.startsWith('${')) throw new RowcastError('CONFIG_INVALID', `topic ${text} has the unknown variable ${part}`, { hint: 'A topic may use ${database} and ${table}.' });
    if (/[^a-zA-Z0-9._-]/.test(part)) throw new RowcastError('CONFIG_INVALID', `topic ${text} has a character that Kafka does not allow`, { hint: 'Use letters, digits, dot, underscore and hyphen.' });
    return part;
  });
  if (parts.length === 0) throw new RowcastError('CONFIG_INVALID', 'a topic is empty');
  return { text, parts };
}

/**
 * A name as part of a topic: each UTF-8 byte of a character outside `a-zA-Z0-9._-` becomes `_xHH`. Where the name itself
 * holds what reads like such an escape, that underscore becomes `_x5F`, so that two names never become one.
 */
export function escapeTopicPart(name: string): string {
  return name.replaceAll(/_(?=x[0-9A-F]{2})|[^a-zA-Z0-9._-]/gu, (character) =>
    Array.from(Buffer.from(character, 'utf8'), (byte) => `_x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** The topic that a template gives a table. @throws RowcastError ROUTE_CONFLICT for a name that Kafka refuses */
export function fillTopic(template: TopicTemplate, table: NamedTable): string {
  const topic = template.parts.map((part) => (typeof part === 'string' ? part : escapeTopicPart(valueOf(part, table)))).join('');
  if (topic.length <= MAX_TOPIC && topic !== '.' && topic !== '..') return topic;
  const what = topic.length > MAX_TOPIC ? `${topic.length} characters, of which Kafka allows ${MAX_TOPIC}` : 'a name that Kafka refuses';
  throw new RowcastError('ROUTE_CONFLICT', `table ${table.database}.${table.name}: the topic ${topic} is ${what}`, { hint: 'Give the table a route with a topic of its own.' });
}

/** True for a template whose topic depends on the table. */
export function namesTable(template: TopicTemplate): boolean {
  return template.parts.some((part) => typeof part !== 'string' && part.name === 'table');
}

/** Names topics, and refuses two tables that would meet in one though their templates keep them apart. */
export class TopicNames {
  readonly #taken = new Map<string, Map<string, { readonly template: TopicTemplate; readonly table: NamedTable }>>();

  /** The topic of a table. @throws RowcastError ROUTE_CONFLICT */
  name(template: TopicTemplate, table: NamedTable): string {
    const topic = fillTopic(template, table);
    this.#claim(topic, template, table);
    return topic;
  }

  #claim(topic: string, template: TopicTemplate, table: NamedTable): void {
    const tables = this.#taken.get(topic) ?? new Map<string, { readonly template: TopicTemplate; readonly table: NamedTable }>();
    this.#taken.set(topic, tables);
    for (const other of tables.values()) {
      if (onPurpose(template, table, other)) continue;
      throw new RowcastError('ROUTE_CONFLICT', `tables ${other.table.database}.${other.table.name} and ${table.database}.${table.name} would meet in topic ${topic}`);
    }
    // One table stands for all that share a template and its values: those meet on purpose.
    const group = identity(template, table);
    if (!tables.has(group)) tables.set(group, { template, table: { database: table.database, name: table.name } });
  }
}

function valueOf(part: { readonly name: 'database' | 'table' }, table: NamedTable): string {
  return part.name === 'database' ? table.database : table.name;
}

/** The values that a template puts into the topic, before any escape. */
function values(template: TopicTemplate, table: NamedTable): string {
  return template.parts.map((part) => (typeof part === 'string' ? '' : valueOf(part, table))).join('\0');
}

function identity(template: TopicTemplate, table: NamedTable): string {
  return `${template.text}\0${values(template, table)}`;
}

/**
 * By one template, tables meet on purpose when the names it uses are the same. By two, they do unless one of the names had
 * to be escaped, or both templates name the table and it is not the same name.
 */
function onPurpose(template: TopicTemplate, table: NamedTable, other: { readonly template: TopicTemplate; readonly table: NamedTable }): boolean {
  if (nameKey(table.database, table.name) === nameKey(other.table.database, other.table.name)) return true;
  if (template.text === other.template.text) return values(template, table) === values(other.template, other.table);
  if (wasEscaped(template, table) || wasEscaped(other.template, other.table)) return false;
  return !(namesTable(template) && namesTable(other.template)) || table.name === other.table.name;
}

function wasEscaped(template: TopicTemplate, table: NamedTable): boolean {
  return template.parts.some((part) => typeof part !== 'string' && escapeTopicPart(valueOf(part, table)) !== valueOf(part, table));
}
