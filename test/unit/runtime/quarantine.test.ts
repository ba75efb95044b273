import { afterEach, describe, expect, it } from 'vitest';
import type { ImageLayout } from '../../../src/core/row-image.ts';
import type { Operation, RowsEvent } from '../../../src/core/change.ts';
import type { Column, ColumnCodec, TableVersion } from '../../../src/core/table.ts';
import { Quarantine } from '../../../src/runtime/quarantine.ts';
import { image, rowsEvent, TABLE, TextTopic } from './rows-fixture.ts';

const UNKNOWN: TableVersion = { ...TABLE, primaryKey: [], unknown: { code: 'SCHEMA_CHANGED', why: 'ALTER at binlog.000007:90' } };

const column = TABLE.columns[0] as Column;

/** What a route hides: nothing, a column, or something that is no column of a key. */
type Hides = (column?: string) => boolean;

/** Operations that the route tells. */
let operations: readonly Operation[] = ['insert', 'update', 'delete'];
afterEach(() => {
  operations = ['insert', 'update', 'delete'];
});

async function quarantined(version: TableVersion, hides: Hides, ...events: readonly RowsEvent[]) {
  const topic = new TextTopic();
  const counts = new Map<string, number>();
  const said: unknown[] = [];
  const quiet = (): void => undefined;
  const quarantine = new Quarantine({
    topic: () => Promise.resolve(topic),
    hides: (_, __, column) => hides(column),
    wants: (_, __, operation) => operations.includes(operation),
    metrics: {
      counter: (name, labels) => ({ add: (amount) => void counts.set(`${name} ${labels?.table ?? ''}`, (counts.get(`${name} ${labels?.table ?? ''}`) ?? 0) + amount) }),
      gauge: () => ({ set: quiet }),
      histogram: () => ({ observe: quiet }),
    },
    logger: { debug: quiet, info: quiet, warn: quiet, error: (message, fields) => void said.push({ message, ...fields }) },
  });
  const processor = await quarantine.processor(version);
  for (const event of events) processor.process(event);
  const messages = topic.messages.map((message) => JSON.parse(message.slice(message.indexOf('{'))) as Record<string, unknown>);
  return { messages, texts: topic.messages, counts, said, rows: quarantine.rows };
}

const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString('base64');
const COLUMNS = [{ column: 1, type: 'tinyint unsigned' }, { column: 2, type: 'tinyint unsigned' }];

describe('rows in quarantine', () => {
  it('are kept as the binlog has them, with their place, and counted', async () => {
    const { messages, counts, said, rows } = await quarantined(UNKNOWN, () => false, rowsEvent('insert', image(1, 2), image(3, null)), rowsEvent('update', image(1, 2), image(1, 9)), rowsEvent('delete', image(1, 9)));
    const place = { table: 'shop.t', gtid: null, file: 'binlog.000007', position: 120, timestamp: 0, key: null, code: 'SCHEMA_CHANGED', why: 'ALTER at binlog.000007:90' };
    expect(messages).toEqual([
      { ...place, operation: 'insert', row: 0, bytes: 3, after: { image: base64(...image(1, 2)), columns: COLUMNS } },
      { ...place, operation: 'insert', row: 1, bytes: 2, after: { image: base64(...image(3, null)), columns: COLUMNS } },
      { ...place, operation: 'update', row: 0, bytes: 6, before: { image: base64(...image(1, 2)), columns: COLUMNS }, after: { image: base64(...image(1, 9)), columns: COLUMNS } },
      { ...place, operation: 'delete', row: 0, bytes: 3, before: { image: base64(...image(1, 9)), columns: COLUMNS } },
    ]);
    expect([counts.get('rowcast_rows_quarantined_total shop.t'), [...rows]]).toEqual([4, [['shop.t', 4]]]);
    expect(said).toMatchObject([{ table: 'shop.t', code: 'SCHEMA_CHANGED', rows: 'whole' }]);
  });

  it('have their table as key, so that their order is kept', async () => {
    const { texts } = await quarantined(UNKNOWN, () => false, rowsEvent('insert', image(1, 2)));
    expect(texts[0]).toMatch(/^"shop\.t"/u);
  });

  it('of a route that hides columns are only position, key and size (Invariant 10)', async () => {
    const named = { ...UNKNOWN, primaryKey: [0] };
    const { messages, said } = await quarantined(named, (column) => column === undefined || column === 'v', rowsEvent('update', image(1, 2), image(7, 2)));
    expect(messages).toMatchObject([{ operation: 'update', row: 0, bytes: 6, key: { id: '1' } }]);
    expect(Object.keys(messages[0] ?? {})).toEqual(expect.not.arrayContaining(['before', 'after']));
    expect(said).toMatchObject([{ rows: 'position, key and size, since the route hides columns or rows' }]);
    const hidden = await quarantined(named, () => true, rowsEvent('delete', image(1, 2)));
    expect(hidden.messages).toMatchObject([{ key: null, bytes: 3 }]);
  });

  it('of an operation that the route does not tell are left out under that name', async () => {
    operations = ['update'];
    const { messages, counts, rows } = await quarantined(UNKNOWN, () => false, rowsEvent('insert', image(1, 2), image(3, 4)), rowsEvent('update', image(1, 2), image(1, 3)));
    expect(messages.map(({ operation }) => operation)).toEqual(['update']);
    expect([counts.get('rowcast_rows_left_out_total shop.t'), rows.get('shop.t')]).toEqual([2, 1]);
  });

  it('of any size are kept byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 200_001 }, (_, i) => (i * 7919) % 251));
    const codec: ColumnCodec = { ...column.codec, skip: () => bytes.length };
    const version: TableVersion = { ...UNKNOWN, columns: [{ ...column, codec }] };
    const { messages } = await quarantined(version, () => false, { ...rowsEvent('insert'), table: version, bytes, start: 0, end: bytes.length });
    expect(Buffer.from((messages[0]?.['after'] as { image: string }).image, 'base64').equals(bytes)).toBe(true);
  });

  it('say which columns they hold, where that is not all', async () => {
    const onlyV: ImageLayout = { bits: Int32Array.of(-2, 0), present: 1 };
    const event = { ...rowsEvent('insert', [0, 5]), partial: { before: null, after: onlyV } };
    const { messages } = await quarantined(UNKNOWN, () => false, event);
    expect(messages).toMatchObject([{ bytes: 2, after: { image: base64(0, 5), columns: [{ column: 2 }] } }]);
  });

  it('are one where no column is told', async () => {
    const none: ImageLayout = { bits: Int32Array.of(-2, -2), present: 0 };
    const { messages, rows } = await quarantined(UNKNOWN, () => false, { ...rowsEvent('insert'), partial: { before: null, after: none } });
    expect([messages.length, rows.get('shop.t'), messages[0]?.bytes]).toEqual([1, 1, 0]);
  });
});
