import { z } from 'zod';
import { RowcastError } from '../core/errors.ts';
import { FILE_KEYS } from './document.ts';
import { REFERENCE } from './scalars.ts';
import { configSchema } from './schema.ts';

/** A JSON Schema, as far as the documentation reads it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  description?: string;
  default?: unknown;
  const?: string | number | boolean;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** Keywords of our own that documentation needs and JSON Schema does not know. */
const OWN = ['expects', 'fromFile', 'leaf'];

/**
 * The JSON Schema (draft 2020-12) of a configuration file, for editors. Numbers, words and flags may also be text with
 * `${ENV}` in it, and what may come from a file has its `<key>_file` beside it.
 */
export function configJsonSchema(): JsonSchema {
  const schema = annotatedJsonSchema();
  for (const keyword of OWN) walk(schema, (node) => Reflect.deleteProperty(node, keyword));
  return schema;
}

/** The same with what the documentation needs: `expects`, a value's type in words, and `leaf`, a choice told in one line. */
export function annotatedJsonSchema(): JsonSchema {
  const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' })));
  if (!isSchema(schema)) throw new RowcastError('INTERNAL', 'the schema of the configuration is no mapping');
  walk(schema, addFileKeys);
  // Its value may be a mapping, so it is no scalar that brings this along.
  schema.properties?.['http']?.anyOf?.push({ ...REFERENCE });
  return schema;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

function addFileKeys(node: JsonSchema): void {
  const properties = node.properties ?? {};
  for (const [key, property] of Object.entries(properties)) {
    if (property['fromFile'] !== true || !FILE_KEYS.has(key)) continue;
    properties[`${key}_file`] = { type: 'string', description: `File that holds \`${key}\`; a line break at its end is not part of it.`, expects: 'the path of a file' };
  }
}

function walk(node: JsonSchema, visit: (node: JsonSchema) => void): void {
  visit(node);
  const below = [...Object.values(node.properties ?? {}), ...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items === undefined ? [] : [node.items])];
  for (const child of below) walk(child, visit);
}
