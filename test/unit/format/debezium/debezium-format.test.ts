import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../../src/format/formats.ts';
import { differencesMarkdown } from '../../../../src/format/debezium/differences.ts';
import { EVENT, image, message, OPTIONS, PROJECTION, written } from '../support.ts';

const encoder = createFormat({ type: 'debezium' }, OPTIONS).encoder(PROJECTION);
const SOURCE =
  '"source":{"version":"0.1.0","connector":"mysql","name":"crm","ts_ms":1795447511487,"snapshot":"false","db":"shop","sequence":null,"ts_us":1795447511487592,"ts_ns":1795447511487592000,"table":"t","server_id":3,"gtid":"u:7","file":"binlog.000007","pos":120,"row":2,"thread":115,"query":null},"transaction":null';
const TIMES = '"ts_ms":1795447511581,"ts_us":1795447511581331,"ts_ns":1795447511581331000';

describe('debezium', () => {
  it('writes the envelope in the order of Debezium', () => {
    const text = written((out) => {
      encoder.value(message('update', { before: image(null, 1), after: image(5, 1) }), out);
    });
    expect(text).toBe(`{"before":{"a\\"":null,"id":1},"after":{"a\\"":5,"id":1},${SOURCE},"op":"u",${TIMES}}`);
  });

  it('writes null for the image there is not', () => {
    const text = written((out) => {
      encoder.value(message('delete', { before: image(5, 1) }), out);
    });
    expect(text).toBe(`{"before":{"a\\"":5,"id":1},"after":null,${SOURCE},"op":"d",${TIMES}}`);
  });

  it('tells the time at the first row of each event, from before 1970-01-01T00:00:01Z to long texts', () => {
    const times = [0, 1, 999_999, 1_000_000, 1_795_447_511_581_000, 1_795_447_511_582_000];
    let now = 0;
    const moving = createFormat({ type: 'debezium' }, { ...OPTIONS, clock: { nowMicros: () => now, monotonicMs: () => 0 } }).encoder(PROJECTION);
    const texts = times.flatMap((micros, position) => {
      const event = { ...EVENT, position };
      return [micros, micros + 5_000].map((clock) => {
        now = clock;
        return written((out) => moving.value(message('insert', { after: image(5, 1), event }), out)).replace(/^.*"op":"c",/, '');
      });
    });
    expect(texts.filter((_, index) => index % 2 === 1)).toEqual(texts.filter((_, index) => index % 2 === 0));
    expect(texts.filter((_, index) => index % 2 === 0)).toEqual([
      '"ts_ms":0,"ts_us":0,"ts_ns":0}',
      '"ts_ms":0,"ts_us":1,"ts_ns":1000}',
      '"ts_ms":999,"ts_us":999999,"ts_ns":999999000}',
      '"ts_ms":1000,"ts_us":1000000,"ts_ns":1000000000}',
      '"ts_ms":1795447511581,"ts_us":1795447511581000,"ts_ns":1795447511581000000}',
      '"ts_ms":1795447511582,"ts_us":1795447511582000,"ts_ns":1795447511582000000}',
    ]);
  });

  it('keeps nothing of one event for the next, whatever their lengths', () => {
    const events = ['binlog.000007', `long-${'x'.repeat(2000)}.1`, `long-${'y'.repeat(2000)}.1`, 'binlog.000008'].map((file, i) => ({ ...EVENT, transaction: { ...EVENT.transaction, sequence: i + 2, file } }));
    const files = events.map((event) => /"file":"([^"]*)"/.exec(written((out) => encoder.value(message('insert', { after: image(5, 1), event }), out)))?.[1]);
    expect(files).toEqual(events.map(({ transaction }) => transaction.file));
  });

  it('stays JSON where the server tells no commit time', () => {
    const event = { ...EVENT, transaction: { ...EVENT.transaction, sequence: 9, committedMicros: 0 } };
    const text = written((out) => {
      encoder.value(message('insert', { after: image(5, 1), event }), out);
    });
    expect(text).toContain('"ts_ms":0,"snapshot":"false","db":"shop","sequence":null,"ts_us":0,"ts_ns":0,');
  });

  it('names the other key with its schema when a key changes', () => {
    const [header] = encoder.headers(message('delete', { before: image(5, 1), keyChange: 'old', otherKey: image(5, 2) }));
    expect(header?.name).toBe('__debezium.newkey');
    expect(Buffer.from(header?.value ?? []).toString()).toBe(
      '{"schema":{"type":"struct","fields":[{"type":"int16","optional":false,"field":"id"}],"optional":false,"name":"crm.shop.t.Key"},"payload":{"id":2}}',
    );
    expect(encoder.headers(message('insert', { after: image(5, 2), keyChange: 'new', otherKey: image(5, 1) }))[0]?.name).toBe('__debezium.oldkey');
    expect(encoder.headers(message('insert', { after: image(5, 2) }))).toEqual([]);
  });

  it('lists its differences as a table', () => {
    expect(differencesMarkdown()).toContain('| `source.version` | Its own version, `3.6.0.Final`. | Its own version. | Nothing else would be true. |');
  });
});
