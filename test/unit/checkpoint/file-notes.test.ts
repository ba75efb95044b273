import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileNoteStore } from '../../../src/checkpoint/stores/file-notes.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowcast-notes-'));
  path = join(folder, 'deep', 'shop.checkpoint.schema');
});
afterEach(() => rm(folder, { recursive: true }));

const store = (name = 'shop'): FileNoteStore => new FileNoteStore(path, name);

/** A file with a base and two entries. */
async function kept(): Promise<string> {
  const notes = store();
  await notes.save({ tables: ['x'] });
  await notes.append({ turn: 1 });
  await notes.append({ turn: 2 });
  return readFile(path, 'utf8');
}

describe('FileNoteStore (Invariant 7)', () => {
  it('keeps a base and what is appended to it, for whoever reads it later', async () => {
    expect(await store().load()).toBeNull();
    await kept();
    expect(await store().load()).toEqual({ base: { tables: ['x'] }, entries: [{ turn: 1 }, { turn: 2 }] });
    const later = store();
    await later.append({ turn: 3 });
    await later.save({ tables: ['y'] });
    await later.append('é😀');
    expect(await store().load()).toEqual({ base: { tables: ['y'] }, entries: ['é😀'] });
  });

  it('does calls that overlap one after the other', async () => {
    const notes = store();
    await Promise.all([notes.save({}), ...Array.from({ length: 20 }, (_, turn) => notes.append({ turn }))]);
    expect((await notes.load())?.entries).toEqual(Array.from({ length: 20 }, (_, turn) => ({ turn })));
  });

  it('takes a last line without its end, that of a crash, for none, and writes over it', async () => {
    const whole = await kept();
    for (let size = whole.length - 1; size > whole.lastIndexOf('\n', whole.length - 2); size -= 7) {
      await truncate(path, size);
      expect((await store().load())?.entries).toEqual([{ turn: 1 }]);
    }
    const next = store();
    await next.append({ turn: 3 });
    expect((await store().load())?.entries).toEqual([{ turn: 1 }, { turn: 3 }]);
  });

  it('refuses a line that was changed, left out or put elsewhere, and a file cut off in the base', async () => {
    const [base = '', one = '', two = ''] = (await kept()).split('\n');
    const lines = (...given: string[]): string => given.map((line) => `${line}\n`).join('');
    const damaged = [lines(base, one.replace('1', '7'), two), lines(base, two), lines(base, two, one), lines(base, base), lines(base.replace('"x"', '"z"'), one), lines(base, '{', two), lines(base, '[]', two), base.slice(0, -4), '', lines('{"format":"rowcast-notes","version":1}')];
    for (const text of damaged) {
      await writeFile(path, text);
      await expect(store().load(), text).rejects.toMatchObject({ code: 'HISTORY_DAMAGED', facts: { path } });
      await expect(store().append({}), text).rejects.toMatchObject({ code: 'HISTORY_DAMAGED' });
    }
  });

  it('refuses the file of another daemon and of another version', async () => {
    const text = await kept();
    await expect(store('other').load()).rejects.toMatchObject({ code: 'HISTORY_FOREIGN' });
    await writeFile(path, text.replace('"version":1', '"version":2'));
    await expect(store().load()).rejects.toThrow('its version is 2, this program reads version 1');
  });

  it('appends only to a base', async () => {
    await expect(store().append({})).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('names the path where it cannot write', async () => {
    await writeFile(join(folder, 'deep'), '');
    await expect(store().save({})).rejects.toMatchObject({ code: 'CHECKPOINT_UNWRITABLE', facts: { path } });
    await appendFile(join(folder, 'deep'), '');
  });
});
