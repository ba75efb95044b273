import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/config/interpolate.ts';

const ENV = { HOST: 'db1', EMPTY: '', PORT: '3306', NESTED: '${HOST}', DOLLARS: '$$ $& $1' };
const NONE = new Set<string>();

describe('environment references', () => {
  it.each([
    ['${HOST}', 'db1'],
    ['a-${HOST}:${PORT}-z', 'a-db1:3306-z'],
    ['${EMPTY}', ''],
    ['${EMPTY:-other}', 'other'],
    ['${MISSING:-other}', 'other'],
    ['${MISSING:-}', ''],
    ['${MISSING:-http://x:1/?a=b-c}', 'http://x:1/?a=b-c'],
    ['${HOST:-other}', 'db1'],
    ['$${HOST}', '${HOST}'],
    ['$$${HOST}', '$${HOST}'],
    ['$HOST costs $5', '$HOST costs $5'],
    ['nothing', 'nothing'],
  ])('%s becomes %s', (text, expected) => {
    expect(interpolate(text, ENV, NONE)).toMatchObject({ text: expected, failures: [] });
  });

  it('does not look again at what it filled in', () => {
    expect(interpolate('${NESTED}', ENV, NONE).text).toBe('${HOST}');
    expect(interpolate('${DOLLARS}', ENV, NONE).text).toBe('$$ $& $1');
  });

  it('leaves the kept names alone, with and without an environment variable of that name', () => {
    expect(interpolate('${HOST}.${table}.${PORT}', ENV, new Set(['table', 'HOST']))).toMatchObject({ text: '${HOST}.${table}.3306', failures: [] });
  });

  it('names each missing variable and how to give it', () => {
    expect(interpolate('${A} ${HOST} ${B}', ENV, NONE).failures).toEqual([
      { reference: '${A}', message: 'the environment variable A is not set', repair: 'Set A, or give a default: ${A:-…}.' },
      { reference: '${B}', message: 'the environment variable B is not set', repair: 'Set B, or give a default: ${B:-…}.' },
    ]);
  });

  it.each(['${}', '${1A}', '${HOST', '${HOST-x}', '${a.b}'])('refuses %s, which is no reference', (text) => {
    expect(interpolate(text, ENV, NONE).failures).toMatchObject([{ reference: text, message: `${text} is no reference to an environment variable` }]);
  });
});
