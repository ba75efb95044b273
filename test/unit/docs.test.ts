import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../../scripts/generated-docs.ts';

describe('generated documentation', () => {
  it.each(Object.entries(generatedDocs))('docs/%s is what its generator gives; run `npm run docs`', (file, text) => {
    expect(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')).toBe(text());
  });
});
