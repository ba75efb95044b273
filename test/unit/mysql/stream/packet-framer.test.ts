import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { PacketFramer } from '../../../../src/mysql/stream/packet-framer.ts';

const FULL = 0xffffff;

/** An event of `type` with `body` after its header, its length announced as it is. */
function event(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(19);
  header[4] = type;
  header.writeUInt32LE(19 + body.length, 9);
  return Buffer.concat([header, body]);
}

/** A payload cut into packets, numbered from `sequence` on. */
function packets(payload: Buffer, sequence: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, number = sequence; ; at += FULL, number++) {
    const part = payload.subarray(at, at + FULL);
    const head = Buffer.from([part.length & 0xff, (part.length >> 8) & 0xff, part.length >> 16, number & 0xff]);
    parts.push(head, part);
    if (part.length < FULL) return Buffer.concat(parts);
  }
}

function ok(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0]), content]);
}

function listen(answer: (content: Buffer) => void | Promise<void> = () => undefined) {
  const heard: { events: Buffer[]; log: string[]; where: Buffer[] } = { events: [], log: [], where: [] };
  const framer = new PacketFramer(
    {
      event: (bytes, start, end) => {
        heard.where.push(bytes);
        heard.events.push(Buffer.from(bytes.subarray(start, end)));
        return answer(bytes.subarray(start, end));
      },
      refused: (bytes, start, end) => void heard.log.push(`refused ${bytes.toString('latin1', start + 3, end)}`),
      eof: () => void heard.log.push('eof'),
      failed: (error) => void heard.log.push(error instanceof RowcastError ? `${error.code} ${error.message}` : String(error)),
      flow: (held) => void heard.log.push(held ? 'held' : 'flowing'),
    },
    100_000_000,
  );
  return { framer, heard };
}

const SMALL = [event(16, Buffer.from('one')), event(2, Buffer.alloc(300, 7)), event(27, Buffer.alloc(0)), event(30, Buffer.alloc(20_000, 9))];

function stream(events: readonly Buffer[]): Buffer {
  return Buffer.concat(events.map((one, i) => packets(ok(one), i + 1)));
}

describe('packet framer', () => {
  it('hands over events of one chunk where they lie', () => {
    const { framer, heard } = listen();
    const chunk = stream(SMALL);
    framer.execute(chunk);
    expect(heard.events).toEqual(SMALL);
    expect(heard.where.every((bytes) => bytes === chunk)).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 7, 23, 24, 25, 26, 27, 1000])('puts events together from chunks of %i bytes', (size) => {
    const { framer, heard } = listen();
    const all = stream(SMALL);
    for (let at = 0; at < all.length; at += size) framer.execute(all.subarray(at, at + size));
    expect(heard.events).toEqual(SMALL);
    expect(heard.log).toEqual([]);
  });

  it.each([FULL - 1, FULL, FULL + 1, 2 * FULL, 2 * FULL + 5])('joins the packets of a payload of %i bytes', (payload) => {
    const { framer, heard } = listen();
    const large = event(30, Buffer.alloc(payload - 20, 3));
    const all = packets(ok(large), 1);
    for (let at = 0; at < all.length; at += 65_536) framer.execute(all.subarray(at, at + 65_536));
    const after = Math.floor(payload / FULL) + 2;
    framer.execute(packets(ok(SMALL[0] as Buffer), after));
    expect(heard.log).toEqual([]);
    expect(heard.events.map((one) => one.length)).toEqual([payload - 1, 22]);
    expect(heard.events[0]?.equals(large)).toBe(true);
  });

  it('counts packets modulo 256', () => {
    const { framer, heard } = listen();
    for (let i = 1; i <= 600; i++) framer.execute(packets(ok(event(16, Buffer.from([i & 0xff]))), i));
    expect(heard.events.length).toBe(600);
    expect(heard.log).toEqual([]);
  });

  it('ends at a packet out of order', () => {
    const { framer, heard } = listen();
    framer.execute(packets(ok(SMALL[0] as Buffer), 1));
    framer.execute(packets(ok(SMALL[0] as Buffer), 3));
    framer.execute(packets(ok(SMALL[0] as Buffer), 4));
    expect(heard.events.length).toBe(1);
    expect(heard.log).toEqual(["EVENT_CORRUPT the server's packets cannot be read: packet 2 was expected and packet 3 came"]);
  });

  it.each([1, 65_536])('takes an error packet whatever its number, in chunks of %i', (size) => {
    const { framer, heard } = listen();
    const all = packets(Buffer.from('\xff\xd4\x04gone', 'latin1'), 0);
    for (let at = 0; at < all.length; at += size) framer.execute(all.subarray(at, at + size));
    expect(heard.log).toEqual(['refused gone']);
  });

  it('ends at EOF and takes no more', () => {
    const { framer, heard } = listen();
    framer.execute(Buffer.concat([packets(Buffer.from([0xfe, 0, 0, 2, 0]), 1), packets(ok(SMALL[0] as Buffer), 2)]));
    expect(heard.log).toEqual(['eof']);
    expect(heard.events).toEqual([]);
  });

  it('refuses an empty packet and an unknown first byte', () => {
    const empty = listen();
    empty.framer.execute(Buffer.from([0, 0, 0, 1]));
    expect(empty.heard.log[0]).toContain('starts with nothing');
    const unknown = listen();
    unknown.framer.execute(packets(Buffer.from([0x41, 1, 2]), 1));
    expect(unknown.heard.log[0]).toContain('starts with 65');
  });

  it('refuses an event whose announced length is not that of its packet', () => {
    const { framer, heard } = listen();
    const wrong = event(30, Buffer.alloc(100));
    wrong.writeUInt32LE(5000, 9);
    const all = packets(ok(wrong), 1);
    framer.execute(all.subarray(0, 10));
    framer.execute(all.subarray(10));
    expect(heard.events).toEqual([]);
    expect(heard.log[0]).toContain('EVENT_CORRUPT');
  });
});

describe('packet framer, holding', () => {
  it('stops at the next event exactly, and goes on without loss', () => {
    const { framer, heard } = listen(() => {
      if (heard.events.length === 2) framer.hold();
    });
    framer.execute(stream(SMALL));
    expect(heard.events.length).toBe(2);
    expect(heard.log).toEqual(['held']);
    framer.release();
    expect(heard.events).toEqual(SMALL);
    expect(heard.log).toEqual(['held', 'flowing']);
  });

  it('queues chunks that arrive while held, cut anywhere', () => {
    const { framer, heard } = listen();
    const all = stream(SMALL);
    framer.execute(all.subarray(0, 2));
    framer.hold();
    framer.execute(all.subarray(2, 500));
    framer.execute(all.subarray(500));
    expect(heard.events).toEqual([]);
    framer.release();
    expect(heard.events).toEqual(SMALL);
  });

  it('waits for a promise, and for every hold', async () => {
    let finish: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { framer, heard } = listen(() => (heard.events.length === 1 ? waits : undefined));
    framer.execute(stream(SMALL));
    expect(heard.events.length).toBe(1);
    framer.hold();
    finish();
    await waits;
    await Promise.resolve();
    expect(heard.events.length).toBe(1);
    framer.release();
    expect(heard.events).toEqual(SMALL);
  });

  it('ends when the handler throws or its promise is rejected', async () => {
    const thrown = listen(() => {
      throw new RowcastError('EVENT_UNSUPPORTED', 'no');
    });
    thrown.framer.execute(stream(SMALL));
    thrown.framer.execute(stream(SMALL));
    expect(thrown.heard.log).toEqual(['EVENT_UNSUPPORTED no']);
    expect(thrown.heard.events.length).toBe(1);
    const rejected = listen(() => Promise.reject(new RowcastError('SCHEMA_CHANGED', 'late')));
    rejected.framer.execute(stream(SMALL));
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejected.heard.log).toEqual(['held', 'SCHEMA_CHANGED late']);
    expect(rejected.heard.events.length).toBe(1);
  });
});

describe('packet framer, limits', () => {
  const table = Buffer.concat([Buffer.from([42, 0, 0, 0, 0, 0, 1, 0, 4]), Buffer.from('shop\0'), Buffer.from([6]), Buffer.from('orders\0')]);

  function tooLarge(type: number, tableId: number): string {
    const { framer, heard } = listen();
    framer.execute(packets(ok(event(19, table)), 1));
    const head = Buffer.alloc(30);
    head[4] = type;
    head.writeUInt32LE(100_000_001, 9);
    head[19] = tableId;
    framer.execute(Buffer.from([0xff, 0xff, 0xff, 2]));
    framer.execute(ok(head));
    expect(heard.events.length).toBe(1);
    return heard.log[0] ?? '';
  }

  it('refuses an event above the bound from its head alone, and names its table', () => {
    expect(tooLarge(30, 42)).toBe('ROW_TOO_LARGE a rows event of shop.orders has 100000001 bytes, more than the 100000000 that limits.row allows (two row images and 64 KiB)');
  });

  it('names no table where the last TABLE_MAP is of another, or the event has no rows', () => {
    expect(tooLarge(31, 43)).toContain('ROW_TOO_LARGE a binlog event of type 31 has');
    expect(tooLarge(40, 42)).toContain('ROW_TOO_LARGE a binlog event of type 40 has');
  });
});
