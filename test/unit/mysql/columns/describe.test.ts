import { describe, expect, it } from 'vitest';
import { metadataLength, TYPE } from '../../../../src/mysql/columns/description.ts';
import { storageOf } from '../../../../src/mysql/columns/storage.ts';
import { column, hex } from './support.ts';

describe('describeColumn', () => {
  it.each([
    [TYPE.TINY, [], { unsigned: false }, 'tinyint'],
    [TYPE.TINY, [], { unsigned: false, declared: 'tinyint(1)' }, 'tinyint(1)'],
    [TYPE.TINY, [], { unsigned: true, declared: 'tinyint(1) unsigned' }, 'tinyint unsigned'],
    [TYPE.SHORT, [], { declared: 'smallint(6)' }, 'smallint'],
    [TYPE.INT24, [], { declared: 'mediumint(8) unsigned' }, 'mediumint unsigned'],
    [TYPE.LONG, [], { declared: 'int(10) unsigned zerofill' }, 'int unsigned'],
    [TYPE.LONGLONG, [], { unsigned: true }, 'bigint unsigned'],
    [TYPE.FLOAT, [4], {}, 'float'],
    [TYPE.DOUBLE, [8], {}, 'double'],
    [TYPE.BIT, [1, 1], {}, 'bit(9)'],
    [TYPE.BIT, [0, 8], {}, 'bit(64)'],
    [TYPE.TIME2, [3], {}, 'time(3)'],
    [TYPE.TIMESTAMP2, [6], {}, 'timestamp(6)'],
    [TYPE.TIMESTAMP, [], { declared: 'timestamp(2)' }, 'timestamp(2)'],
    [TYPE.DATE, [], {}, 'date'],
    [TYPE.NEWDATE, [], {}, 'date'],
    [TYPE.JSON, [4], {}, 'json'],
    [TYPE.GEOMETRY, [4], { geometry: 7 }, 'geometrycollection'],
    [TYPE.GEOMETRY, [4], { geometry: 0, declared: 'geomcollection' }, 'geometrycollection'],
    [TYPE.GEOMETRY, [4], { declared: 'multipolygon' }, 'multipolygon'],
    [TYPE.GEOMETRY, [4], {}, 'geometry'],
    [TYPE.VECTOR, [4], { declared: 'vector(2048)' }, 'vector(2048)'],
    [TYPE.VARCHAR, [40, 0], { charset: 'utf16' }, 'varchar(10)'],
    [TYPE.VAR_STRING, [40, 0], { charset: 'latin1' }, 'varchar(40)'],
    [TYPE.STRING, [0xfe, 16], { charset: 'binary', declared: 'binary(16)' }, 'binary(16)'],
    [TYPE.STRING, [0xfe, 16], { declared: 'binary(16)' }, 'binary(16)'],
    [TYPE.BLOB, [3], { declared: 'mediumblob' }, 'mediumblob'],
    [TYPE.LONG_BLOB, [4], { charset: 'utf8mb4' }, 'longtext'],
  ])('type %i with metadata %o and %o is %s', (code, meta, more, sqlType) => {
    expect(column(code, meta, more).sqlType).toBe(sqlType);
  });

  it('names the column of an unknown type', () => {
    expect(() => column(99, [], { name: 'odd' })).toThrow(
      expect.objectContaining({ code: 'EVENT_UNSUPPORTED', message: 'column odd has type code 99, which this version cannot read' }),
    );
    expect(() => column(TYPE.DECIMAL)).toThrow(expect.objectContaining({ code: 'EVENT_UNSUPPORTED' }));
  });

  it.each([
    [TYPE.LONG, [], '01 02 03 04', 'signedness'],
    [TYPE.VARCHAR, [40, 0], '03 61 62 63', 'character set'],
    [TYPE.BLOB, [2], '03 00 61 62 63', 'character set'],
    [TYPE.STRING, [TYPE.SET, 8], '01 00 00 00 00 00 00 00', 'labels'],
  ])('type %i without all facts can be skipped only', (code, meta, bytes, missing) => {
    const { codec } = column(code, meta, { name: 'n' });
    expect(codec.skip(hex(bytes), 0)).toBe(hex(bytes).length);
    const refusal: unknown = expect.objectContaining({ code: 'SCHEMA_MISMATCH', message: `the ${missing} of column n is in neither the binlog nor information_schema` });
    expect(() => codec.read(hex(bytes), 0)).toThrow(refusal);
    expect(() => codec.writer('text', 'null')).toThrow(refusal);
  });
});

describe('storageOf', () => {
  it.each([
    [TYPE.STRING, [0xfe, 40], { code: TYPE.STRING, prefix: 1, size: 40, compressed: false }],
    [TYPE.STRING, [0xfe, 255], { code: TYPE.STRING, prefix: 1, size: 255, compressed: false }],
    [TYPE.STRING, [0xee, 0], { code: TYPE.STRING, prefix: 2, size: 256, compressed: false }],
    [TYPE.STRING, [0xde, 4], { code: TYPE.STRING, prefix: 2, size: 516, compressed: false }],
    [TYPE.STRING, [0xce, 0xfc], { code: TYPE.STRING, prefix: 2, size: 1020, compressed: false }],
    [TYPE.STRING, [TYPE.ENUM, 2], { code: TYPE.ENUM, prefix: 0, size: 2, compressed: false }],
    [TYPE.VARCHAR, [255, 0], { code: TYPE.VARCHAR, prefix: 1, size: 255, compressed: false }],
    [TYPE.VARCHAR, [0, 1], { code: TYPE.VARCHAR, prefix: 2, size: 256, compressed: false }],
    [TYPE.VARCHAR_COMPRESSED, [0, 1], { code: TYPE.VARCHAR, prefix: 2, size: 255, compressed: true }],
    [TYPE.BLOB, [3], { code: TYPE.BLOB, prefix: 3, size: 16_777_215, compressed: false }],
    [TYPE.BIT, [1, 1], { code: TYPE.BIT, prefix: 0, size: 9, compressed: false }],
  ])('type %i with metadata %o', (code, meta, storage) => {
    expect(storageOf(code, (meta[0] ?? 0) | ((meta[1] ?? 0) << 8))).toEqual(storage);
  });
});

describe('metadataLength', () => {
  it('is known for every type of a TABLE_MAP event', () => {
    const lengths = Object.fromEntries(Object.entries(TYPE).map(([name, code]) => [name, metadataLength(code)]));
    expect(lengths).toEqual({
      DECIMAL: undefined, TINY: 0, SHORT: 0, LONG: 0, FLOAT: 1, DOUBLE: 1, NULL: 0, TIMESTAMP: 0, LONGLONG: 0, INT24: 0, DATE: 0, TIME: 0, DATETIME: 0,
      YEAR: 0, NEWDATE: 0, VARCHAR: 2, BIT: 2, TIMESTAMP2: 1, DATETIME2: 1, TIME2: 1, BLOB_COMPRESSED: 1, VARCHAR_COMPRESSED: 2, VECTOR: 1, JSON: 1,
      NEWDECIMAL: 2, ENUM: 2, SET: 2, TINY_BLOB: 1, MEDIUM_BLOB: 1, LONG_BLOB: 1, BLOB: 1, VAR_STRING: 2, STRING: 2, GEOMETRY: 1,
    });
    expect(metadataLength(99)).toBeUndefined();
  });
});
