import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../src/core/errors.ts';
import type { RowImage } from '../../../src/core/row-image.ts';
import { TRANSACTION } from './rows-fixture.ts';
import { route, wide, wideEvent } from './wide-rows.ts';

const LONG = 'x'.repeat(2000);

function parsed(text: string | undefined): Record<string, unknown> {
  return JSON.parse(text ?? '{}') as Record<string, unknown>;
}

/** v ≥ 10 of `id`; a row with id 66 cannot be judged. */
const where = {
  test: (row: RowImage): boolean => {
    const id = Number(row.read(0));
    if (id === 66) throw new RowcastError('CONDITION_FAILED', 'no such overload');
    return id >= 10;
  },
};

describe('a message that is too large', () => {
  it('stops the daemon by default, with table, key, place and hint, and nothing after it is told', () => {
    const { rows, topic } = route();
    topic.limit = 1000;
    expect(() => rows.process(wideEvent('insert', wide(1), wide(2, { body: LONG }), wide(3)))).toThrow(
      expect.objectContaining({ code: 'ROW_TOO_LARGE', facts: expect.objectContaining({ table: 'shop.wide', key: '{"id":2}', file: 'binlog.000007', position: 120, row: 1 }) as unknown, hint: expect.stringContaining('onTooLarge') as unknown }),
    );
    expect(topic.told.map(({ key }) => key)).toEqual(['{"id":1}']);
  });

  it('is dropped with a count and a line that names it, and the rows around it are told', () => {
    const { rows, topic, dead, left, said } = route({ over: { onTooLarge: 'drop' } });
    topic.limit = 1000;
    rows.process(wideEvent('insert', wide(1), wide(2, { body: LONG }), wide(3)));
    expect(topic.told.map(({ key }) => key)).toEqual(['{"id":1}', '{"id":3}']);
    expect([left['too_large']?.value, dead.told]).toEqual([1, []]);
    expect(said).toEqual([expect.objectContaining({ table: 'shop.wide', key: '{"id":2}', limit: 1000, gtid: 'u:7', file: 'binlog.000007', position: 120, row: 1 })]);
    expect(Number(said[0]?.['bytes'])).toBeGreaterThan(2000);
  });

  it('goes to the dead letters whole, under its key, with why and where', () => {
    const { rows, topic, dead, counts } = route({ over: { onTooLarge: 'deadLetter' } });
    topic.limit = 1000;
    rows.process(wideEvent('update', wide(2, { body: 'a' }), wide(2, { body: LONG })));
    expect(topic.told).toEqual([]);
    expect(dead.told[0]?.key).toBe('{"id":2}');
    const letter = parsed(dead.told[0]?.value);
    expect(letter).toMatchObject({ table: 'shop.wide', topic: 'shop.wide', operation: 'update', gtid: 'u:7', file: 'binlog.000007', position: 120, row: 0, timestamp: 9, code: 'ROW_TOO_LARGE', key: '{"id":2}', value: { op: 'update', before: { body: 'a' }, after: { body: LONG } } });
    expect(Number(letter['bytes'])).toBeGreaterThan(2000);
    expect(counts).toEqual({ 'rowcast_dead_letters_total shop.wide,ROW_TOO_LARGE': 1 });
  });

  it('is in the dead letters by place, key, size and code where their topic is too small, and stops the daemon where even that is too large', () => {
    const { rows, topic, dead } = route({ over: { onTooLarge: 'deadLetter' } });
    [topic.limit, dead.limit] = [1000, 600];
    const event = wideEvent('insert', wide(2, { body: LONG }));
    rows.process(event);
    const { bytes, ...rest } = parsed(dead.told[0]?.value);
    expect(rest).toEqual({ table: 'shop.wide', topic: 'shop.wide', operation: 'insert', gtid: 'u:7', file: 'binlog.000007', position: 120, row: 0, timestamp: 9, key: '{"id":2}', code: 'ROW_TOO_LARGE' });
    expect(bytes).toBeGreaterThan(2000);
    dead.limit = 20;
    expect(() => rows.process(event)).toThrow(expect.objectContaining({ code: 'ROW_TOO_LARGE' }));
  });

  it('leaves masked and excluded columns hidden in the dead letters', () => {
    const { rows, topic, dead } = route({ over: { onTooLarge: 'deadLetter' }, mask: { code: (_, out) => out.latin1('***') }, exclude: ['pic'] });
    topic.limit = 1000;
    rows.process(wideEvent('insert', wide(2, { body: LONG, code: 'secret', pic: Buffer.from('hidden') })));
    expect(parsed(dead.told[0]?.value)).toMatchObject({ value: { after: { code: '***' } } });
    expect(dead.told[0]?.value).not.toMatch(/secret|hidden|aGlkZGVu/);
  });

  it.each(['drop', 'deadLetter'] as const)('that is a delete has its tombstone all the same (%s), and half of a changed key leaves the other half told', (onTooLarge) => {
    const { rows, topic } = route({ over: { onTooLarge } });
    topic.limit = 1000;
    rows.process(wideEvent('delete', wide(2, { body: LONG })));
    rows.process(wideEvent('update', wide(3), wide(4, { body: LONG })));
    rows.process(wideEvent('update', wide(5, { body: LONG }), wide(6)));
    expect(topic.messages.map((message) => message.slice(0, message.indexOf('{', 4) < 0 ? undefined : 32))).toEqual(['{"id":2} null', expect.stringContaining('{"id":3} {"op":"delete"'), '{"id":3} null', '{"id":5} null', expect.stringContaining('{"id":6} {"op":"insert"')]);
  });

  it('with a key that is too large by itself has no tombstone either', () => {
    const { rows, topic, left } = route({ over: { onTooLarge: 'drop' }, key: ['code'] });
    topic.limit = 1000;
    Object.assign(topic, { tombstone: () => { throw new RowcastError('ROW_TOO_LARGE', 'too large'); } });
    rows.process(wideEvent('delete', wide(2, { code: LONG })));
    expect([topic.messages, left['too_large']?.value]).toEqual([[], 1]);
  });

  it('is not counted in the end of its transaction, which has its begin and its end all the same', () => {
    const { rows, topic, side, log } = route({ over: { onTooLarge: 'drop' } });
    topic.limit = 1000;
    log.begin(TRANSACTION);
    rows.process(wideEvent('insert', wide(1, { body: LONG }), wide(2), wide(3)));
    log.commit();
    log.begin(TRANSACTION);
    rows.process(wideEvent('insert', wide(1, { body: LONG })));
    log.commit();
    expect(side.messages).toEqual(['null BEGIN', 'null END 2', 'null BEGIN', 'null END ']);
  });
});

describe('a message of a format that marks the last row of a transaction', () => {
  const maxwell = { type: 'maxwell', binlogPosition: false, gtidPosition: false, commitInfo: true, xoffset: false, pushTimestamp: false, nulls: true, serverId: false, threadId: false, rowQuery: false, rowQueryMaxLength: 0, primaryKeys: false, primaryKeyColumns: false, nullZeroDates: false, naming: 'none', keyFormat: 'hash', partitionBy: 'database', partitionColumns: [], partitionFallback: 'database', partitionHash: 'default', quirks: false } as const;

  it('is found too large while its row is there, and the last one that is told is marked', () => {
    const { rows, topic, holder, left } = route({ over: { onTooLarge: 'drop' }, format: maxwell });
    topic.limit = 1000;
    holder.begin();
    rows.process(wideEvent('insert', wide(1), wide(2), wide(3, { body: LONG })));
    holder.commit();
    expect(topic.told.map(({ value }) => [parsed(value)['commit'] ?? false, (parsed(value)['data'] as { id: number }).id])).toEqual([[false, 1], [true, 2]]);
    expect(left['too_large']?.value).toBe(1);
  });

  it('is told again where its topic takes less by the time it is sent', () => {
    const { rows, topic, holder } = route({ over: { onTooLarge: 'drop' }, format: maxwell });
    holder.begin();
    rows.process(wideEvent('insert', wide(1), wide(3, { body: LONG })));
    topic.limit = 1000;
    expect(() => { holder.commit(); }).toThrow(expect.objectContaining({ code: 'ROW_REFUSED', retry: true, facts: expect.objectContaining({ row: 1, position: 120 }) as unknown }));
  });

  it('is cut and still marked', () => {
    const { rows, topic, holder } = route({ over: { onTooLarge: 'truncate' }, format: maxwell });
    topic.limit = 1000;
    holder.begin();
    rows.process(wideEvent('insert', wide(1), wide(3, { body: LONG })));
    holder.commit();
    expect(topic.told.map(({ value, headers }) => [parsed(value)['commit'] ?? false, headers])).toEqual([[false, {}], [true, { '__rowcast.truncated': '{"after":{"body":2000}}' }]]);
  });
});

describe('a row that cannot be told', () => {
  const BROKEN = Buffer.from([0xff, 0xfe, 0x41]);

  it('is left out where the route says so, counted by its reason and told to the log once in a while', () => {
    const { rows, topic, left, said } = route({ over: { onError: 'skip', where } });
    rows.process(wideEvent('insert', wide(66), wide(11), wide(12, { body: BROKEN }), wide(66)));
    expect(topic.told.map(({ key }) => key)).toEqual(['{"id":11}']);
    expect([left['condition_error']?.value, left['encode_error']?.value]).toEqual([2, 1]);
    expect(said).toEqual([expect.objectContaining({ code: 'CONDITION_FAILED', key: '{"id":66}', position: 120, row: 0 })]);
  });

  it('goes to the dead letters whole where only a condition failed', () => {
    const { rows, topic, dead } = route({ over: { onError: 'deadLetter', where } });
    rows.process(wideEvent('insert', wide(66, { body: 'b' })));
    expect(topic.told).toEqual([]);
    expect(parsed(dead.told[0]?.value)).toMatchObject({ code: 'CONDITION_FAILED', error: 'no such overload', operation: 'insert', value: { op: 'insert', after: { id: 66, body: 'b' } } });
  });

  it('shows no image there that is known to be outside of the route', () => {
    const { rows, dead } = route({ over: { onError: 'deadLetter', where } });
    rows.process(wideEvent('update', wide(5, { body: 'outside' }), wide(66, { body: 'b' })));
    expect(dead.told[0]?.value).not.toContain('outside');
    expect(parsed(dead.told[0]?.value)).toMatchObject({ operation: 'insert', key: '{"id":66}' });
  });

  it('goes there column by column where it cannot be encoded: with the bytes of what cannot be read, unless it is masked', () => {
    const { rows, topic, dead, counts } = route({ over: { onError: 'deadLetter' }, mask: { code: (value, out) => out.range(value, 0, 1) } });
    rows.process(wideEvent('update', wide(1, { body: 'old' }), wide(1, { body: BROKEN, pic: Buffer.from('p'), doc: '{"a":1}', code: BROKEN.toString('latin1') })), );
    expect(topic.told).toEqual([]);
    expect(parsed(dead.told[0]?.value)).toMatchObject({
      code: 'ROW_UNREADABLE', key: '{"id":1}',
      before: { body: 'old', pic: null }, after: { pic: 'cA==', doc: '{"a":1}' }, afterUnreadable: { body: Buffer.from([3, 0, ...BROKEN]).toString('base64') },
    });
    expect(counts).toEqual({ 'rowcast_dead_letters_total shop.wide,ROW_UNREADABLE': 1 });
    const masked = route({ over: { onError: 'deadLetter' }, mask: { body: (value, out) => out.range(value, 0, 1) } });
    masked.rows.process(wideEvent('insert', wide(1, { body: BROKEN })));
    expect(parsed(masked.dead.told[0]?.value)).toMatchObject({ afterUnreadable: { body: null } });
  });

  it('is there by place, key and code where it is too large for that', () => {
    const { rows, dead } = route({ over: { onError: 'deadLetter' } });
    dead.limit = 500;
    rows.process(wideEvent('insert', wide(1, { body: BROKEN, code: LONG })));
    expect(Object.keys(parsed(dead.told[0]?.value))).toEqual(['table', 'topic', 'operation', 'gtid', 'file', 'position', 'row', 'timestamp', 'key', 'bytes', 'code']);
  });

  it('has no key there where its key is what cannot be encoded', () => {
    const { rows, dead } = route({ over: { onError: 'deadLetter' }, key: ['body'] });
    rows.process(wideEvent('insert', wide(1, { body: BROKEN })));
    expect(dead.told[0]).toMatchObject({ key: 'null' });
    expect(parsed(dead.told[0]?.value)).toMatchObject({ key: null, code: 'ROW_UNREADABLE' });
  });

  it('stops the daemon where pass is meant for conditions and its value is at fault', () => {
    const { rows } = route({ over: { onError: 'pass' } });
    expect(() => rows.process(wideEvent('insert', wide(1, { body: BROKEN })))).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE', facts: expect.objectContaining({ row: 0, position: 120 }) as unknown }));
  });
});
