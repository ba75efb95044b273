import { describe, expect, it } from 'vitest';
import { recaptureReport, schemaReport } from '../../../src/cli/schema-report.ts';
import { marked, plain, rowcast } from './support.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const TABLE = { table: 'shop.orders', columns: [{ name: 'id', type: 'int', nullable: false }, { name: 'comment', type: 'text', nullable: true }], primaryKey: ['id'], formerly: [] };

const folder = mkdtempSync(join(tmpdir(), 'rowcast-schema-'));
afterAll(() => { rmSync(folder, { recursive: true }); });
const FILE = join(folder, 'rowcast.yaml');
writeFileSync(FILE, 'name: shop\nsource: { user: u }\nroutes: [{ tables: ["shop.*"] }]\n');

describe('the schema history for people', () => {
  it('lists tables with their columns', () => {
    expect(schemaReport({ position: 'binlog.000001:4', running: false, tables: [TABLE], unknown: [], later: 0 }, marked)).toBe(
      ['1 table as of the saved position binlog.000001:4', '<bold>shop.orders</>', '  id       <gray>int, not null, primary key</>', '  comment  <gray>text</>'].join('\n'),
    );
  });

  it('says what it does not know, and what may be newer', () => {
    const text = schemaReport({ position: 'p', running: true, tables: [], unknown: [{ table: 'shop.odd', why: 'ALTER at x could not be followed', formerly: [{ table: 'shop.a', until: 'b.1:4' }, { table: 'shop.b', until: 'b.1:9' }] }], later: 2 }, plain);
    expect(text.split('\n')).toEqual([
      '0 tables as of the saved position p',
      'A daemon runs with this checkpoint: what it has read since is not shown.',
      '2 later changes are noted behind the position, and read again at the next start.',
      'shop.odd  unknown: ALTER at x could not be followed',
      '  was shop.b until b.1:9',
      '  was shop.a until b.1:4',
    ]);
  });

  it('says what recapturing means', () => {
    expect(recaptureReport({ ...TABLE, position: 'binlog.000001:4', until: 'binlog.000002:900' }, plain)).toMatch(/^From the saved position binlog\.000001:4 on, rows of shop\.orders .*\n.* up to binlog\.000002:900 .*\nshop\.orders\n {2}id/u);
  });
});

describe('schema show and schema recapture', () => {
  it('ask for all tables or one, and print JSON when asked', async () => {
    const asked: unknown[] = [];
    const known = { position: 'p', running: false, tables: [TABLE], unknown: [], later: 0 };
    const showSchema = (_: unknown, table: string | null) => (asked.push(table), Promise.resolve(known));
    expect((await rowcast(['schema', 'show', '-c', FILE], { app: { showSchema } })).out).toContain('shop.orders');
    const { exit, out } = await rowcast(['schema', 'show', '-c', FILE, '--json', 'shop.orders'], { app: { showSchema } });
    expect([exit, JSON.parse(out), asked]).toEqual([0, known, [null, 'shop.orders']]);
  });

  it('recapture one', async () => {
    const asked: unknown[] = [];
    const recaptureTable = (_: unknown, table: string) => (asked.push(table), Promise.resolve({ ...TABLE, position: 'p', until: 'u' }));
    const { exit, out } = await rowcast(['schema', 'recapture', '-c', FILE, 'shop.orders'], { app: { recaptureTable } });
    expect([exit, out.split('\n')[0], asked]).toEqual([0, 'From the saved position p on, rows of shop.orders are read by these columns, which the server shows now.', ['shop.orders']]);
    expect(await rowcast(['schema', 'recapture', '-c', FILE])).toMatchObject({ exit: 1, err: "error: missing required argument 'table'\n" });
  });

  it('leave the JSON Schema of the configuration where it was', async () => {
    const { exit, out } = await rowcast(['schema']);
    expect([exit, (JSON.parse(out) as { title: string }).title]).toEqual([0, 'Rowcast configuration']);
  });
});
