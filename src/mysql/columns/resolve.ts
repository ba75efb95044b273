import type { ColumnType } from '../../core/table.ts';
import type { ColumnDescription } from './description.ts';
import { TYPE } from './description.ts';
import { areDoubtful, labelsOf } from './labels.ts';
import { GEOMETRY_SHAPES } from './spatial.ts';
import type { ColumnStorage } from './storage.ts';

/** A type; `missing` names the fact about it that nobody told, without which its values can only be skipped. */
export interface ResolvedType {
  readonly type: ColumnType;
  readonly missing: string | null;
}

type IntegerBytes = 1 | 2 | 3 | 4 | 8;

const INTEGER_BYTES = new Map<number, IntegerBytes>([
  [TYPE.TINY, 1],
  [TYPE.SHORT, 2],
  [TYPE.INT24, 3],
  [TYPE.LONG, 4],
  [TYPE.LONGLONG, 8],
]);

const PLAIN = new Map<number, ColumnType>([
  [TYPE.FLOAT, { family: 'float' }],
  [TYPE.DOUBLE, { family: 'double' }],
  [TYPE.YEAR, { family: 'year' }],
  [TYPE.DATE, { family: 'date' }],
  [TYPE.NEWDATE, { family: 'date' }],
  [TYPE.JSON, { family: 'json' }],
]);

const TEMPORAL = new Map<number, { readonly family: 'time' | 'datetime' | 'timestamp'; readonly legacy: boolean }>([
  [TYPE.TIME, { family: 'time', legacy: true }],
  [TYPE.DATETIME, { family: 'datetime', legacy: true }],
  [TYPE.TIMESTAMP, { family: 'timestamp', legacy: true }],
  [TYPE.TIME2, { family: 'time', legacy: false }],
  [TYPE.DATETIME2, { family: 'datetime', legacy: false }],
  [TYPE.TIMESTAMP2, { family: 'timestamp', legacy: false }],
]);

const STRINGS: ReadonlySet<number> = new Set([TYPE.STRING, TYPE.VARCHAR, TYPE.BLOB]);

/** The type of a column; undefined for a type code that is not known. */
export function resolveType(description: ColumnDescription, storage: ColumnStorage): ResolvedType | undefined {
  const declared = description.declared?.trim().toLowerCase() ?? null;
  const plain = PLAIN.get(storage.code);
  if (plain !== undefined) return told(plain);
  const bytes = INTEGER_BYTES.get(storage.code);
  if (bytes !== undefined) return integer(bytes, description.unsigned ?? isUnsigned(declared), declared);
  const temporal = TEMPORAL.get(storage.code);
  if (temporal !== undefined) return told({ ...temporal, fraction: temporal.legacy ? declaredFraction(declared) : storage.size });
  if (STRINGS.has(storage.code)) return stringType(description, storage, declared);
  return other(description, storage, declared);
}

function other(description: ColumnDescription, storage: ColumnStorage, declared: string | null): ResolvedType | undefined {
  switch (storage.code) {
    case TYPE.NEWDECIMAL:
      return told({
        family: 'decimal',
        precision: description.meta & 0xff,
        scale: description.meta >> 8,
        unsigned: description.unsigned ?? isUnsigned(declared) ?? false,
      });
    case TYPE.BIT:
      return told({ family: 'bit', bits: storage.size });
    case TYPE.ENUM:
    case TYPE.SET: {
      const declared = description.labels === null ? labelsOf(description.declared ?? '') : null;
      const doubtful = declared !== null && areDoubtful(declared, description.charset);
      const labels = description.labels ?? declared;
      const type: ColumnType = { family: storage.code === TYPE.ENUM ? 'enum' : 'set', labels: labels ?? [] };
      if (labels === null) return { type, missing: 'labels' };
      return { type, missing: doubtful ? 'exact text of the labels' : null };
    }
    case TYPE.GEOMETRY:
      return told({ family: 'geometry', shape: shapeOf(description.geometry, declared) });
    case TYPE.VECTOR:
      return told({ family: 'vector', dimensions: description.dimensions ?? declaredSize(declared) });
    default:
      return undefined;
  }
}

function integer(bytes: IntegerBytes, unsigned: boolean | null, declared: string | null): ResolvedType {
  const type = { family: 'integer', bytes, unsigned: unsigned ?? false } as const;
  const missing = unsigned === null ? 'signedness' : null;
  if (bytes !== 1) return { type, missing };
  if (type.unsigned) return { type: { ...type, tinyint1: false }, missing };
  return { type: declared === null ? type : { ...type, tinyint1: /^tinyint\s*\(1\)/.test(declared) }, missing };
}

/** MariaDB's own types look like bytes in the binlog; only the declaration tells them. */
function stringType(description: ColumnDescription, storage: ColumnStorage, declared: string | null): ResolvedType {
  if (declared === 'uuid' || declared === 'inet4' || declared === 'inet6') return told({ family: declared });
  if (declared?.startsWith('vector') === true) return told({ family: 'vector', dimensions: declaredSize(declared) });
  const maxBytes = storage.size;
  const charset = description.charset ?? (declared !== null && /binary|blob/.test(declared) ? 'binary' : null);
  if (charset === 'binary') return told({ family: 'binary', fixed: storage.code === TYPE.STRING, maxBytes });
  const type: ColumnType = { family: 'text', charset: charset ?? 'binary', maxBytes };
  return { type: declared === 'json' ? { ...type, json: true } : type, missing: charset === null ? 'character set' : null };
}

function told(type: ColumnType): ResolvedType {
  return { type, missing: null };
}

function isUnsigned(declared: string | null): boolean | null {
  return declared === null ? null : /\b(?:unsigned|zerofill)\b/.test(declared);
}

function declaredFraction(declared: string | null): number {
  return Number(/^(?:time|datetime|timestamp)\s*\(([1-6])\)/.exec(declared ?? '')?.[1] ?? 0);
}

function declaredSize(declared: string | null): number {
  return Number(/\((\d+)\)/.exec(declared ?? '')?.[1] ?? 0);
}

function shapeOf(geometry: number | null, declared: string | null): string {
  const told = GEOMETRY_SHAPES[geometry ?? 0] ?? 'geometry';
  if (told !== 'geometry' || declared === null) return told;
  return GEOMETRY_SHAPES.find((shape) => declared === shape) ?? (declared.startsWith('geomcollection') ? 'geometrycollection' : 'geometry');
}
