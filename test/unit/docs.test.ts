import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../../scripts/generated-docs.ts';

describe('generated documentation', () => {
  it.each(Object.entries(generatedDocs))('docs/%s is what its generator gives; run `npm run docs`', (file, text) => {
    expect(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')).toBe(text());
  });
});

describe('dependencies.md', () => {
  it('has a reason for every package of package.json, and for no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const [run = '', develop = ''] = readFileSync(new URL('../../docs/dependencies.md', import.meta.url), 'utf8').split('## At run time')[1]?.split('## For development') ?? [];
    const named = (section: string): string[] => [...section.matchAll(/^\| (`.*?) \| (.+) \|$/gmu)].filter(([line]) => !/^\| `[^`]+`(?:, `[^`]+`)* \d| \d+\.\d+\.\d+ \|/u.test(line)).flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name));
    expect(named(run).sort()).toEqual(Object.keys(dependencies).sort());
    expect(named(develop).sort()).toEqual(Object.keys(devDependencies).sort());
  });

  it('and every version is exact', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    expect(Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(version))).toEqual([]);
  });
});

describe('written documentation', () => {
  const docs = new URL('../../docs/', import.meta.url);
  const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const text = (page: string): string => readFileSync(new URL(page, docs), 'utf8');

  it('numbers the decisions from 1 on, each number once, as their titles do', () => {
    const decisions = pages.filter((page) => page.startsWith('adr/')).sort();
    expect(decisions.map((page) => Number(page.slice(4, 8)))).toEqual(decisions.map((_, index) => index + 1));
    for (const page of decisions) expect(text(page)).toMatch(new RegExp(`^# ${Number(page.slice(4, 8))}\\. `, 'u'));
  });

  it('links only to pages that are there, and names decisions by their number', () => {
    for (const page of pages) {
      for (const [, label = '', target = ''] of text(page).matchAll(/\[([^\]]*)\]\(([^)#:]+\.md)[^)]*\)/gu)) {
        expect(existsSync(new URL(target, new URL(page, docs))), `${page}: ${target}`).toBe(true);
        const number = /^ADR (\d+)$/u.exec(label)?.[1];
        if (number !== undefined) expect(target, page).toContain(`adr/${number.padStart(4, '0')}-`);
      }
    }
  });
});
