import type { ColumnType } from '../../core/table.ts';

/** A name in backquotes. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/**
 * What a SELECT asks for so that the whole value comes: FLOAT and DOUBLE with all their digits, ENUM and SET by number; others
 * as they are.
 */
export function selectExpression(name: string, { family }: ColumnType): string {
  const column = quoteName(name);
  if (family === 'float' || family === 'double') return `${column} * 1e0`;
  return family === 'enum' || family === 'set' ? `CAST(${column} AS UNSIGNED)` : column;
}

/** A value that a SELECT of `selectExpression` showed, as a literal that the column is equal to, and no other value of a key is. */
export function keyLiteral(shown: Buffer, type: ColumnType): string {
  switch (type.family) {
    case 'integer':
    case 'decimal':
    case 'float':
    case 'double':
    case 'year':
    case 'enum':
    case 'set':
      return shown.toString('latin1');
    case 'bit':
      return BigInt(`0x${shown.length === 0 ? '0' : shown.toString('hex')}`).toString();
    case 'text':
      return shown.length === 0 ? "''" : `_${type.charset} 0x${shown.toString('hex')}`;
    case 'binary':
      return shown.length === 0 ? "''" : `0x${shown.toString('hex')}`;
    default:
      return `'${shown.toString('latin1')}'`;
  }
}

/** Rows behind a key, in the order of its columns. Written out: servers do not use an index for a comparison of rows. */
export function behind(columns: readonly string[], key: readonly string[]): string {
  return columns.map((column, i) => `(${[...columns.slice(0, i).map((before, j) => `${quoteName(before)} = ${key[j] ?? ''}`), `${quoteName(column)} > ${key[i] ?? ''}`].join(' AND ')})`).join(' OR ');
}

/** Rows with one of these keys. */
export function among(columns: readonly string[], keys: readonly (readonly string[])[]): string {
  const [only, ...others] = columns;
  if (only !== undefined && others.length === 0) return `${quoteName(only)} IN (${keys.map(([value = '']) => value).join(', ')})`;
  return keys.map((key) => `(${columns.map((column, i) => `${quoteName(column)} = ${key[i] ?? ''}`).join(' AND ')})`).join(' OR ');
}
