import { describe, expect, it } from 'vitest';
import type { Projection } from '../../../../src/core/projection.ts';
import type { Column, ColumnType } from '../../../../src/core/table.ts';
import { keySchema, schemaText } from '../../../../src/format/debezium/connect-schema.ts';
import { DEBEZIUM_DEFAULTS } from '../../../../src/format/debezium/options.ts';
import type { DebeziumOptions } from '../../../../src/format/debezium/options.ts';
import { representDebezium } from '../../../../src/format/debezium/representations.ts';
import { OPTIONS, TABLE } from '../support.ts';

const [, , ID] = TABLE.columns;

function fieldOf(type: ColumnType, changes: { nullable?: boolean; masked?: boolean; options?: Partial<DebeziumOptions> } = {}): string {
  const column: Column = { ...(ID as Column), name: 'k', type, nullable: changes.nullable ?? false };
  const projection: Projection = { table: TABLE, columns: [], key: [{ column, name: 'k', mask: changes.masked === true ? () => undefined : null }] };
  const options = { ...DEBEZIUM_DEFAULTS, ...changes.options };
  const text = schemaText(keySchema({ context: OPTIONS, options, projection, represent: representDebezium(options) }));
  const head = '{"schema":{"type":"struct","fields":[';
  const tail = '],"optional":false,"name":"crm.shop.t.Key"},"payload":';
  expect([text.slice(0, head.length), text.slice(-tail.length)]).toEqual([head, tail]);
  return text.slice(head.length, -tail.length);
}

const PLAIN = 'optional":false,"field":"k"}';

describe('the schema of a key column', () => {
  it.each<[ColumnType, string]>([
    [{ family: 'integer', bytes: 1, unsigned: false }, `{"type":"int16","${PLAIN}`],
    [{ family: 'integer', bytes: 1, unsigned: true }, `{"type":"int16","${PLAIN}`],
    [{ family: 'integer', bytes: 2, unsigned: false }, `{"type":"int16","${PLAIN}`],
    [{ family: 'integer', bytes: 2, unsigned: true }, `{"type":"int32","${PLAIN}`],
    [{ family: 'integer', bytes: 3, unsigned: true }, `{"type":"int32","${PLAIN}`],
    [{ family: 'integer', bytes: 4, unsigned: false }, `{"type":"int32","${PLAIN}`],
    [{ family: 'integer', bytes: 4, unsigned: true }, `{"type":"int64","${PLAIN}`],
    [{ family: 'integer', bytes: 8, unsigned: false }, `{"type":"int64","${PLAIN}`],
    [{ family: 'integer', bytes: 8, unsigned: true }, `{"type":"int64","${PLAIN}`],
    [{ family: 'float' }, `{"type":"float","${PLAIN}`],
    [{ family: 'double' }, `{"type":"double","${PLAIN}`],
    [{ family: 'bit', bits: 1 }, `{"type":"boolean","${PLAIN}`],
    [{ family: 'text', charset: 'latin1', maxBytes: 10 }, `{"type":"string","${PLAIN}`],
    [{ family: 'binary', fixed: true, maxBytes: 16 }, `{"type":"bytes","${PLAIN}`],
    [{ family: 'uuid' }, `{"type":"string","${PLAIN}`],
  ])('%j is as short as %s', (type, text) => {
    expect(fieldOf(type)).toBe(text);
  });

  it.each<[ColumnType, string, string]>([
    [{ family: 'year' }, 'int32', 'io.debezium.time.Year'],
    [{ family: 'date' }, 'int32', 'io.debezium.time.Date'],
    [{ family: 'time', fraction: 0, legacy: false }, 'int64', 'io.debezium.time.MicroTime'],
    [{ family: 'datetime', fraction: 3, legacy: false }, 'int64', 'io.debezium.time.Timestamp'],
    [{ family: 'datetime', fraction: 4, legacy: false }, 'int64', 'io.debezium.time.MicroTimestamp'],
    [{ family: 'timestamp', fraction: 6, legacy: false }, 'string', 'io.debezium.time.ZonedTimestamp'],
    [{ family: 'json' }, 'string', 'io.debezium.data.Json'],
  ])('%j has a semantic type', (type, of, name) => {
    expect(fieldOf(type)).toBe(`{"type":"${of}","optional":false,"name":"${name}","version":1,"field":"k"}`);
  });

  it.each<[ColumnType, string, string, object]>([
    [{ family: 'decimal', precision: 10, scale: 2, unsigned: false }, 'bytes', 'org.apache.kafka.connect.data.Decimal', { scale: '2', 'connect.decimal.precision': '10' }],
    [{ family: 'bit', bits: 9 }, 'bytes', 'io.debezium.data.Bits', { length: '9' }],
    [{ family: 'enum', labels: ['a', 'b,c', "it's"] }, 'string', 'io.debezium.data.Enum', { allowed: "a,b\\,c,it's" }],
    [{ family: 'set', labels: ['a', 'b'] }, 'string', 'io.debezium.data.EnumSet', { allowed: 'a,b' }],
  ])('%j has parameters', (type, of, name, parameters) => {
    expect(fieldOf(type)).toBe(`{"type":"${of}","optional":false,"name":"${name}","version":1,"parameters":${JSON.stringify(parameters)},"field":"k"}`);
  });

  it('tells the parts of geometries and vectors', () => {
    const srid = '{"type":"int32","optional":true,"field":"srid"}';
    expect(fieldOf({ family: 'geometry', shape: 'polygon' })).toBe(
      `{"type":"struct","fields":[{"type":"bytes","optional":false,"field":"wkb"},${srid}],"optional":false,"name":"io.debezium.data.geometry.Geometry","version":1,"doc":"Geometry","field":"k"}`,
    );
    expect(fieldOf({ family: 'geometry', shape: 'point' })).toBe(
      `{"type":"struct","fields":[{"type":"double","optional":false,"field":"x"},{"type":"double","optional":false,"field":"y"},{"type":"bytes","optional":true,"field":"wkb"},${srid}],"optional":false,"name":"io.debezium.data.geometry.Point","version":1,"doc":"Geometry (POINT)","field":"k"}`,
    );
    expect(fieldOf({ family: 'vector', dimensions: 3 })).toBe(
      '{"type":"array","items":{"type":"float","optional":false},"optional":false,"name":"io.debezium.data.FloatVector","version":1,"field":"k"}',
    );
  });

  it('says when a column may be null, and shows a masked one as text', () => {
    expect(fieldOf({ family: 'date' }, { nullable: true })).toBe('{"type":"int32","optional":true,"name":"io.debezium.time.Date","version":1,"field":"k"}');
    expect(fieldOf({ family: 'date' }, { masked: true })).toBe('{"type":"string","optional":false,"field":"k"}');
  });
});
