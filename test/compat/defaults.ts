import { parseJson } from '../../src/core/position.ts';
import type { Json } from '../../src/core/position.ts';
import { fields } from './messages.ts';

/** The columns, `table.column`, that have a default in the schemas of these lines. */
export function defaultsOf(lines: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of lines) {
    const { topic, value = null } = fields(parseJson(line));
    const table = typeof topic === 'string' ? topic.slice(topic.lastIndexOf('.') + 1) : '';
    const images = listOf(fields(fields(value)['schema'] ?? null)['fields']).filter((each) => fields(each)['field'] === 'after');
    for (const column of images.flatMap((image) => listOf(fields(image)['fields']))) {
      const { field, default: initial } = fields(column);
      if (typeof field === 'string' && initial !== undefined) found.add(`${table}.${field}`);
    }
  }
  return found;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
