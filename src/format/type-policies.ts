import { RowcastError } from '../core/errors.ts';
import type { Projection } from '../core/projection.ts';
import type { Column, ColumnType, Representation, TableVersion } from '../core/table.ts';
import { tableLabel } from '../core/table.ts';
import type { TypePolicies } from '../core/type-policies.ts';
import type { Represent, Shown } from './represent.ts';

/** What a policy asks for, with its key and word for messages. */
interface Asked {
  readonly policy: keyof TypePolicies;
  readonly word: string;
  readonly shown: Partial<Pick<Shown, 'as' | 'zero'>>;
}

const BIGINT = { string: 'string', number: 'number', safe: 'safe-number' } as const;
const DECIMAL = { string: 'string', number: 'number' } as const;
const BINARY = { base64: 'base64', hex: 'hex' } as const;
const JSON_DOCUMENT = { inline: 'inline', text: 'string' } as const;
const ENUM = { label: 'string', index: 'number' } as const;
const SET = { list: 'list', text: 'string', bitmask: 'number' } as const;
const GEOMETRY = { wkb: 'geometry-struct', wkt: 'wkt', geojson: 'geojson' } as const;
const VECTOR = { list: 'list', base64: 'base64' } as const;
const TINYINT1 = { boolean: 'boolean', number: 'number' } as const;
/** Every bit field of so many bits is a safe integer. */
const SAFE_BITS = 53;

/**
 * The dialect's table with the policies of the projection's route over it.
 * @param place In keys, a policy that could make two keys one is passed over.
 */
export function withPolicies(represent: Represent, projection: Pick<Projection, 'table' | 'types'>, place: 'value' | 'key'): Represent {
  const { table, types } = projection;
  if (types === undefined || Object.values(types).every((policy) => policy === null)) return represent;
  return (column) => {
    const shown = represent(column);
    const asked = askOf(column, types, { shown, place, table });
    return asked === null ? shown : agreed(shown, asked, { column, table });
  };
}

interface Context {
  readonly shown: Shown;
  readonly place: 'value' | 'key';
  readonly table: TableVersion;
}

/** @throws RowcastError ROUTE_COLUMN where nobody tells what the policy depends on */
function askOf(column: Column, types: TypePolicies, { shown, place, table }: Context): Asked | null {
  const { type } = column;
  if (type.family === 'date' || type.family === 'datetime' || type.family === 'timestamp') return zeroAsked(types.zeroDates, place);
  if (type.family === 'integer' && type.bytes === 1 && types.tinyint1 !== null) return tinyint1Asked(column, type, types.tinyint1, { place, table });
  if (type.family === 'bit' && (type.bits <= SAFE_BITS || (shown.as !== 'safe-number' && shown.as !== 'number'))) return null;
  return representationAsked(type, types);
}

function zeroAsked(zero: TypePolicies['zeroDates'], place: Context['place']): Asked | null {
  if (zero === null || (place === 'key' && zero !== 'string')) return null;
  return { policy: 'zeroDates', word: zero, shown: { zero } };
}

function tinyint1Asked(column: Column, type: Extract<ColumnType, { readonly family: 'integer' }>, word: 'boolean' | 'number', { place, table }: Omit<Context, 'shown'>): Asked | null {
  if (type.tinyint1 === false || (word === 'boolean' && place === 'key')) return null;
  if (type.tinyint1 === undefined && word === 'boolean') {
    throw new RowcastError('ROUTE_COLUMN', `table ${tableLabel(table)}: types.tinyint1 is boolean, and whether column ${column.name} is a tinyint(1) is in neither the binlog nor what is known of the table`, {
      facts: { table: tableLabel(table), column: column.name },
      hint: 'Set types.tinyint1: number for this route, or leave the column out.',
    });
  }
  return { policy: 'tinyint1', word, shown: { as: TINYINT1[word] } };
}

function representationAsked(type: ColumnType, types: TypePolicies): Asked | null {
  switch (type.family) {
    case 'integer':
      return type.bytes === 8 ? ask('bigint', types.bigint, BIGINT) : null;
    case 'bit':
      return ask('bigint', types.bigint, BIGINT);
    case 'decimal':
      return ask('decimal', types.decimal, DECIMAL);
    case 'binary':
      return ask('binary', types.binary, BINARY);
    case 'json':
      return ask('json', types.json, JSON_DOCUMENT);
    case 'text':
      return type.json === true ? ask('json', types.json, JSON_DOCUMENT) : null;
    case 'enum':
      return ask('enum', types.enum, ENUM);
    case 'set':
      return ask('set', types.set, SET);
    case 'geometry':
      return ask('geometry', types.geometry, GEOMETRY);
    case 'vector':
      return ask('vector', types.vector, VECTOR);
    default:
      return null;
  }
}

function ask<W extends string>(policy: keyof TypePolicies, word: W | null, words: Readonly<Record<W, Representation>>): Asked | null {
  return word === null ? null : { policy, word, shown: { as: words[word] } };
}

/** @throws RowcastError ROUTE_COLUMN where the dialect cannot say it */
function agreed(shown: Shown, { policy, word, shown: wanted }: Asked, { column, table }: { readonly column: Column; readonly table: TableVersion }): Shown {
  const result = { ...shown, ...wanted };
  const { limits } = shown;
  if (limits === undefined || (result.as === shown.as && result.zero === shown.zero)) return result;
  if (limits.as.includes(result.as) && limits.zero.includes(result.zero)) return result;
  throw new RowcastError('ROUTE_COLUMN', `table ${tableLabel(table)}: types.${policy} is ${word}, which the format ${limits.format} cannot say of column ${column.name} (${column.sqlType})`, {
    facts: { table: tableLabel(table), column: column.name },
    hint: `Remove types.${policy} from this route, leave the column out, or choose another format.`,
  });
}
