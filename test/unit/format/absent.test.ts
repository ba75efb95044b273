import { describe, expect, it } from 'vitest';
import type { PartialImages, RowMessage } from '../../../src/core/change.ts';
import type { Projection } from '../../../src/core/projection.ts';
import { ABSENT, RowImage, UNCHANGED } from '../../../src/core/row-image.ts';
import type { ImageLayout } from '../../../src/core/row-image.ts';
import type { ColumnType, Representation } from '../../../src/core/table.ts';
import { CANAL_DEFAULTS } from '../../../src/format/canal/options.ts';
import { absentDebezium } from '../../../src/format/debezium/absent.ts';
import { DEBEZIUM_DEFAULTS } from '../../../src/format/debezium/options.ts';
import { representDebezium } from '../../../src/format/debezium/representations.ts';
import { createFormat } from '../../../src/format/formats.ts';
import { MAXWELL_DEFAULTS } from '../../../src/format/maxwell/options.ts';
import { EVENT, FULL, MASKED, message, OPTIONS, PROJECTION, TABLE, written } from './support.ts';

const ONLY_ID: ImageLayout = { bits: Int32Array.of(ABSENT, ABSENT, 0), present: 1 };
const ONLY_A: ImageLayout = { bits: Int32Array.of(0, UNCHANGED, UNCHANGED), present: 1 };
const NO_HIDDEN: ImageLayout = { bits: Int32Array.of(0, ABSENT, 1), present: 2 };

function image(layout: ImageLayout, ...bytes: readonly number[]): RowImage {
  const row = new RowImage(TABLE);
  row.set(Buffer.from(bytes), 0, bytes.length, layout);
  return row;
}

/** An update that has the key before, and `a"` after. */
function update(over: Partial<RowMessage> = {}): RowMessage {
  const bytes = Buffer.from([0, 1, 0, 5]);
  const [before, after] = [new RowImage(TABLE), new RowImage(TABLE)];
  before.set(bytes, 0, 4, ONLY_ID);
  after.set(bytes, 2, 4, ONLY_A);
  after.fallback = before;
  return message('update', { before, after, event: { ...EVENT, partial: { before: ONLY_ID, after: ONLY_A } }, ...over });
}

const insert = (layout: ImageLayout, ...bytes: readonly number[]): RowMessage => message('insert', { after: image(layout, ...bytes), event: { ...EVENT, partial: { before: null, after: layout } } });

function plain(projection: Projection, ...messages: readonly RowMessage[]): string[] {
  const encoder = createFormat({ type: 'plain' }, OPTIONS).encoder(projection);
  return messages.map((one) => written((out) => { encoder.value(one, out); }).replace(/"source".*"transaction":\{[^}]*\},/, ''));
}

function debezium(projection: Projection, ...messages: readonly RowMessage[]): [string, string][] {
  const encoder = createFormat({ type: 'debezium' }, OPTIONS).encoder(projection);
  return messages.map((one) => [written((out) => { encoder.value(one, out); }).replace(/,"source".*$/, ''), encoder.headers(one).map(({ name, value }) => `${name}=${Buffer.from(value).toString()}`).join(' ')]);
}

describe('columns that the binlog does not tell', () => {
  it('in plain are left out and named, by their names in messages', () => {
    expect(plain(FULL, update(), insert(ONLY_ID, 0, 7), insert(NO_HIDDEN, 1, 7))).toEqual([
      '{"op":"update","before":{"id":1},"after":{"a\\"":5,"id":1},"absent":{"before":["a\\"","hidden"],"after":["hidden"]}}',
      '{"op":"insert","after":{"id":7},"absent":{"after":["a\\"","hidden"]}}',
      '{"op":"insert","after":{"a\\"":null,"id":7},"absent":{"after":["hidden"]}}',
    ]);
  });

  it('are not named where the route does not show them', () => {
    expect(plain(PROJECTION, update(), insert(NO_HIDDEN, 1, 7))).toEqual(['{"op":"update","before":{"id":1},"after":{"a\\"":5,"id":1},"absent":{"before":["a\\""]}}', '{"op":"insert","after":{"a\\"":null,"id":7}}']);
  });

  it('may be all', () => {
    expect(plain({ ...FULL, key: [] }, insert({ bits: Int32Array.of(ABSENT, ABSENT, ABSENT), present: 0 }))).toEqual(['{"op":"insert","after":{},"absent":{"after":["a\\"","hidden","id"]}}']);
  });

  it('are told apart by event and by the images of the message', () => {
    const whole = update();
    const partial = whole.event.partial as PartialImages;
    const half = update({ operation: 'delete', after: null, event: { ...EVENT, partial } });
    const entered = update({ operation: 'insert', before: null, event: { ...EVENT, partial } });
    expect(plain(FULL, whole, half, entered, whole).map((text) => /"absent".*\}/.exec(text)?.[0])).toEqual([
      '"absent":{"before":["a\\"","hidden"],"after":["hidden"]}}',
      '"absent":{"before":["a\\"","hidden"]}}',
      '"absent":{"after":["hidden"]}}',
      '"absent":{"before":["a\\"","hidden"],"after":["hidden"]}}',
    ]);
  });

  it('in debezium have the placeholder where they are text, masks included, and are left out where they are numbers; a header names them', () => {
    expect(debezium(MASKED, update())).toEqual([
      ['{"before":{"hidden":"__debezium_unavailable_value","id":1},"after":{"a\\"":5,"hidden":"__debezium_unavailable_value","id":1}', '__rowcast.absent={"before":["a\\"","hidden"],"after":["hidden"]}'],
    ]);
    expect(debezium(FULL, insert(ONLY_ID, 0, 7))).toEqual([['{"before":null,"after":{"id":7}', '__rowcast.absent={"after":["a\\"","hidden"]}']]);
  });

  it('add no header beside a changed key where nothing is absent, and one where something is', () => {
    const encoder = createFormat({ type: 'debezium' }, OPTIONS).encoder(FULL);
    const half = update({ operation: 'delete', after: null, keyChange: 'old', otherKey: image(ONLY_ID, 0, 9) });
    expect(encoder.headers(half).map(({ name }) => name)).toEqual(['__debezium.newkey', '__rowcast.absent']);
  });

  it('follow what the route wants of a type', () => {
    const [first] = TABLE.columns;
    if (first === undefined) throw new Error('no column');
    const absentAs = (type: ColumnType, as: Representation): string | undefined => absentDebezium({ column: { ...first, type }, name: 'c', mask: null }, as)?.toString();
    expect(absentAs({ family: 'decimal', precision: 5, scale: 2, unsigned: false }, 'string')).toBe('"__debezium_unavailable_value"');
    expect(absentAs({ family: 'binary', fixed: false, maxBytes: 10 }, 'hex')).toBe('"5f5f646562657a69756d5f756e617661696c61626c655f76616c7565"');
    expect(absentAs({ family: 'enum', labels: ['a'] }, 'number')).toBeUndefined();
    expect(absentAs({ family: 'vector', dimensions: 3 }, 'base64')).toBeUndefined();
    expect(absentAs({ family: 'json' }, 'inline')).toBeUndefined();
  });

  it.each<[string, ColumnType, string | null]>([
    ['text', { family: 'text', charset: 'utf8mb4', maxBytes: 10 }, '"__debezium_unavailable_value"'],
    ['json', { family: 'json' }, '"__debezium_unavailable_value"'],
    ['enum', { family: 'enum', labels: ['a'] }, '"__debezium_unavailable_value"'],
    ['set', { family: 'set', labels: ['a'] }, '"__debezium_unavailable_value"'],
    ['timestamp', { family: 'timestamp', fraction: 0, legacy: false }, '"__debezium_unavailable_value"'],
    ['uuid', { family: 'uuid' }, '"__debezium_unavailable_value"'],
    ['binary', { family: 'binary', fixed: false, maxBytes: 10 }, '"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="'],
    ['integer', { family: 'integer', bytes: 4, unsigned: false }, null],
    ['decimal', { family: 'decimal', precision: 5, scale: 2, unsigned: false }, null],
    ['bit', { family: 'bit', bits: 9 }, null],
    ['datetime', { family: 'datetime', fraction: 0, legacy: false }, null],
    ['geometry', { family: 'geometry', shape: 'point' }, null],
    ['vector', { family: 'vector', dimensions: 3 }, null],
  ])('of type %s', (_, type, wanted) => {
    const [first] = TABLE.columns;
    if (first === undefined) throw new Error('no column');
    const column = { ...first, type };
    expect(absentDebezium({ column, name: 'c', mask: null }, representDebezium(DEBEZIUM_DEFAULTS)(column).as)?.toString() ?? null).toBe(wanted);
    expect(absentDebezium({ column, name: 'c', mask: () => undefined }, 'number')?.toString()).toBe('"__debezium_unavailable_value"');
    expect(Buffer.from('X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==', 'base64').toString()).toBe('__debezium_unavailable_value');
  });
});

describe.each([
  ['maxwell', { type: 'maxwell', ...MAXWELL_DEFAULTS, nulls: false, partitionBy: 'primary_key' }],
  ['canal', { type: 'canal', ...CANAL_DEFAULTS }],
] as const)('columns that the binlog does not tell, in %s', (name, choice) => {
  const encoder = createFormat(choice, OPTIONS).encoder(FULL);
  const shown = (given: RowMessage): { readonly data: unknown; readonly old: unknown; readonly absent: string | undefined } => {
    const { data, old = null } = JSON.parse(written((out) => { encoder.value(given, out); })) as { data: unknown; old?: unknown };
    const [header] = encoder.headers(given);
    return { data, old, absent: header === undefined ? undefined : `${header.name}=${Buffer.from(header.value).toString()}` };
  };
  const row = (data: object): unknown => (name === 'canal' ? [data] : data);

  it('are left out and named in a header; of an update only what both images tell is old', () => {
    expect(shown(update())).toEqual({ data: row({ 'a"': 5, id: 1 }), old: name === 'canal' ? [{}] : null, absent: '__rowcast.absent={"before":["a\\"","hidden"],"after":["hidden"]}' });
    expect(shown(insert(ONLY_ID, 0, 7))).toEqual({ data: row({ id: 7 }), old: null, absent: '__rowcast.absent={"after":["a\\"","hidden"]}' });
    expect(shown(message('insert', { after: image({ bits: Int32Array.of(0, 1, 2), present: 3 }, 0, 1, 2, 3) }))).toMatchObject({ absent: undefined });
  });

  it('choose no partition: rows of a key must not part', () => {
    const keyless = insert({ bits: Int32Array.of(0, ABSENT, ABSENT), present: 1 }, 0, 5);
    expect(() => encoder.partition?.(keyless)).toThrow('the binlog does not tell the column id of this row of shop.t');
    expect(() => written((out) => encoder.key(keyless.after ?? image(ONLY_ID, 0, 1), out))).toThrow('the binlog does not tell the column id');
  });

  it('come back from the before image where that has them', () => {
    expect(encoder.partition?.(update())).toBe(encoder.partition?.(insert(ONLY_ID, 0, 1)));
  });
});
