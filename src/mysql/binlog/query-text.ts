import type { TableVersion } from '../../core/table.ts';
import type { DecoderOptions } from './options.ts';

type Veil = Pick<DecoderOptions, 'includeQuery' | 'hidesText' | 'hidesTextOf'>;

/** The SQL text of rows, empty where it must not be shown. */
export function shown(sql: string, { hidesText }: Veil): string {
  return hidesText?.(sql) === true ? '' : sql;
}

/** The text of a statement that writes rows of this table must not be shown, whatever tables it names: a view or a trigger may do it. */
export function hidesTextOf({ database, name }: TableVersion, { includeQuery, hidesTextOf: hides }: Veil): boolean {
  return includeQuery && hides?.(database, name) === true;
}
