import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkAll } from '../../src/app/check.ts';
import { Custody } from '../../src/app/custody.ts';
import { exportPosition, importPosition, setPosition, showPosition } from '../../src/app/position.ts';
import { storesOf } from '../../src/app/stores.ts';
import type { Config } from '../../src/config/compile.ts';
import { loadConfig } from '../../src/config/load.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
const folder = await mkdtemp(join(tmpdir(), 'rowcast-position-'));
let database = '';

beforeAll(async () => { database = await freshDatabase(mysql, 'position'); });
afterAll(() => rm(folder, { recursive: true, force: true }));

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const KINDS = ['file', 'kafka', 'mysql'] as const;

async function configOf(name: string, kind: (typeof KINDS)[number], path = join(folder, unique('saved'))): Promise<Config> {
  const places = { file: {}, kafka: { topic: unique('positions') }, mysql: { server: { ...mysql, user: 'root' }, table: `${database}.${unique('t')}` } };
  const file = join(folder, `${unique('config')}.yaml`);
  await writeFile(file, JSON.stringify({
    name, source: { host: mysql.host, port: mysql.port, user: 'root' }, sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`] },
    checkpoint: { type: kind, path, ...places[kind] }, http: false, routes: [{ tables: [`${database}.*`] }],
  }));
  return loadConfig(file, {});
}

async function end(): Promise<{ file: string; position: number }> {
  const [row] = await query(mysql, 'show binary log status');
  return { file: String(row?.['File']), position: Number(row?.['Position']) };
}

describe.each(KINDS)('a position in a %s', (kind) => {
  it('is set to a place of the server, shown, exported and imported', async () => {
    const config = await configOf('shop', kind);
    expect(await showPosition(config)).toMatchObject({ position: null, savedAt: null, running: false });
    await expect(exportPosition(config)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const place = await end();
    await query(mysql, `create table ${unique(`${database}.made`)} (id int)`);
    const set = await setPosition(config, place);
    expect(set).toMatchObject({ state: { flavor: 'mysql', file: place.file, position: place.position } });
    expect(await showPosition(config)).toEqual(set);
    const text = await exportPosition(config);
    await setPosition(config, 'latest');
    expect((await showPosition(config)).state).not.toEqual(set.state);
    expect(await importPosition(config, text)).toMatchObject({ position: set.position, state: set.state });
    expect((await checkAll(config)).filter(({ severity }) => severity === 'error')).toEqual([]);
  }, 60_000);

  it('stays as it is where the server does not have the place, where the text is damaged, or of another daemon', async () => {
    const config = await configOf('shop', kind);
    const before = await setPosition(config, 'latest');
    const text = await exportPosition(config);
    await expect(setPosition(config, { file: 'binlog.999999', position: 4 })).rejects.toMatchObject({ exit: 3 });
    await expect(setPosition(config, { gtid: '00000000-0000-0000-0000-00000000abcd:1-5' })).rejects.toMatchObject({ exit: 3 });
    await expect(importPosition(config, text.replace(/"position": \d+/, '"position": 4'))).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED' });
    await expect(importPosition({ ...config, name: 'other' }, text)).rejects.toMatchObject({ code: 'CHECKPOINT_FOREIGN' });
    expect(await showPosition(config)).toEqual(before);
  }, 60_000);

  it('is not changed while a daemon uses it, wherever the command runs', async () => {
    const config = await configOf('shop', kind);
    const custody = new Custody(config, { logger, lost: () => undefined });
    await custody.open(new AbortController().signal);
    const elsewhere = kind === 'file' ? config : { ...config, checkpoint: { ...config.checkpoint, path: join(folder, unique('elsewhere')) } };
    await expect(setPosition(elsewhere, 'latest')).rejects.toMatchObject({ code: 'CHECKPOINT_LOCKED' });
    expect(await showPosition(elsewhere)).toMatchObject({ position: null, running: true });
    await custody.close();
    await setPosition(elsewhere, 'latest');
  }, 60_000);
});

describe('a checkpoint file beside another place', () => {
  it.each(['kafka', 'mysql'] as const)('is taken over once by a %s, and put aside when the position is saved there', async (kind) => {
    const path = join(folder, unique('moved'));
    const old = await configOf('shop', 'file', path);
    const { position } = await setPosition(old, 'latest');
    const config = await configOf('shop', kind, path);
    const custody = new Custody(config, { logger, lost: () => undefined });
    await custody.open(new AbortController().signal);
    expect([custody.checkpoint?.position.label, custody.imported, existsSync(path)]).toEqual([position, true, true]);
    if (custody.checkpoint !== null) await custody.store.save(custody.checkpoint);
    await custody.saved();
    await custody.close();
    expect([existsSync(path), existsSync(`${path}.imported`)]).toEqual([false, true]);
    const again = new Custody(config, { logger, lost: () => undefined });
    await again.open(new AbortController().signal);
    expect([again.checkpoint?.position.label, again.imported]).toEqual([position, false]);
    await again.close();
  }, 60_000);

  it('is left where it is when the other place has a position already', async () => {
    const path = join(folder, unique('stale'));
    const config = await configOf('shop', 'mysql', path);
    const stores = storesOf(config, { logger, lost: () => undefined });
    await stores.store.open();
    await stores.store.save({ position: { state: { at: 2 }, label: 'newer' }, savedAt: 2 });
    await stores.store.close();
    await setPosition(await configOf('shop', 'file', path), 'latest');
    const custody = new Custody(config, { logger, lost: () => undefined });
    await custody.open(new AbortController().signal);
    expect([custody.checkpoint?.position.label, custody.imported]).toEqual(['newer', false]);
    await custody.close();
    expect(existsSync(path)).toBe(true);
  }, 60_000);
});
