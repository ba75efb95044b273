import { describe, expect, it } from 'vitest';
import type { SyntaxChecks } from '../../../src/config/validate.ts';
import { validateConfig } from '../../../src/config/validate.ts';
import { configOf } from './support.ts';

const FINE: SyntaxChecks = { condition: () => null, topicTemplate: () => null, pattern: () => null };

const TEXT = `name: s
source: { user: u }
routes:
  - tables: ["a.b", "a"]
    topic: "cdc.\${tabel:-x}.\${table}"
    where: "row.x >"
    when: "op == 'u'"
  - tables: [c.d]
    when: "nope("
`;

describe('validateConfig', () => {
  it('finds nothing where every check is content', () => {
    expect(validateConfig(configOf(TEXT), FINE)).toEqual([]);
  });

  it('asks about every text once, with what it is', () => {
    const asked: string[] = [];
    validateConfig(configOf(TEXT), {
      condition: (text, kind) => (asked.push(`${kind} ${text}`), null),
      topicTemplate: (text) => (asked.push(`topic ${text}`), null),
      pattern: (text) => (asked.push(`pattern ${text}`), null),
    });
    expect(asked).toEqual(["where row.x >", "when op == 'u'", 'pattern a.b', 'pattern a', 'topic cdc.x.${table}', 'when nope(', 'pattern c.d', 'topic s.${database}.${table}']);
  });

  it('gives each complaint its code, its line and a repair', () => {
    const found = validateConfig(configOf(TEXT), {
      condition: (text) => (text.includes('==') ? null : 'unexpected end'),
      topicTemplate: (text) => (text.startsWith('cdc') ? 'a topic needs a database' : null),
      pattern: (text) => (text.includes('.') ? null : 'a pattern has one dot'),
    });
    expect(found.map(({ code, where, message, severity }) => [code, where, message, severity])).toEqual([
      ['CONDITION_INVALID', 'rowcast.yaml:6:12', 'routes[0].where: unexpected end', 'error'],
      ['CONFIG_INVALID', 'rowcast.yaml:4:21', 'routes[0].tables[1]: a pattern has one dot', 'error'],
      ['CONFIG_INVALID', 'rowcast.yaml:5:12', 'routes[0].topic: a topic needs a database', 'error'],
      ['CONDITION_INVALID', 'rowcast.yaml:9:11', 'routes[1].when: unexpected end', 'error'],
    ]);
    expect(found.map(({ repair }) => repair)).toEqual([
      "A condition over one image, for example: row.total >= 10.0 && row.status != 'draft'",
      'A pattern is database.table, for example shop.* or shop.order_*',
      'A topic is text with ${database} and ${table}, for example cdc.${database}.${table}',
      "A condition over a change, for example: op != 'u' || before.status != after.status",
    ]);
  });

  it('names the key alone for a configuration that came from no file', () => {
    const made = { ...configOf(TEXT) };
    expect(validateConfig(made, { ...FINE, pattern: () => 'no' })[0]?.where).toBe('routes[0].tables[0]');
  });
});
