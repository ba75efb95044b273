import { RowcastError } from '../../../core/errors.ts';
import type { Json } from '../../../core/position.ts';

/** Readers of kept JSON. Each throws HISTORY_DAMAGED for anything else than it is named after. */

export function readRecord(json: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof json !== 'object' || json === null || isList(json)) throw damaged('an object is missing');
  return json;
}

export function readList(json: Json | undefined): readonly Json[] {
  if (!isList(json)) throw damaged('a list is missing');
  return json;
}

export function readText(json: Json | undefined): string {
  if (typeof json !== 'string') throw damaged('a text is missing');
  return json;
}

/** A whole number from 0 on. */
export function readNumber(json: Json | undefined): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0) throw damaged('a number is missing');
  return json;
}

/** Null, or what `read` reads. */
export function readNullable<T>(json: Json | undefined, read: (json: Json) => T): T | null {
  if (json === undefined) throw damaged('a value is missing');
  return json === null ? null : read(json);
}

export function damaged(what: string): RowcastError {
  return new RowcastError('HISTORY_DAMAGED', `the schema history cannot be read: ${what}`);
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
