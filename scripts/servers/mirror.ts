import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Debian mirror that this machine's own apt uses, security and third-party archives left out.
 * @throws Error where apt names none
 */
export function debianMirror(root = '/etc/apt'): string {
  const uris = sources(root).flatMap((text) => archives(text));
  const mirror = uris.find((uri) => uri.replace(/\/$/, '').endsWith('/debian'));
  if (mirror === undefined) throw new Error(`no Debian mirror in ${root}: it needs a source whose address ends in /debian`);
  return mirror;
}

/** The addresses of an apt source file, deb822 (`URIs:`) or one a line (`deb`). */
export function archives(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const listed = /^URIs:(.*)$/.exec(line)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)?.[1];
    if (listed !== undefined) found.push(...listed.trim().split(/\s+/));
  }
  return found.filter((uri) => /^https?:/.test(uri));
}

function sources(root: string): string[] {
  const parts = join(root, 'sources.list.d');
  const files = [join(root, 'sources.list'), ...list(parts).sort().map((name) => join(parts, name))];
  return files.filter((path) => /\.(list|sources)$/.test(path)).map((path) => read(path));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
