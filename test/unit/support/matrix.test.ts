import { describe, expect, it } from 'vitest';
import { cellsOf, MATRICES, matrixMarkdown } from '../../integration/matrix/cells.ts';
import type { Written } from '../../integration/matrix/messages.ts';
import { wrongMessages } from '../../integration/matrix/messages.ts';
import { askedOf, compact } from '../../integration/matrix/select.ts';
import type { ZooTable } from '../../integration/matrix/zoo.ts';
import { members, zooTables } from '../../integration/matrix/zoo.ts';
import { goldenTables } from '../../integration/types-golden.ts';

const TABLE: ZooTable = { name: 't', definition: 'a int, x text', columns: null, only: null, rows: [{ values: "1, 'é'", plain: '{"a":1,"x":"é"}', debezium: '{"a":1,"x":"é"}' }], declared: [['a', 'int'], ['x', 'text']], columnCount: 3 };

const line = (id: number, value: string, headers = '{}'): string => `{"topic":"crm.db.t","key":{"id":${id}},"value":${value},"headers":${headers}}`;

/** What a whole row image brings. */
const FULL = [
  line(1, '{"op":"insert","after":{"id":1,"a":1,"x":"é"}}'),
  line(1, '{"op":"delete","keyChange":"old","before":{"id":1,"a":1,"x":"é"}}'),
  line(1, 'null'),
  line(1001, '{"op":"insert","keyChange":"new","after":{"id":1001,"a":1,"x":"é"}}'),
  line(1001, '{"op":"delete","before":{"id":1001,"a":1,"x":"é"}}'),
  line(1001, 'null'),
];

function wrong(lines: readonly string[], written: Partial<Written> = {}): string[] {
  return wrongMessages(lines, TABLE, { kind: 'mysql', rowImage: 'FULL', format: 'plain', ...written });
}

describe('messages of the matrix', () => {
  it('are right when they are', () => {
    expect(wrong(FULL)).toEqual([]);
    expect(wrong([...FULL, line(1, '{"op":"insert","after":{}}').replace('db.t', 'db.other')])).toEqual([]);
  });

  it.each([
    ['another value', FULL.map((one) => one.replace('"a":1,', '"a":2,')), 't insert 1: a is 2, and should be 1'],
    ['a missing column', FULL.map((one) => one.replace(',"x":"é"', '')), 't insert 1: x is missing, and should be "é"'],
    ['a column too many', FULL.map((one) => one.replace('"x":"é"', '"x":"é","y":1')), 't insert 1: y is not a column'],
    ['a missing row', FULL.slice(0, 4), 't: not told: delete 1001; told: 3 of 4'],
    ['a missing tombstone', FULL.slice(0, 5), 't: 1 tombstones'],
    ['another id', FULL.map((one) => one.replace('"after":{"id":1,', '"after":{"id":5,')), 't insert 1: id is 5, and should be 1'],
  ])('with %s are wrong', (_, lines, text) => {
    expect(wrong(lines).join('\n')).toContain(text);
  });

  it('lack just what their row image lacks, in both formats', () => {
    const plain = [
      line(1, '{"op":"insert","after":{"id":1,"a":1,"x":"é"}}'),
      line(1, '{"op":"delete","keyChange":"old","before":{"id":1,"a":1},"absent":{"before":["x"]}}'),
      line(1, 'null'),
      line(1001, '{"op":"insert","keyChange":"new","after":{"id":1001,"a":1},"absent":{"after":["x"]}}'),
      line(1001, '{"op":"delete","before":{"id":1001,"a":1},"absent":{"before":["x"]}}'),
      line(1001, 'null'),
    ];
    expect(wrong(plain, { rowImage: 'NOBLOB' })).toEqual([]);
    expect(wrong(plain).join('\n')).toContain('t oldKey 1: absent are x, and should be ');
    expect(wrong(plain, { rowImage: 'MINIMAL' }).join('\n')).toContain('t oldKey 1: absent are x, and should be a,x');
    const placed = (value: string): string => line(1, `{"before":{"id":1,"a":1,"x":"${value}"},"after":null,"op":"d"}`, '{"__debezium.newkey":"{}","__rowcast.absent":"{\\"before\\":[\\"x\\"]}"}');
    expect(wrong([placed('__debezium_unavailable_value')], { rowImage: 'NOBLOB', format: 'debezium' }).join('\n')).not.toContain('x is');
    expect(wrong([placed('é')], { rowImage: 'NOBLOB', format: 'debezium' }).join('\n')).toContain('x is "é", and should be absent');
  });
});

describe('values of the matrix', () => {
  it.each([
    ['bigint unsigned', '"18446744073709551615"', '18446744073709551615', true],
    ['int', '-5', '5', false],
    ['decimal(5,2)', '"1.50"', '1.5', false],
    ['float', '0.1', '0.10000000149011612', true],
    ['double', '0.1', '0.10000000149011612', false],
    ['timestamp(3) null', '"2026-11-23T12:34:56.789Z"', '2026-11-23 12:34:56.789', true],
    ['time(1)', '"-838:59:59.0"', '-838:59:59.0', true],
    ["set('a','b')", '["a","b"]', 'a,b', true],
    ['json', '{"a":[1,"x y"]}', '{"a": [1, "x y"]}', true],
    ['json', '{"a":[1,"xy"]}', '{"a": [1, "x y"]}', false],
    ['varbinary(9)', '"wP8="', 'C0FF', true],
    ['point srid 4326', '{"x":1.0,"wkb":"AQE=","srid":4326}', 'E61000000101', true],
    ['vector(2)', '[1,2.5]', '0000803F00002040', true],
    ['uuid', '"a"', 'b', false],
  ])('%s: %s and %s', (type, json, server, same) => {
    expect(askedOf(type).same(json, server)).toBe(same);
  });

  it('of unknown types are nobody\'s', () => {
    expect(() => askedOf('roman numeral')).toThrow('nobody knows how the server shows roman numeral');
  });

  it('of documents keep the blanks in their strings', () => {
    expect(compact('{"a b": [1, "x \\" , y"], "c": null}')).toBe('{"a b":[1,"x \\" , y"],"c":null}');
  });
});

describe('the zoo', () => {
  it('knows the members of an object as they are written', () => {
    expect([...members('{"a\\"b":1.0,"c":{"d":[1,{"e":"},"}]},"f":"x,y","g":[],"h":null}')]).toEqual([['a"b', '1.0'], ['c', '{"d":[1,{"e":"},"}]}'], ['f', '"x,y"'], ['g', '[]'], ['h', 'null']]);
    expect([...members('{}')]).toEqual([]);
  });

  it('has the columns of every golden table, and a type for each that SELECT can be asked about', () => {
    for (const kind of ['mysql', 'mariadb', 'mysql56']) {
      for (const { declared, rows, name } of zooTables(kind, 'gbk', goldenTables())) {
        expect(declared.map(([column]) => column), name).toEqual([...members(rows[0]?.plain ?? '').keys()]);
        for (const [, type] of declared) expect(askedOf(type)).toBeDefined();
      }
    }
  });

  it('is run with every value of every setting', () => {
    for (const matrix of MATRICES) {
      const cells = cellsOf(matrix);
      for (const [name, values] of Object.entries(matrix.dimensions)) expect(new Set(cells.map((cell) => cell[name]))).toEqual(new Set(values));
      const modes = cells.map((cell) => (matrix.dimensions['GTID mode'] ?? []).indexOf(cell['GTID mode'] ?? ''));
      expect(modes).toEqual([...modes].sort((a, b) => a - b));
      expect(matrixMarkdown()).toContain(`## ${matrix.server}\n\n${cells.length} combinations`);
    }
  });
});
