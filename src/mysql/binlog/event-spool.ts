import type { SpillFile } from './spill-file.ts';
import type { Valve } from './valve.ts';

/** What is to be known of an event beside its bytes. */
export interface HeldHead {
  /** What its owner tells apart by it; at most 255. */
  readonly kind: number;
  /** Number of its table, as its owner counts them. */
  readonly table: number;
  /** Offset in its binlog file. */
  readonly position: number;
  readonly firstRow: number;
}

/** An event that was held: `bytes[start, end)`. Reused: valid only during the call that hands it over. */
export interface HeldEvent extends HeldHead {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A place between two events. */
export interface SpoolMark {
  readonly count: number;
  readonly memory: number;
  readonly file: number;
}

/** 4 length · 1 kind · 4 table · 8 position · 8 first row. */
const HEAD = 25;
const FIRST_CHUNK = 1 << 12;
const LARGEST_CHUNK = 1 << 20;
/** Bytes that are handed over at a stretch. */
const TURN = 1 << 22;

interface Slot {
  kind: number;
  table: number;
  position: number;
  firstRow: number;
  bytes: Buffer;
  start: number;
  end: number;
}

/**
 * Holds events in order, in memory up to `bound` bytes and then, where there is a file, in that (Invariant 6): what lies
 * in the file comes after what lies in memory. Without a file it overflows instead: then all is dropped and nothing kept.
 */
export class EventSpool {
  readonly #bound: number;
  readonly #file: SpillFile | null;
  readonly #head = Buffer.alloc(HEAD);
  readonly #slot: Slot = { kind: 0, table: 0, position: 0, firstRow: 0, bytes: this.#head, start: 0, end: 0 };
  #chunks: Buffer[] = [];
  /** Of each chunk, how much is filled. */
  #filled: number[] = [];
  /** Bytes of events in memory. */
  #memory = 0;
  #spilled = false;
  #count = 0;
  #overflowed = false;

  constructor(bound: number, file: SpillFile | null) {
    this.#bound = bound;
    this.#file = file;
  }

  /** Events held. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of memory it takes. */
  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** It held more than it may, and holds nothing now. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** The bytes must stay as they are until a returned promise settles. @throws RowcastError HELD_UNWRITABLE */
  append(head: HeldHead, bytes: Buffer, start: number, end: number): void | Promise<void> {
    if (this.#overflowed) return undefined;
    const size = HEAD + end - start;
    const fits = !this.#spilled && this.#memory + size <= this.#bound;
    if (!fits && this.#file === null) { this.#overflow(); return undefined; }
    this.#count++;
    this.#writeHead(head, end - start);
    if (!fits && this.#file !== null) {
      this.#spilled = true;
      return this.#file.append(this.#head, bytes.subarray(start, end));
    }
    const at = this.#room(size);
    const chunk = this.#chunks.at(-1) as Buffer;
    this.#head.copy(chunk, at);
    bytes.copy(chunk, at + HEAD, start, end);
    return undefined;
  }

  mark(): SpoolMark {
    return { count: this.#count, memory: this.#memory, file: this.#file?.length ?? 0 };
  }

  /** Drops the events after a mark. */
  cut(mark: SpoolMark): void {
    let over = this.#memory - mark.memory;
    while (over > 0) {
      const last = this.#filled.pop() ?? 0;
      const cut = Math.min(last, over);
      over -= cut;
      if (last > cut) this.#filled.push(last - cut);
      else this.#chunks.pop();
    }
    this.#count = mark.count;
    this.#memory = mark.memory;
    if (!this.#spilled) return;
    this.#file?.cut(mark.file);
    this.#spilled = mark.file > 0;
  }

  /** Hands all of it over, in order and at the valve's pace. @throws RowcastError HELD_UNWRITABLE, SOURCE_LOST, and what `take` throws */
  replay(take: (event: HeldEvent) => void, valve: Valve): void | Promise<void> {
    const position = { chunk: 0, at: 0 };
    if (this.#fromMemory(position, take, valve) && !this.#spilled) return undefined;
    return this.#replayRest(position, take, valve);
  }

  /** Empties it. What memory the next one would need anyway is kept. */
  clear(): void | Promise<void> {
    const [first] = this.#chunks;
    this.#chunks = first === undefined || first.length > LARGEST_CHUNK ? [] : [first];
    this.#filled = this.#chunks.map(() => 0);
    this.#memory = this.#count = 0;
    this.#overflowed = this.#spilled = false;
    return this.#file?.clear();
  }

  async #replayRest(position: Reading, take: (event: HeldEvent) => void, valve: Valve): Promise<void> {
    do await valve.pass();
    while (!this.#fromMemory(position, take, valve));
    const file = this.#file;
    if (!this.#spilled || file === null) return;
    await file.rewind();
    const end = file.length;
    let turn = 0;
    for (let at = 0; at < end; ) {
      if (valve.shut || turn >= TURN) {
        turn = 0;
        await valve.pass();
      }
      const size = await readFrom(file, this.#slot);
      take(this.#slot);
      at += size;
      turn += size;
    }
  }

  /** False where it must wait first. */
  #fromMemory(position: Reading, take: (event: HeldEvent) => void, valve: Valve): boolean {
    let turn = 0;
    for (; position.chunk < this.#chunks.length; position.chunk++, position.at = 0) {
      const chunk = this.#chunks[position.chunk] as Buffer;
      const end = this.#filled[position.chunk] as number;
      while (position.at < end) {
        if (valve.shut || turn >= TURN) return false;
        const size = readHead(chunk, position.at, this.#slot);
        this.#slot.bytes = chunk;
        this.#slot.start = position.at + HEAD;
        this.#slot.end = position.at + HEAD + size;
        position.at += HEAD + size;
        turn += HEAD + size;
        take(this.#slot);
      }
    }
    return true;
  }

  /** For good: nothing is written any more. */
  async close(): Promise<void> {
    this.#file?.close();
    await this.clear();
  }

  #overflow(): void {
    void this.clear();
    this.#chunks = [];
    this.#filled = [];
    this.#overflowed = true;
  }

  #writeHead({ kind, table, position, firstRow }: HeldHead, length: number): void {
    const head = this.#head;
    head.writeUInt32LE(length, 0);
    head[4] = kind;
    head.writeUInt32LE(table, 5);
    head.writeDoubleLE(position, 9);
    head.writeDoubleLE(firstRow, 17);
  }

  /** Makes room in the last chunk, and tells where. An event lies in one chunk. */
  #room(size: number): number {
    const last = this.#chunks.length - 1;
    this.#memory += size;
    if (last >= 0 && (this.#filled[last] as number) + size <= (this.#chunks[last] as Buffer).length) {
      const at = this.#filled[last] as number;
      this.#filled[last] = at + size;
      return at;
    }
    const grown = Math.min(LARGEST_CHUNK, Math.max(FIRST_CHUNK, (this.#chunks[last]?.length ?? 0) * 4));
    this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(size, grown)));
    this.#filled.push(size);
    return 0;
  }
}

interface Reading {
  chunk: number;
  at: number;
}

async function readFrom(file: SpillFile, slot: Slot): Promise<number> {
  let head = file.take(HEAD);
  if (head === undefined) {
    await file.fetch(HEAD);
    head = file.take(HEAD);
  }
  const length = head === undefined ? 0 : readHead(head.bytes, head.start, slot);
  let body = file.take(length);
  if (body === undefined) {
    await file.fetch(length);
    body = file.take(length);
  }
  if (body === undefined) return HEAD;
  slot.bytes = body.bytes;
  slot.start = body.start;
  slot.end = body.start + length;
  return HEAD + length;
}

/** The length of the event. */
function readHead(bytes: Buffer, at: number, slot: Slot): number {
  slot.kind = bytes[at + 4] as number;
  slot.table = bytes.readUInt32LE(at + 5);
  slot.position = bytes.readDoubleLE(at + 9);
  slot.firstRow = bytes.readDoubleLE(at + 17);
  return bytes.readUInt32LE(at);
}
