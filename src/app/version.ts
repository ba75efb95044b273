import { readFileSync } from 'node:fs';

/** The version in package.json, which lies two folders up both in `src/` and in `dist/`. */
export function version(): string {
  const text: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof text === 'object' && text !== null && 'version' in text && typeof text.version === 'string' ? text.version : 'unknown';
}
