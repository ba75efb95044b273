import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, hex, shown } from './support.ts';

describe('DATE', () => {
  const { codec } = column(TYPE.DATE);

  it.each([
    ['77 d5 0f', '2026-11-23', '20780'],
    ['21 d0 07', '1000-01-01', '-354285'],
    ['9f 1f 4e', '9999-12-31', '2932896'],
    ['21 64 0f', '1970-01-01', '0'],
    ['5d a0 0f', '2000-02-29', '11016'],
    ['21 00 00', '0000-01-01', '-719528'],
  ])('%s is %s, day %s', (bytes, text, day) => {
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(shown(codec, hex(bytes), 'epoch-days')).toBe(day);
    expect(codec.read(hex(bytes), 0)).toEqual({ text, micros: BigInt(day) * 86_400_000_000n });
  });

  it.each([
    ['00 00 00', '0000-00-00'],
    ['00 d0 0f', '2024-00-00'],
    ['20 d0 0f', '2024-01-00'],
    ['5f d0 0f', '2024-02-31'],
    ['5d d2 0f', '2025-02-29'],
    ['9f d0 0f', '2024-04-31'],
  ])('%s, %s, is no day', (bytes, text) => {
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'epoch-days', 'null')).toBe('null');
    expect(shown(codec, hex(bytes), 'epoch-days', 'epoch')).toBe('0');
    expect(shown(codec, hex(bytes), 'epoch-days', 'string')).toBe(`"${text}"`);
    expect(shown(codec, hex(bytes), 'string', 'null')).toBe('null');
    expect(shown(codec, hex(bytes), 'string', 'epoch')).toBe('"1970-01-01"');
    expect(shown(codec, hex(bytes), 'string', 'string')).toBe(`"${text}"`);
    expect(codec.read(hex(bytes), 0)).toEqual({ text, micros: null });
  });
});

describe('TIME', () => {
  it.each([
    [0, '80 c8 b8', '12:34:56', '45296000000'],
    [0, '4b 91 05', '-838:59:59', '-3020399000000'],
    [0, 'b4 6e fb', '838:59:59', '3020399000000'],
    [0, '80 00 00', '00:00:00', '0'],
    [0, '7f ff ff', '-00:00:01', '-1000000'],
    [1, '7f ff ff f6', '-00:00:00.1', '-100000'],
    [2, '7f ff ff ff', '-00:00:00.01', '-10000'],
    [2, '80 c8 b8 4e', '12:34:56.78', '45296780000'],
    [3, '80 c8 b8 1e d2', '12:34:56.789', '45296789000'],
    [3, '7f ff ff ff f6', '-00:00:00.001', '-1000'],
    [3, 'b4 6e fa 27 06', '838:59:58.999', '3020398999000'],
    [4, '7f ff ff ff ff', '-00:00:00.0001', '-100'],
    [6, '80 c8 b8 0c 0a 14', '12:34:56.789012', '45296789012'],
    [6, '7f ff ff ff ff ff', '-00:00:00.000001', '-1'],
    [6, '7f ff fe 00 00 00', '-00:00:02.000000', '-2000000'],
    [6, '80 00 00 00 00 00', '00:00:00.000000', '0'],
  ])('(%i) %s is %s', (fraction, bytes, text, micros) => {
    const { codec } = column(TYPE.TIME2, [fraction]);
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(shown(codec, hex(bytes), 'time-micros')).toBe(micros);
    expect(codec.read(hex(bytes), 0)).toEqual({ text, micros: BigInt(micros) });
  });

  it.each([
    ['40 e2 01', '12:34:56', '45296000000'],
    ['59 0a 80', '-838:59:59', '-3020399000000'],
    ['ff ff ff', '-00:00:01', '-1000000'],
    ['00 00 00', '00:00:00', '0'],
  ])('before 5.6.4: %s is %s', (bytes, text, micros) => {
    const { codec, type } = column(TYPE.TIME);
    expect(type).toEqual({ family: 'time', fraction: 0, legacy: true });
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'time-micros')).toBe(micros);
  });

  it.each([
    ['time(1)', '01 cc e0 5f', '-00:00:00.1'],
    ['time(2)', '00 00 00 01', '-838:59:59.99'],
    ['time(3)', '00 b6 ba d2 15', '12:34:56.789'],
    ['time(4)', '07 08 4c 76 ff', '-00:00:00.0001'],
    ['time(5)', '8c a5 f9 4b ff', '838:59:59.99999'],
    ['time(6)', '00 00 00 00 00 01', '-838:59:59.999999'],
  ])('MariaDB, old format, %s: %s is %s', (declared, bytes, text) => {
    expect(shown(column(TYPE.TIME, [], { declared }).codec, hex(bytes), 'text')).toBe(text);
  });
});

describe('DATETIME', () => {
  it.each([
    [0, '99 bb 6e c8 b8', '2026-11-23 12:34:56', '1795437296000', '1795437296000000', '2026-11-23T12:34:56Z'],
    [0, '8c b2 42 00 00', '1000-01-01 00:00:00', '-30610224000000', '-30610224000000000', '1000-01-01T00:00:00Z'],
    [0, '99 02 7f 7e fb', '1969-12-31 23:59:59', '-1000', '-1000000', '1969-12-31T23:59:59Z'],
    [1, '99 02 7f 7e fb 32', '1969-12-31 23:59:59.5', '-500', '-500000', '1969-12-31T23:59:59.5Z'],
    [2, '99 bb 6e c8 b8 4e', '2026-11-23 12:34:56.78', '1795437296780', '1795437296780000', '2026-11-23T12:34:56.78Z'],
    [3, '99 bb 6e c8 b8 1e d2', '2026-11-23 12:34:56.789', '1795437296789', '1795437296789000', '2026-11-23T12:34:56.789Z'],
    [3, '99 b8 c2 00 00 03 e8', '2026-01-01 00:00:00.100', '1767225600100', '1767225600100000', '2026-01-01T00:00:00.100Z'],
    [6, '99 b8 c2 00 00 01 86 a0', '2026-01-01 00:00:00.100000', '1767225600100', '1767225600100000', '2026-01-01T00:00:00.100000Z'],
    [6, 'fe f3 ff 7e fb 0f 42 3f', '9999-12-31 23:59:59.999999', '253402300799999', '253402300799999999', '9999-12-31T23:59:59.999999Z'],
  ])('(%i) %s is %s', (fraction, bytes, text, millis, micros, iso) => {
    const { codec, sqlType } = column(TYPE.DATETIME2, [fraction]);
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'epoch-millis')).toBe(millis);
    expect(shown(codec, hex(bytes), 'epoch-micros')).toBe(micros);
    expect(shown(codec, hex(bytes), 'iso-utc')).toBe(`"${iso}"`);
    expect(codec.read(hex(bytes), 0)).toEqual({ text, micros: BigInt(micros) });
    expect(sqlType).toBe(fraction === 0 ? 'datetime' : `datetime(${fraction})`);
  });

  it.each([
    [0, '80 00 00 00 00', '0000-00-00 00:00:00', '1970-01-01T00:00:00Z'],
    [3, '80 00 00 00 00 00 00', '0000-00-00 00:00:00.000', '1970-01-01T00:00:00.000Z'],
    [6, '99 b2 00 00 00 00 00 00', '2024-00-00 00:00:00.000000', '1970-01-01T00:00:00.000000Z'],
  ])('(%i) %s, %s, is no day', (fraction, bytes, text, epoch) => {
    const { codec } = column(TYPE.DATETIME2, [fraction]);
    expect(shown(codec, hex(bytes), 'text', 'null')).toBe(text);
    for (const as of ['string', 'epoch-millis', 'epoch-micros', 'iso-utc', 'zoned-timestamp'] as const) {
      expect(shown(codec, hex(bytes), as, 'string')).toBe(`"${text}"`);
      expect(shown(codec, hex(bytes), as, 'null')).toBe('null');
    }
    expect(shown(codec, hex(bytes), 'epoch-millis', 'epoch')).toBe('0');
    expect(shown(codec, hex(bytes), 'epoch-micros', 'epoch')).toBe('0');
    expect(shown(codec, hex(bytes), 'string', 'epoch')).toBe(`"${epoch.slice(0, -1).replace('T', ' ')}"`);
    expect(shown(codec, hex(bytes), 'iso-utc', 'epoch')).toBe(`"${epoch}"`);
    expect(shown(codec, hex(bytes), 'zoned-timestamp', 'epoch')).toBe('"1970-01-01T00:00:00Z"');
    expect(codec.read(hex(bytes), 0)).toEqual({ text, micros: null });
  });

  it.each([
    ['00 e9 0b 69 6d 12 00 00', '2026-11-23 12:34:56'],
    ['77 87 d1 05 f1 5a 00 00', '9999-12-31 23:59:59'],
    ['00 00 00 00 00 00 00 00', '0000-00-00 00:00:00'],
  ])('before 5.6.4: %s is %s', (bytes, text) => {
    expect(shown(column(TYPE.DATETIME).codec, hex(bytes), 'text')).toBe(text);
  });

  it.each([
    ['datetime(1)', '03 44 d9 65 ff ff', '9999-12-31 23:59:59.9'],
    ['datetime(2)', '03 44 ea 64 96 01', '1000-01-01 00:00:00.01'],
    ['datetime(3)', '00 42 42 1e 8a f0 95', '2026-11-23 12:34:56.789'],
    ['datetime(4)', '02 95 a2 4a 10 15 b4', '2024-00-00 01:02:03.0004'],
    ['datetime(5)', '7f b1 6c 20 5f ff ff', '9999-12-31 23:59:59.99999'],
    ['datetime(6)', '04 fc ee 39 43 bf ff ff', '9999-12-31 23:59:59.999999'],
  ])('MariaDB, old format, %s: %s is %s', (declared, bytes, text) => {
    expect(shown(column(TYPE.DATETIME, [], { declared }).codec, hex(bytes), 'text')).toBe(text);
  });
});

describe('TIMESTAMP', () => {
  it.each([
    [0, '6b 04 32 f0', '2026-11-23 12:34:56', '1795437296000000', '2026-11-23T12:34:56Z'],
    [0, '00 00 00 01', '1970-01-01 00:00:01', '1000000', '1970-01-01T00:00:01Z'],
    [0, 'ff ff ff ff', '2106-02-07 06:28:15', '4294967295000000', '2106-02-07T06:28:15Z'],
    [3, '6b 04 32 f0 1e d2', '2026-11-23 12:34:56.789', '1795437296789000', '2026-11-23T12:34:56.789Z'],
    [3, '69 55 b9 00 03 e8', '2026-01-01 00:00:00.100', '1767225600100000', '2026-01-01T00:00:00.100Z'],
    [6, '7f ff ff ff 0f 42 3f', '2038-01-19 03:14:07.999999', '2147483647999999', '2038-01-19T03:14:07.999999Z'],
    [6, '69 55 b9 00 00 00 00', '2026-01-01 00:00:00.000000', '1767225600000000', '2026-01-01T00:00:00.000000Z'],
  ])('(%i) %s is %s in UTC', (fraction, bytes, text, micros, zoned) => {
    const { codec } = column(TYPE.TIMESTAMP2, [fraction]);
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'epoch-micros')).toBe(micros);
    expect(shown(codec, hex(bytes), 'zoned-timestamp')).toBe(`"${zoned}"`);
    expect(codec.read(hex(bytes), 0)).toEqual({ text, micros: BigInt(micros) });
  });

  it('zero is no time', () => {
    const { codec } = column(TYPE.TIMESTAMP2, [3]);
    expect(shown(codec, hex('00 00 00 00 00 00'), 'string', 'string')).toBe('"0000-00-00 00:00:00.000"');
    expect(shown(codec, hex('00 00 00 00 00 00'), 'zoned-timestamp')).toBe('null');
    expect(shown(codec, hex('00 00 00 00 00 00'), 'epoch-millis', 'epoch')).toBe('0');
  });

  it('one row after another, over midnight and back', () => {
    const { codec } = column(TYPE.TIMESTAMP2, [0]);
    expect(shown(codec, hex('69 55 b8 ff'), 'text')).toBe('2025-12-31 23:59:59');
    expect(shown(codec, hex('69 55 b9 00'), 'text')).toBe('2026-01-01 00:00:00');
    expect(shown(codec, hex('69 55 b8 ff'), 'text')).toBe('2025-12-31 23:59:59');
  });

  it.each([
    [null, 'f0 32 04 6b', '2026-11-23 12:34:56'],
    ['timestamp', '00 00 00 00', '0000-00-00 00:00:00'],
    ['timestamp(1)', '7f ff ff ff 09', '2038-01-19 03:14:07.9'],
    ['timestamp(3)', '00 00 00 01 00 01', '1970-01-01 00:00:01.001'],
    ['timestamp(4)', '6b 04 32 f0 1e d3', '2026-11-23 12:34:56.7891'],
    ['timestamp(6)', '6b 04 32 f0 0c 0a 83', '2026-11-23 12:34:56.789123'],
  ])('in old formats, declared %s: %s is %s', (declared, bytes, text) => {
    expect(shown(column(TYPE.TIMESTAMP, [], { declared }).codec, hex(bytes), 'text')).toBe(text);
  });
});
