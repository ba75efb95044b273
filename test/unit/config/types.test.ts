import { describe, expect, it } from 'vitest';
import { NO_POLICIES } from '../../../src/core/type-policies.ts';
import { configOf, problems } from './support.ts';

const HEAD = 'name: shop\nsource: { user: rowcast }\n';

describe('types', () => {
  it('of the file hold for every route, and a route says otherwise key by key', () => {
    const { routes } = configOf(`${HEAD}types: { bigint: string, binary: hex, tinyint1: boolean }
routes:
  - { tables: [a.*] }
  - { tables: [b.*], types: { bigint: safe, json: text } }
  - { tables: [c.*], types: { bigint: format, binary: format } }
`);
    expect(routes.map(({ types }) => types)).toEqual([
      { ...NO_POLICIES, bigint: 'string', binary: 'hex', tinyint1: 'boolean' },
      { ...NO_POLICIES, bigint: 'safe', binary: 'hex', tinyint1: 'boolean', json: 'text' },
      { ...NO_POLICIES, tinyint1: 'boolean' },
    ]);
  });

  it.each([
    ['null', 'null'],
    ['"null"', 'null'],
    ['string', 'string'],
    ['epoch', 'epoch'],
    ['${ZERO}', 'null'],
    ['', null],
    ['~', null],
  ])('zeroDates: %s is %s', (written, read) => {
    const text = `${HEAD}routes:\n  - tables: [a.*]\n    types:\n      zeroDates: ${written}\n`;
    expect(configOf(text, { ZERO: 'null' }).routes[0]?.types).toEqual({ ...NO_POLICIES, zeroDates: read });
  });

  it('name what they do not know', () => {
    expect(problems(`${HEAD}types:\n  zeroDate: null\n  bigint: text\n  json: null\nroutes: [{ tables: [a.*], types: { geometry: WKT } }]\n`)).toEqual([
      'rowcast.yaml:4:3 types.zeroDate is not a known key → Did you mean zeroDates?',
      'rowcast.yaml:5:11 types.bigint must be string, number, safe or format, not text → For example bigint: string',
      'rowcast.yaml:7:46 routes[0].types.geometry must be wkb, wkt, geojson or format, not WKT → Did you mean wkt?',
    ]);
  });

  it('do nothing beside drop', () => {
    const text = (route: string): string => `${HEAD}types: { bigint: string }\nroutes: [{ tables: [a.*], drop: true${route} }, { tables: [b.*] }]\n`;
    expect(problems(text(''))).toEqual([]);
    expect(problems(text(', types: { binary: hex }'))).toEqual([expect.stringContaining('routes[0].drop leaves out all rows')]);
  });
});
