import { createHash } from 'node:crypto';
import { RowcastError } from './errors.ts';
import { parseJson } from './position.ts';
import type { Json } from './position.ts';

/**
 * A JSON file that tells when it was damaged: `{"format", "version", "sha256", "body"}`, the digest being that of the
 * body's JSON text. Editing one by hand is meant to fail: a position that was guessed loses rows.
 */
export interface Seal {
  /** What kind of file it is, for example `rowcast-checkpoint`. */
  readonly format: string;
  readonly version: number;
}

export function seal(kind: Seal, body: Json): string {
  return `${JSON.stringify({ format: kind.format, version: kind.version, sha256: digest(body), body }, null, 2)}\n`;
}

/** @throws RowcastError CHECKPOINT_DAMAGED naming the path and what is wrong with it */
export function unseal(kind: Seal, path: string, text: string): Json {
  const parsed = parse(path, text);
  if (!isObject(parsed) || parsed['format'] !== kind.format) throw damaged(path, `it is not a ${kind.format} file`);
  if (parsed['version'] !== kind.version) throw damaged(path, `its version is ${JSON.stringify(parsed['version'])}, this program reads version ${kind.version}`);
  const body = parsed['body'];
  if (body === undefined || parsed['sha256'] !== digest(body)) throw damaged(path, 'its content does not match its checksum');
  return body;
}

/** True for a JSON object. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function damaged(path: string, what: string, cause?: unknown): RowcastError {
  return new RowcastError('CHECKPOINT_DAMAGED', `${path} cannot be used: ${what}`, { cause, facts: { path } });
}

function parse(path: string, text: string): Json {
  if (text.trim() === '') throw damaged(path, 'it is empty');
  try {
    return parseJson(text);
  } catch (cause) {
    throw damaged(path, 'it is cut off or is not JSON', cause);
  }
}

function digest(body: Json): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
