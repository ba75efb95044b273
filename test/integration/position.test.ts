import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkAll } from '../../src/app/check.ts';
import { Custody } from '../../src/app/custody.ts';
import { exportPosition, importPosition, setPosition, showPosition } from '../../src/app/position.ts';
import { showSchema } from '../../src/app/schema.ts';
import { storesOf } from '../../src/app/stores.ts';
import type { Stores } from '../../src/app/stores.ts';
import type { Config } from '../../src/config/compile.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Notes } from '../../src/core/notes.ts';
import { readSaved } from '../../src/mysql/saved-position.ts';
import { writeBase } from '../../src/mysql/schema/history/entry.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { READER } from '../../scripts/servers/index.ts';

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
    name, source: { host: mysql.host, port: mysql.port, user: READER }, sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`] },
    checkpoint: { type: kind, path, ...places[kind] }, http: false, routes: [{ tables: [`${database}.*`] }],
  }));
  return loadConfig(file, {});
}

async function end(): Promise<{ file: string; position: number }> {
  const [row] = await query(mysql, 'show binary log status');
  return { file: String(row?.['File']), position: Number(row?.['Position']) };
}

/** Works with the stores of a configuration, opened as a daemon does. */
async function within<T>(config: Config, work: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = storesOf(config, { logger, lost: () => undefined });
  await stores.store.open();
  return work(stores).finally(() => stores.store.close());
}

/** Notes whose base is of the saved position, and tells a database called `label`. */
async function historyOf({ store }: Stores, label: string): Promise<Notes> {
  const saved = await store.load();
  if (saved === null) throw new Error('nothing is saved');
  return { base: writeBase({ place: readSaved(saved.position), tables: [], databases: [{ name: label, charset: 'utf8mb4', collation: 'utf8mb4_bin' }], lost: [{ database: label, name: 't', why: 'a test' }], recaptures: [], names: [] }), entries: [] };
}

const kept = (config: Config): Promise<Notes | null> => within(config, ({ notes }) => notes.load());

describe.each(KINDS)('the schema history beside a position in a %s', (kind) => {
  it('is exported and imported with it, and shown wherever it is', async () => {
    const config = await configOf('shop', kind);
    await setPosition(config, 'latest');
    const bare = await exportPosition(config);
    const history = await within(config, async (stores) => {
      const made = await historyOf(stores, 'one');
      await stores.notes.save(made.base, made.entries);
      return made;
    });
    expect((await showSchema(config, null)).unknown).toMatchObject([{ table: 'one.t', why: 'a test' }]);
    const text = await exportPosition(config);
    expect([text.startsWith(bare), text.length > bare.length]).toEqual([true, true]);
    for (const to of KINDS) {
      const other = await configOf('shop', to);
      await importPosition(other, text);
      expect(await kept(other)).toEqual(history);
      expect((await showSchema(other, null)).unknown).toMatchObject([{ table: 'one.t' }]);
      await expect(importPosition(other, `${bare}${text.slice(bare.length).replace('a test', 'a lie')}`)).rejects.toMatchObject({ code: 'HISTORY_DAMAGED' });
      await expect(importPosition(other, `${text}{"half`)).rejects.toMatchObject({ code: 'HISTORY_DAMAGED' });
      expect(await kept(other)).toEqual(history);
    }
  }, 60_000);

  it('is forgotten where another position may lie behind statements that it misses, and stays where it cannot', async () => {
    const config = await configOf('shop', kind);
    const before = await end();
    await query(mysql, `create table ${unique(`${database}.made`)} (id int)`);
    await setPosition(config, 'latest');
    const history = await within(config, async (stores) => {
      const made = await historyOf(stores, 'two');
      await stores.notes.save(made.base);
      return made;
    });
    await setPosition(config, before);
    expect(await kept(config)).toEqual(history);
    await setPosition(config, 'latest');
    expect(await kept(config)).toBeNull();
    await expect(showSchema(config, null)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('no schema history is kept') as string });
  }, 60_000);
});

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

  it.each(['kafka', 'mysql'] as const)('moves its schema history along into a %s, in place of what is there', async (kind) => {
    const path = join(folder, unique('moved'));
    const old = await configOf('shop', 'file', path);
    await setPosition(old, 'latest');
    const history = await within(old, async (stores) => {
      const made = await historyOf(stores, 'of the file');
      await stores.notes.save(made.base, ['an entry']);
      return { ...made, entries: ['an entry'] };
    });
    const config = await configOf('shop', kind, path);
    await within(config, ({ notes }) => notes.save('of nobody', ['a', 'b']));
    for (const again of [false, true]) {
      const custody = new Custody(config, { logger, lost: () => undefined });
      await custody.open(new AbortController().signal);
      // A crash before the position is saved: all is taken over once more.
      expect([again, await custody.notes.load(), existsSync(`${path}.schema`)]).toEqual([again, history, true]);
      if (again && custody.checkpoint !== null) await custody.store.save(custody.checkpoint);
      if (again) await custody.saved();
      await custody.close();
    }
    expect(['', '.imported', '.schema', '.schema.imported'].map((ending) => existsSync(`${path}${ending}`))).toEqual([false, true, false, true]);
    expect(await kept(config)).toEqual(history);
  }, 60_000);

  it.each(['kafka', 'mysql'] as const)('that has no schema history leaves none in a %s, either', async (kind) => {
    const path = join(folder, unique('moved'));
    await setPosition(await configOf('shop', 'file', path), 'latest');
    const config = await configOf('shop', kind, path);
    await within(config, ({ notes }) => notes.save('of nobody'));
    const custody = new Custody(config, { logger, lost: () => undefined });
    await custody.open(new AbortController().signal);
    expect([custody.imported, await custody.notes.load()]).toEqual([true, null]);
    await custody.close();
  }, 60_000);

  it.each(['kafka', 'mysql'] as const)('may be gone while its schema history is there still: a %s takes that over where it has none, once', async (kind) => {
    const config = await configOf('shop', kind);
    await setPosition(config, 'latest');
    const { fileNotes } = storesOf(config, { logger, lost: () => undefined });
    for (const [file, found] of [['first', 'first'], ['second', 'first']] as const) {
      await fileNotes.save(file, [1]);
      const custody = new Custody(config, { logger, lost: () => undefined });
      await custody.open(new AbortController().signal);
      expect([custody.imported, await custody.notes.load(), fileNotes.exists]).toEqual([false, { base: found, entries: [1] }, file !== found]);
      await custody.close();
    }
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
