import { describe, expect, it } from 'vitest';
import type { FormatChoice } from '../../../src/format/formats.ts';
import type { Choices } from './wide-rows.ts';
import { route, wide, wideEvent } from './wide-rows.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** A route that cuts, with a topic of so many bytes. */
function cutting(limit: number, choices: Choices = {}) {
  const built = route({ ...choices, over: { onTooLarge: 'truncate', ...choices.over } });
  built.topic.limit = limit;
  const told = (): { before: Row | null; after: Row | null; truncated: unknown; bytes: number }[] =>
    built.topic.told.map(({ key, value, headers }) => {
      const { before, after } = JSON.parse(value) as { before?: Row | null; after?: Row | null };
      const truncated: unknown = headers['__rowcast.truncated'] === undefined ? null : JSON.parse(headers['__rowcast.truncated']);
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(value) + Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text), 0);
      return { before: before ?? null, after: after ?? null, truncated, bytes };
    });
  return { ...built, told };
}

const PLAIN: FormatChoice = { type: 'plain' };
const DEBEZIUM: FormatChoice = { type: 'debezium' };
const both = it.each([['plain', PLAIN], ['debezium', DEBEZIUM]] as const);

describe('a message that is cut to fit', () => {
  both('has its longest value cut and nothing else, and fills what its topic takes (%s)', (_, format) => {
    const { rows, told, counts, said } = cutting(2000, { format });
    rows.process(wideEvent('insert', wide(1, { body: 'x'.repeat(5000), pic: Buffer.from('p'), doc: '{"a":1}', code: 'short' }), wide(2, { body: 'fits' })));
    const [first, second] = told();
    const body = String(first?.after?.['body']);
    expect(body).toBe('x'.repeat(body.length));
    expect(first?.after).toMatchObject({ id: 1, pic: 'cA==', doc: expect.anything() as unknown, code: 'short' });
    expect(first?.truncated).toEqual({ after: { body: 5000 } });
    expect(first?.bytes).toBeLessThanOrEqual(2000);
    expect(first?.bytes).toBeGreaterThan(1900);
    expect(second).toMatchObject({ after: { body: 'fits' }, truncated: null });
    expect(counts).toEqual({ 'rowcast_rows_truncated_total shop.wide': 1 });
    expect(said).toEqual([expect.objectContaining({ table: 'shop.wide', key: '{"id":1}', position: 120 })]);
  });

  both('has all values cut to one length that are longer than it, in both images (%s)', (_, format) => {
    const { rows, told } = cutting(3000, { format });
    rows.process(wideEvent('update', wide(1, { body: 'x'.repeat(4000), code: 'short' }), wide(1, { body: 'y'.repeat(6000), code: 'z'.repeat(5000), pic: Buffer.alloc(3000, 1) })));
    const [first] = told();
    const lengths = [first?.before?.['body'], first?.after?.['body'], first?.after?.['code'], first?.after?.['pic']].map((value) => String(value).length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(4);
    expect(first?.truncated).toEqual({ before: { body: 4000 }, after: { body: 6000, pic: 3000, code: 5000 } });
    expect(first?.bytes).toBeGreaterThan(2900);
  });

  both('names in both images a long value that its update left as it was (%s)', (_, format) => {
    const { rows, told } = cutting(3000, { format });
    rows.process(wideEvent('update', wide(1, { body: 'x'.repeat(4000), code: 'old' }), wide(1, { body: 'x'.repeat(4000), code: 'new' })));
    const [first] = told();
    expect(first?.after?.['body']).toBe(first?.before?.['body']);
    expect(String(first?.after?.['body']).length).toBeLessThan(1500);
    expect(first?.truncated).toEqual({ before: { body: 4000 }, after: { body: 4000 } });
  });

  it('is never cut inside a character, an escape or a byte', () => {
    for (let limit = 700; limit < 740; limit++) {
      const { rows, told } = cutting(limit);
      const [text, bytes] = ['aé漢🙂"\n\u0001'.repeat(300), Buffer.from([0, 1, 2, 250, 251]).toString('latin1')];
      rows.process(wideEvent('insert', wide(1, { body: text, pic: Buffer.from(bytes.repeat(300), 'latin1') })));
      const [first] = told();
      const body = String(first?.after?.['body']);
      expect(text.startsWith(body)).toBe(true);
      expect(body).not.toMatch(/[\uD800-\uDBFF]$|\uFFFD/);
      const pic = String(first?.after?.['pic']);
      expect([pic.length % 4, Buffer.from(pic, 'base64').toString('latin1')]).toEqual([0, bytes.repeat(300).slice(0, (pic.length / 4) * 3)]);
      expect(first?.bytes).toBeLessThanOrEqual(limit);
    }
  });

  both('has a JSON document replaced by null, as the rest of one would be none (%s)', (_, format) => {
    const { rows, told } = cutting(1000, { format });
    rows.process(wideEvent('insert', wide(1, { doc: JSON.stringify({ a: 'x'.repeat(3000) }), body: 'kept' })));
    const [first] = told();
    expect([null, 'null']).toContain(first?.after?.['doc']);
    expect(first?.after?.['body']).toBe('kept');
    expect(first?.truncated).toEqual({ after: { doc: 3008 } });
  });

  it('keeps its key whole, and stops the daemon where only the key could be cut, or all that may be is not enough', () => {
    const { rows, topic } = cutting(1000, { key: ['code'] });
    const kept = wideEvent('insert', wide(1, { code: 'k'.repeat(300), body: 'x'.repeat(3000) }));
    rows.process(kept);
    expect(topic.told[0]?.key).toBe(`{"code":"${'k'.repeat(300)}"}`);
    expect(JSON.parse(topic.told[0]?.value ?? '')).toMatchObject({ after: { code: 'k'.repeat(300) } });
    expect(() => rows.process(wideEvent('insert', wide(1, { code: 'k'.repeat(800), body: 'x'.repeat(3000) })))).toThrow(
      expect.objectContaining({ code: 'ROW_TOO_LARGE', message: expect.stringMatching(/shop\.wide at binlog\.000007:120, row 0: .*cutting its columns does not make it fit/) as unknown, facts: expect.objectContaining({ position: 120 }) as unknown }),
    );
    expect(topic.told.length).toBe(1);
  });

  it('leaves masked columns as they are', () => {
    const { rows, told } = cutting(1500, { mask: { code: (value, out) => out.latin1('#'.repeat(value.length / 10)) } });
    rows.process(wideEvent('insert', wide(1, { code: 'c'.repeat(5000), body: 'x'.repeat(5000) })));
    expect(told()[0]).toMatchObject({ after: { code: '#'.repeat(500) }, truncated: { after: { body: 5000 } } });
  });

  it('names only the image that the format shows', () => {
    const { rows, topic } = cutting(1000, { format: { type: 'debezium', options: { flat: { deletes: 'rewrite', addFields: [], addFieldsPrefix: '__', addHeaders: [], addHeadersPrefix: '__' } } } });
    rows.process(wideEvent('update', wide(1, { body: 'x'.repeat(5000) }), wide(1, { body: 'y'.repeat(4000) })));
    rows.process(wideEvent('delete', wide(1, { body: 'y'.repeat(4000) })));
    expect(topic.told.map(({ headers }) => headers['__rowcast.truncated'])).toEqual(['{"after":{"body":4000}}', '{"before":{"body":4000}}']);
    expect(topic.told.map(({ value }) => String((JSON.parse(value) as Row)['body']).length > 500)).toEqual([true, true]);
  });

  it('that is a delete is followed by its tombstone', () => {
    const { rows, topic } = cutting(1000);
    rows.process(wideEvent('delete', wide(1, { body: 'x'.repeat(5000) })));
    expect(topic.messages.length).toBe(2);
    expect(topic.messages[1]).toBe('{"id":1} null');
  });

  it('shows the start of bytes also where they are characters', () => {
    for (let limit = 600; limit < 606; limit++) {
      const { rows, topic } = cutting(limit, { format: { type: 'canal', rowsPerMessage: 'one', partitionHash: 'none', partition: 0, databaseHash: true, quirks: false } });
      rows.process(wideEvent('insert', wide(1, { pic: Buffer.from('\u0001"é\n'.repeat(900), 'latin1') })));
      const pic = (JSON.parse(topic.told[0]?.value ?? '') as { data: { pic: string }[] }).data[0]?.pic ?? '';
      expect('\u0001"é\n'.repeat(900).startsWith(pic)).toBe(true);
      expect(pic.length).toBeGreaterThan(20);
    }
  });

  it.each(['one', 'event'] as const)('comes in the order of its rows in canal with rowsPerMessage: %s', (rowsPerMessage) => {
    const { rows, topic } = cutting(1_000, { format: { type: 'canal', rowsPerMessage, partitionHash: 'none', partition: 0, databaseHash: true, quirks: false } });
    rows.process(wideEvent('insert', wide(1), wide(2, { body: 'x'.repeat(5000) }), wide(3)));
    const told = topic.told.map(({ value, headers }) => [(JSON.parse(value) as { data: { id: number }[] }).data.map(({ id }) => id), headers['__rowcast.truncated'] ?? null]);
    expect(told).toEqual([[[1], null], [[2], '{"after":{"body":5000}}'], [[3], null]]);
  });
});
