import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/config/json-schema.ts';
import { configJsonSchema } from '../../../src/config/json-schema.ts';

function below(schema: JsonSchema, ...names: string[]): JsonSchema {
  return names.reduce<JsonSchema>((node, name) => node.properties?.[name] ?? {}, schema);
}

function everyNode(node: JsonSchema): JsonSchema[] {
  const children = [...Object.values(node.properties ?? {}), ...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items === undefined ? [] : [node.items])];
  return [node, ...children.flatMap(everyNode)];
}

describe('the JSON Schema of the configuration', () => {
  const schema = configJsonSchema();

  it('is of draft 2020-12 and wants what the file wants', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.required).toEqual(['name', 'source', 'routes']);
    expect(below(schema, 'source').required).toEqual(['user']);
  });

  it('takes a number, or text with an environment reference', () => {
    expect(below(schema, 'source', 'port')).toEqual({
      description: 'TCP port of the server.',
      default: 3306,
      anyOf: [
        { type: 'integer', minimum: 1, maximum: 65535 },
        { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}' },
      ],
    });
    const reference = new RegExp(String(below(schema, 'source', 'port').anyOf?.[1]?.['pattern']));
    expect(['${PORT}', '${PORT:-3306}'].map((text) => reference.test(text))).toEqual([true, true]);
    expect(['3306', '${}', '$PORT'].map((text) => reference.test(text))).toEqual([false, false, false]);
  });

  it('takes false, a mapping or a reference for http', () => {
    expect(below(schema, 'http').anyOf?.map((shape) => shape.const ?? shape['type'])).toEqual([false, 'object', 'string']);
  });

  it('knows the files that secrets may be in', () => {
    expect(Object.keys(below(schema, 'source').properties ?? {})).toContain('password_file');
    expect(Object.keys(below(schema, 'masking').properties ?? {})).toEqual(['key', 'key_file']);
    expect(JSON.stringify(schema)).not.toContain('token_file');
  });

  it('refuses unknown keys in every mapping', () => {
    const open = everyNode(schema).filter((node) => node.properties !== undefined && node['additionalProperties'] !== false);
    expect(open).toEqual([]);
  });

  it('describes every key', () => {
    const silent = everyNode(schema).flatMap((node) => Object.entries(node.properties ?? {}).filter(([, property]) => (property.description ?? '') === ''));
    expect(silent.map(([key]) => key).filter((key) => !['gtid', 'file', 'position', 'timestamp'].includes(key))).toEqual([]);
  });

  it('holds no keyword of our own', () => {
    expect(everyNode(schema).filter((node) => 'expects' in node || 'fromFile' in node || 'leaf' in node)).toEqual([]);
  });
});
