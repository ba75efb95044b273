import { describe, expect, it } from 'vitest';
import { configOf, problems, VALID } from './support.ts';

describe('a file that would take long to read', () => {
  it.each([
    ['larger than anybody writes', 'x'.repeat(262_145), /^rowcast\.yaml:1:1 the file has 262145 characters; 262144 are the most/],
    ['open brackets', `name: a\nb: ${'['.repeat(200_000)}`, /^rowcast\.yaml:2:104 there are more than 100 brackets in one another/],
    ['brackets that are closed', `${'{a: '.repeat(20_000)}${'}'.repeat(20_000)}`, /^rowcast\.yaml:1:401 there are more than 100 brackets/],
    ['lists in lists', '- '.repeat(20_000), /^rowcast\.yaml:1:103 there are too many levels in one another: this is indented by more than 100 columns/],
    ['keys of keys', '? '.repeat(20_000), /too many levels in one another/],
    ['keys under keys', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /^rowcast\.yaml:102:102 there are too many levels/],
    ['lists of keys', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(2 * depth)}- a:`).join('\n'), /too many levels/],
    ['an open quote after many brackets', `"${'['.repeat(100_000)}" "`, /this is not valid YAML/],
    ['aliases of aliases', `${VALID}${Array.from('bcdefghi').reduce((text, name, index) => `${text}${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[index] ?? ''}`).join(', ')}]\n`, 'a: &a [x, x, x, x, x, x, x, x, x]\n')}`, /aliases stand for more than 5000 values/],
    ['an alias of a long list, often', `a: &a [${'x,'.repeat(10_000)}]\nb: [${'*a,'.repeat(400)}]`, /aliases stand for more than 5000 values/],
    ['a long chain of aliases', Array.from({ length: 200 }, (_, index) => `k${index}: &k${index} [${index === 0 ? 'x' : `*k${index - 1}`}]`).join('\n'), /aliases stand for more than 5000 values, or one contains itself/],
  ])('is refused: %s', (_, text, expected) => {
    expect(problems(text).join('\n')).toMatch(expected);
  });

  it('of many problems tells the first hundred, and how many more there are', () => {
    const found = problems(`${VALID}${Array.from({ length: 1_000 }, (_, index) => `k${index}: x`).join('\n')}`);
    expect(found.length).toBe(101);
    expect(found.at(-1)).toBe('rowcast.yaml:104:1 and 900 more problems from here on → Correct those above first.');
  });

  it('is not one with a hundred brackets, and as many in quotes and comments as anybody likes', () => {
    expect(configOf(`${VALID}# ${'['.repeat(5_000)}\nlog: { level: info } # "${'{'.repeat(5_000)}"\n`).name).toBe('shop');
    expect(problems(`name: "${'['.repeat(5_000)}"\n`).join('\n')).toMatch(/name must be/);
    expect(problems(`${VALID}log: ${'['.repeat(100)}${']'.repeat(100)}`)[0]).toMatch(/^rowcast\.yaml:4:6 log must be a mapping/);
    const wide = ' '.repeat(300);
    expect(configOf(`name: shop\nsource: { user: u,\n${wide}host: h }\nroutes:\n  - tables: [a.b]\n    where: >-\n${wide}row.id > 1\n${wide}# note\n  - tables:\n${' '.repeat(60)}- a.c${wide}# note\n`).routes.length).toBe(2);
  });
});

describe('an alias', () => {
  it('stands for what its anchor was when it was written, also where it is met again inside of another one', () => {
    const { checkpoint } = configOf('name: a\nsource: &s { host: &h one, user: *h }\nroutes: [{ tables: [a.b], topic: &h two }]\ncheckpoint: { type: mysql, server: *s, path: *h }\n');
    expect(checkpoint).toMatchObject({ path: 'two', server: { host: 'one', user: 'one' } });
  });

  it('may be of a key', () => {
    expect(configOf(`name: a\n? &u source\n: { user: *u }\nroutes: [{ tables: [a.b] }]\n`).source.user).toBe('source');
  });
});

describe('a secret', () => {
  it.each([
    'source: |\n  password: hunter2\n', 'source: "{ password: hunter2 }"\n', 'sink: "{ sasl: { password: hunter2 } }"\n', 'routes: "password: hunter2"\n', 'source: { port: "token=hunter2" }\n',
    'source:\n  password hunter2: x\n', 'source: {password:hunter2}\n', 'source:\n  password: ${hunter2\n', 'source:\n  password: ${hunter2-}\n', 'source: { password: [hunter2] }\n', 'source: { password: { hunter2: x } }\n',
  ])('is not shown where a colon, a blank or a bracket makes something else of it: %j', (text) => {
    const found = problems(`name: a\n${text}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).not.toContain('hunter2');
  });
});
