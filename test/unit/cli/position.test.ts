import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ShownPosition } from '../../../src/app/position.ts';
import { positionReport } from '../../../src/cli/position-report.ts';
import type { StartAt } from '../../../src/core/ports.ts';
import { rowcast } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowcast-cli-'));
const file = join(folder, 'rowcast.yaml');
writeFileSync(file, 'name: shop\nsource: { user: u }\nroutes: [{ tables: ["a.*"] }]\n');
const SHOWN: ShownPosition = { store: 'topic shop.checkpoint', position: 'binlog.1:4', state: { file: 'binlog.1' }, savedAt: '2026-01-31T12:00:00.000Z', running: true };

describe('rowcast position', () => {
  it('shows where reading would begin, and that a daemon uses it', async () => {
    const { exit, out } = await rowcast(['position', 'show', '-c', file], { app: { showPosition: () => Promise.resolve(SHOWN) } });
    expect([exit, out]).toEqual([0, 'binlog.1:4\nsaved 2026-01-31T12:00:00.000Z in topic shop.checkpoint\nA daemon uses it now (or was killed a few seconds ago).\n']);
    expect(positionReport({ ...SHOWN, position: null, savedAt: null })).toBe('Nothing is saved in topic shop.checkpoint.');
    const json = await rowcast(['position', 'show', '-c', file, '--json'], { app: { showPosition: () => Promise.resolve(SHOWN) } });
    expect(JSON.parse(json.out)).toEqual(SHOWN);
  });

  it.each<[string[], StartAt]>([
    [['--gtid', 'a:1-7'], { gtid: 'a:1-7' }],
    [['--file', 'binlog.7', '--offset', '157'], { file: 'binlog.7', position: 157 }],
    [['--timestamp', '2026-01-31T12:00:00Z'], { timestamp: Date.UTC(2026, 0, 31, 12) * 1000 }],
    [['--timestamp', '2026-01-31T12:00:00+01:00'], { timestamp: Date.UTC(2026, 0, 31, 11) * 1000 }],
    [['--earliest'], 'earliest'],
    [['--latest'], 'latest'],
  ])('sets the place that %j names', async (words, expected) => {
    const places: StartAt[] = [];
    const { exit } = await rowcast(['position', 'set', '-c', file, ...words], { app: { setPosition: (_, place) => { places.push(place); return Promise.resolve({ ...SHOWN, running: false }); } } });
    expect([exit, places]).toEqual([0, [expected]]);
  });

  it.each([[[]], [['--latest', '--gtid', 'a:1']], [['--file', 'x']], [['--offset', '4']], [['--file', 'x', '--offset', '3']], [['--file', 'x', '--offset', 'y']], [['--timestamp', '2026-01-31T12:00:00']], [['--timestamp', 'noonZ']]])('refuses %j', async (words) => {
    const { exit, err } = await rowcast(['position', 'set', '-c', file, ...words]);
    expect(exit).toBe(2);
    expect(err).toContain('CONFIG_INVALID');
  });

  it('exports to the terminal or a file, and imports from a file', async () => {
    const app = { exportPosition: () => Promise.resolve('{"a":1}\n') };
    expect((await rowcast(['position', 'export', '-c', file], { app })).out).toBe('{"a":1}\n');
    const target = join(folder, 'out.position');
    await rowcast(['position', 'export', '-c', file, '-o', target], { app });
    expect(readFileSync(target, 'utf8')).toBe('{"a":1}\n');
    const texts: string[] = [];
    await rowcast(['position', 'import', '-c', file, target], { app: { importPosition: (_, text) => { texts.push(text); return Promise.resolve(SHOWN); } } });
    expect(texts).toEqual(['{"a":1}\n']);
    expect((await rowcast(['position', 'import', '-c', file, join(folder, 'none')])).err).toContain('CONFIG_UNREADABLE');
  });
});
