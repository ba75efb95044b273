import type { ColumnType } from '../../core/table.ts';
import { longestCharacter } from './charsets.ts';
import { declareLabels } from './labels.ts';

const INTEGERS = { 1: 'tinyint', 2: 'smallint', 3: 'mediumint', 4: 'int', 8: 'bigint' } as const;
/** What TEXT and BLOB are called by the bytes of their length. */
const SIZES = ['', 'tiny', '', 'medium', 'long'] as const;

/** How the value is kept, where the type alone does not tell: in a row, or as a blob with a length of so many bytes. */
export type Keeping = { readonly in: 'fixed' | 'varying' } | { readonly in: 'blob'; readonly prefix: number };

/** The type as a person would declare it, for example `bigint unsigned`, `varchar(50)`, `datetime(3)`. */
export function sqlTypeOf(type: ColumnType, keeping: Keeping): string {
  switch (type.family) {
    case 'integer':
      return type.tinyint1 === true ? 'tinyint(1)' : unsigned(INTEGERS[type.bytes], type.unsigned);
    case 'decimal':
      return unsigned(`decimal(${type.precision},${type.scale})`, type.unsigned);
    case 'bit':
      return `bit(${type.bits})`;
    case 'time':
    case 'datetime':
    case 'timestamp':
      return type.fraction === 0 ? type.family : `${type.family}(${type.fraction})`;
    case 'text':
      return textType(type.maxBytes, type.charset, keeping);
    case 'binary':
      return keeping.in === 'blob' ? `${SIZES[keeping.prefix] ?? ''}blob` : `${type.fixed ? 'binary' : 'varbinary'}(${type.maxBytes})`;
    case 'enum':
    case 'set':
      return `${type.family}(${declareLabels(type.labels)})`;
    case 'geometry':
      return type.shape;
    case 'vector':
      return `vector(${type.dimensions})`;
    default:
      return type.family;
  }
}

function unsigned(name: string, is: boolean): string {
  return is ? `${name} unsigned` : name;
}

function textType(maxBytes: number, charset: string, keeping: Keeping): string {
  if (keeping.in === 'blob') return `${SIZES[keeping.prefix] ?? ''}text`;
  return `${keeping.in === 'fixed' ? 'char' : 'varchar'}(${Math.floor(maxBytes / longestCharacter(charset))})`;
}
