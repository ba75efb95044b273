import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differencesMarkdown } from '../../../src/format/debezium/differences.ts';

it('docs/formats.md holds the list of differences as it is', () => {
  const text = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
  expect(text).toContain(`<!-- differences: begin -->\n\n${differencesMarkdown()}\n<!-- differences: end -->`);
});
