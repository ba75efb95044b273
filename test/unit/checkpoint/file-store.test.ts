import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileCheckpointStore } from '../../../src/checkpoint/stores/file-store.ts';

let folder = '';
let path = '';
const stores: FileCheckpointStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowcast-store-'));
  path = join(folder, 'deep', 'shop.checkpoint');
});

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await rm(folder, { recursive: true });
});

function store(name = 'shop'): FileCheckpointStore {
  const made = new FileCheckpointStore(path, name, () => undefined);
  stores.push(made);
  return made;
}

const checkpoint = { position: { state: { gtid: 'u:1-5', file: 'binlog.000001' }, label: 'u:1-5' }, savedAt: 1234 };

describe('FileCheckpointStore (Invariant 7)', () => {
  it('makes its folder, and knows nothing at first', async () => {
    const first = store();
    await first.open();
    expect(await first.load()).toBeNull();
  });

  it('gives back what was saved, to this and to the next process, and leaves no other file', async () => {
    const first = store();
    await first.open();
    await first.save({ ...checkpoint, savedAt: 1 });
    await first.save(checkpoint);
    expect(await first.load()).toEqual(checkpoint);
    await first.close();
    const second = store();
    await second.open();
    expect(await second.load()).toEqual(checkpoint);
    expect((await readdir(join(folder, 'deep'))).sort()).toEqual(['shop.checkpoint', 'shop.checkpoint.lock']);
  });

  it('keeps a second daemon out while the lock is held', { timeout: 20_000 }, async () => {
    await store().open();
    await expect(store().open()).rejects.toMatchObject({ code: 'CHECKPOINT_LOCKED', exit: 6 });
  });

  it('does not save without the lock', async () => {
    await expect(store().save(checkpoint)).rejects.toMatchObject({ code: 'CHECKPOINT_LOCKED' });
  });

  it('refuses the checkpoint of another name', async () => {
    const first = store('shop');
    await first.open();
    await first.save(checkpoint);
    await first.close();
    await expect(store('crm').load()).rejects.toMatchObject({ code: 'CHECKPOINT_FOREIGN' });
  });

  it.each([
    ['empty', (): string => '', 'it is empty'],
    ['cut off', (text: string): string => text.slice(0, text.length / 2), 'it is cut off or is not JSON'],
    ['another kind of file', (): string => '{"format":"other"}', 'it is not a rowcast-checkpoint file'],
    ['of a later version', (text: string): string => text.replace('"version": 1', '"version": 2'), 'its version is 2, this program reads version 1'],
    ['edited', (text: string): string => text.replaceAll('1-5', '1-9'), 'its content does not match its checksum'],
  ])('says what is wrong with a file that is %s, and never starts elsewhere', async (_, damage, reason) => {
    const first = store();
    await first.open();
    await first.save(checkpoint);
    await writeFile(path, damage(await readFile(path, 'utf8')));
    await expect(first.load()).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED', message: `${path} cannot be used: ${reason}` });
  });

  it('names the path and the reason when it cannot write', async () => {
    const first = store();
    await first.open();
    await mkdir(`${path}.new`);
    await expect(first.save(checkpoint)).rejects.toMatchObject({ code: 'CHECKPOINT_UNWRITABLE', facts: { path } });
  });
});
