import { describe, expect, it } from 'vitest';
import { CheckpointSaver } from '../../../src/checkpoint/saver.ts';
import type { SaverEvents } from '../../../src/checkpoint/saver.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { Checkpoint, CheckpointStore } from '../../../src/core/ports.ts';
import type { Position } from '../../../src/core/position.ts';

const at = (label: string): Position => ({ state: { label }, label });

class MemoryStore implements CheckpointStore {
  readonly saved: string[] = [];
  broken = false;
  under = 0;
  most = 0;

  async open(): Promise<void> {
    await Promise.resolve();
  }

  async load(): Promise<Checkpoint | null> {
    return Promise.resolve(null);
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    this.most = Math.max(this.most, ++this.under);
    await new Promise((resolve) => setImmediate(resolve));
    this.under--;
    if (this.broken) throw new RowcastError('CHECKPOINT_UNWRITABLE', 'no space');
    this.saved.push(`${checkpoint.position.label}@${checkpoint.savedAt}`);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

function build(): { store: MemoryStore; events: string[]; saver: CheckpointSaver; move: (label: string) => void } {
  const store = new MemoryStore();
  const events: string[] = [];
  let now: Position | null = null;
  const say: SaverEvents = { saved: (position) => events.push(`saved ${position.label}`), failing: (error) => events.push(`failing ${error.code}`) };
  const saver = new CheckpointSaver({ store, ledger: { safe: () => now }, events: say, now: () => 7 }, null);
  return { store, events, saver, move: (label) => (now = at(label)) };
}

describe('CheckpointSaver', () => {
  it('saves nothing while there is no position', async () => {
    const { saver, store } = build();
    await saver.save();
    expect(store.saved).toEqual([]);
  });

  it('saves a position once, and again only when it moved', async () => {
    const { saver, store, move } = build();
    move('a');
    await saver.save();
    move('a');
    await saver.save();
    move('b');
    await saver.save();
    expect(store.saved).toEqual(['a@7', 'b@7']);
  });

  it('is the only one that saves: overlapping calls run one after the other', async () => {
    const { saver, store, move } = build();
    move('a');
    const first = saver.save();
    move('b');
    await Promise.all([first, saver.save(), saver.save()]);
    expect(store.most).toBe(1);
    expect(store.saved.at(-1)).toBe('b@7');
  });

  it('says once that saving fails, throws each time, and saves the newest position when it works again', async () => {
    const { saver, store, move, events } = build();
    store.broken = true;
    move('a');
    await expect(saver.save()).rejects.toMatchObject({ code: 'CHECKPOINT_UNWRITABLE' });
    await expect(saver.save()).rejects.toMatchObject({ code: 'CHECKPOINT_UNWRITABLE' });
    store.broken = false;
    move('b');
    await saver.save();
    expect(events).toEqual(['failing CHECKPOINT_UNWRITABLE', 'saved b']);
    expect(store.saved).toEqual(['b@7']);
  });
});
