import { describe, expect, it } from 'vitest';
import type { RowMessage } from '../../../../src/core/change.ts';
import type { RowEncoder } from '../../../../src/core/ports.ts';
import type { Projection } from '../../../../src/core/projection.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { CANAL_DEFAULTS } from '../../../../src/format/canal/options.ts';
import type { CanalOptions } from '../../../../src/format/canal/options.ts';
import { EVENT, FULL, image, MASKED, message, OPTIONS, PROJECTION, written } from '../support.ts';

function encoder(options: Partial<CanalOptions> = {}, projection: Projection = PROJECTION): RowEncoder {
  return createFormat({ type: 'canal', ...CANAL_DEFAULTS, ...options }, OPTIONS).encoder(projection);
}

function value(over: Partial<RowMessage>, projection = PROJECTION, options: Partial<CanalOptions> = {}): string {
  return written((out) => encoder(options, projection).value(message('insert', { after: image(5, 1), ...over }), out));
}

const HEAD = '"database":"shop","es":1795447511000,"gtid":"u:7","id":1,"isDdl":false,"mysqlType":{"a\\"":"tinyint unsigned","id":"tinyint unsigned"}';
const tail = (type: string): string => `"pkNames":["id"],"sql":"","sqlType":{"a\\"":5,"id":5},"table":"t","ts":1795447511581,"type":"${type}"}`;

describe('a flat message', () => {
  it('has the fields of Canal in their order', () => {
    expect(value({})).toBe(`{"data":[{"a\\"":5,"id":1}],${HEAD},"old":null,${tail('INSERT')}`);
    expect(value({ operation: 'delete', before: image(null, 1), after: null })).toBe(`{"data":[{"a\\"":null,"id":1}],${HEAD},"old":null,${tail('DELETE')}`);
  });

  it('names what an update changed in old, which is there in any case', () => {
    expect(value({ operation: 'update', before: image(6, 2), after: image(5, 1) })).toContain(`{"data":[{"a\\"":5,"id":1}],${HEAD},"old":[{"a\\"":6,"id":2}],`);
    expect(value({ operation: 'update', before: image(5, 1), after: image(5, 1) })).toContain('"old":[{}],');
  });

  it('has no key, and an empty GTID where there is none', () => {
    const event = { ...EVENT, transaction: { ...EVENT.transaction, sequence: 9, gtid: null } };
    expect(encoder().keyed).toBe(false);
    expect(value({ event })).toContain('"gtid":"","id":9,');
  });

  it('says that a table has no key', () => {
    expect(value({}, { ...PROJECTION, key: [] })).toContain('"pkNames":null,');
  });

  it('shows masks, and the types of all columns that are shown', () => {
    expect(value({}, MASKED)).toContain('{"data":[{"a\\"":5,"hidden":"***","id":1}]');
    expect(value({}, FULL)).toContain('"sqlType":{"a\\"":5,"hidden":5,"id":5}');
  });

  it('has types by value with quirks: those of small unsigned numbers and of NULL are smaller', () => {
    expect(value({}, PROJECTION, { quirks: true })).toContain('"sqlType":{"a\\"":-6,"id":-6}');
    expect(value({ after: image(null, 200) }, PROJECTION, { quirks: true })).toContain('"sqlType":{"a\\"":-6,"id":5}');
  });
});

/** Bytes that hold all rows of these tests. */
const ROOM = 1_000_000;

describe('rows of an event in one message', () => {
  it('are one after the other in data and in old', () => {
    const { gatherer } = encoder({ rowsPerMessage: 'event' });
    gatherer?.add(message('update', { before: image(1, 1), after: image(2, 1) }), ROOM);
    gatherer?.add(message('update', { before: image(3, 2), after: image(3, 2) }), ROOM);
    const text = `{"data":[{"a\\"":2,"id":1},{"a\\"":3,"id":2}],${HEAD},"old":[{"a\\"":1},{}],${tail('UPDATE')}`;
    expect(written((out) => gatherer?.write(out))).toBe(text);
    gatherer?.clear();
    gatherer?.add(message('insert', { after: image(4, 3) }), ROOM);
    expect(written((out) => gatherer?.write(out))).toBe(`{"data":[{"a\\"":4,"id":3}],${HEAD},"old":null,${tail('INSERT')}`);
  });

  it('keep their order through thousands', () => {
    const { gatherer } = encoder({ rowsPerMessage: 'event' });
    for (let i = 0; i < 2000; i++) gatherer?.add(message('insert', { after: image(i % 256, i % 200) }), ROOM);
    const data = (JSON.parse(written((out) => gatherer?.write(out))) as { data: { id: number }[] }).data;
    expect(data.map(({ id }) => id)).toEqual(Array.from({ length: 2000 }, (_, i) => i % 200));
    gatherer?.clear();
    expect(written((out) => gatherer?.write(out))).toBe('');
  });

  it('are only those that fit', () => {
    const { gatherer } = encoder({ rowsPerMessage: 'event' });
    expect(gatherer?.add(message('insert', { after: image(7, 6) }), 1)).toBe(false);
    expect(gatherer?.add(message('insert', { after: image(4, 3) }), 40)).toBe(true);
    expect(gatherer?.add(message('insert', { after: image(5, 4) }), 20)).toBe(false);
    expect(gatherer?.add(message('insert', { after: image(6, 5) }), 40)).toBe(true);
    const { data } = JSON.parse(written((out) => gatherer?.write(out))) as { data: { id: number }[] };
    expect(data.map(({ id }) => id)).toEqual([3, 5]);
  });

  it('are not gathered by default', () => {
    expect(encoder().gatherer).toBeUndefined();
  });
});

describe('a partition', () => {
  const choice = (options: Partial<CanalOptions>, over: Partial<RowMessage> = {}, projection: Projection = PROJECTION): number | undefined => encoder(options, projection).partition?.(message('insert', { after: image(5, 12), ...over }));

  /** From `String.hashCode` of `shop`, `5`, `12` and `t` (OpenJDK 17), XORed as Canal does. */
  it.each<readonly [string, Partial<CanalOptions>, number]>([
    ['.*\\..*:$pk$', {}, 3529943],
    ['shop.t:id', {}, 3529943],
    ['SHOP.T:a"^id', {}, 3529954],
    ['shop\\..*:a"^id', { databaseHash: false }, 1556],
    ['shop.t:no_such_column', {}, 3529462],
    ['shop.t', {}, 116],
    ['shop.u:id;shop.t', {}, 116],
    ['other\\..*:$pk$,shop\\.t:$PK$', {}, 3529943],
    ['shop.u:id', { partition: 3 }, 3],
    ['none', { partition: 2 }, 2],
  ])('by %s %o', (partitionHash, options, hash) => {
    expect(choice({ partitionHash, ...options })).toBe(hash);
  });

  it('takes the values of a row that goes, and nothing for NULL', () => {
    expect(choice({}, { operation: 'delete', before: image(null, 12), after: null })).toBe(3529943);
    expect(choice({ partitionHash: 'shop.t:a"' }, { after: image(null, 12) })).toBe(3529462);
  });

  it('is refused by an expression that is none', () => {
    expect(() => encoder({ partitionHash: '*.*:$pk$' })).toThrow('partitionHash: *.* is no regular expression');
  });
});
