import { describe, expect, it } from 'vitest';
import { PieceNoteStore } from '../../../src/checkpoint/stores/piece-notes.ts';
import type { PieceStore } from '../../../src/core/notes.ts';

/** Pieces of seven bytes in memory; `fails` writes do nothing, or all that they should, and then fail. */
class MemoryPieces implements PieceStore {
  readonly label = 'memory';
  pieces: Uint8Array[] = [];
  reads = 0;
  fails: 'before' | 'after' | null = null;

  read(): Promise<readonly Uint8Array[]> {
    this.reads++;
    return Promise.resolve(this.pieces);
  }

  write(from: number, text: Uint8Array): Promise<number> {
    if (this.fails === 'before') return Promise.reject(new Error('before'));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < text.length; at += 7) pieces.push(text.slice(at, at + 7));
    this.pieces = [...this.pieces.slice(0, from), ...pieces];
    return this.fails === 'after' ? Promise.reject(new Error('after')) : Promise.resolve(this.pieces.length);
  }
}

describe('notes in pieces', () => {
  it('are one text, whatever bytes a piece ends at', async () => {
    const place = new MemoryPieces();
    const notes = new PieceNoteStore(place, 'shop');
    await notes.save('é—😀', ['😀😀']);
    await notes.append('ü');
    expect(await new PieceNoteStore(place, 'shop').load()).toEqual({ base: 'é—😀', entries: ['😀😀', 'ü'] });
    expect(place.pieces.length).toBeGreaterThan(20);
    // What it wrote itself it knows.
    expect(place.reads).toBe(1);
  });

  it.each([['before', []], ['after', ['a']]] as const)('look what is there after a write that failed %s it was done', async (fails, entries) => {
    const place = new MemoryPieces();
    const notes = new PieceNoteStore(place, 'shop');
    await notes.save('base');
    place.fails = fails;
    await expect(notes.append('a')).rejects.toThrow(fails);
    place.fails = null;
    await notes.append('b');
    expect(await notes.load()).toEqual({ base: 'base', entries: [...entries, 'b'] });
  });

  it('name the place where the text is cut off, or of another daemon', async () => {
    const place = new MemoryPieces();
    await new PieceNoteStore(place, 'shop').save('base', [1, 2, 3]);
    await expect(new PieceNoteStore(place, 'other').load()).rejects.toMatchObject({ code: 'HISTORY_FOREIGN' });
    place.pieces.pop();
    await expect(new PieceNoteStore(place, 'shop').load()).rejects.toThrow('memory cannot be used: its last line has no end');
  });

  it('have entries only after a base', async () => {
    const notes = new PieceNoteStore(new MemoryPieces(), 'shop');
    await expect(notes.append(1)).rejects.toMatchObject({ code: 'INTERNAL' });
    await notes.save('base');
    await notes.clear();
    expect(await notes.load()).toBeNull();
    await expect(notes.append(1)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
