import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archives, debianMirror } from '../../../scripts/servers/mirror.ts';

describe('archives of an apt source file', () => {
  it('reads deb822 stanzas, comments left out', () => {
    expect(archives('Types: deb\n# http://old.test/debian\nURIs: http://a.test/debian https://b.test/debian/\nSuites: x\n')).toEqual(['http://a.test/debian', 'https://b.test/debian/']);
  });

  it('reads one-line entries with and without options', () => {
    expect(archives('# deb http://c.test/debian x main\ndeb [arch=amd64 signed-by=/k] http://d.test/debian x main\ndeb http://e.test/debian x main\ndeb-src http://f.test/debian x\ndeb cdrom:[x]/ y\n')).toEqual(['http://d.test/debian', 'http://e.test/debian']);
  });
});

describe('the Debian mirror', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rowcast-apt-'));
    mkdirSync(join(root, 'sources.list.d'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is the first archive that ends in /debian, whatever else there is', () => {
    writeFileSync(join(root, 'sources.list.d', 'a.list'), 'deb https://tools.test/apt x main\n');
    writeFileSync(join(root, 'sources.list.d', 'debian.sources'), 'URIs: http://m.test/debian-security\n\nURIs: http://m.test/debian\n');
    expect(debianMirror(root)).toBe('http://m.test/debian');
  });

  it('is an error where apt names none', () => {
    expect(() => debianMirror(root)).toThrow(/no Debian mirror in .*: it needs a source whose address ends in \/debian/);
  });
});
