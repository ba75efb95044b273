import { crc32 } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { PacketFramer } from '../../../../src/mysql/stream/packet-framer.ts';

const FULL = 0xffffff;
const TABLES = new Map([
  [41, { database: 'shop', name: 'blobs', captured: false }],
  [42, { database: 'shop', name: 'orders', captured: true }],
]);

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

function listen(answer: (content: Buffer) => void | Promise<void> = () => undefined, rowLimit = 100_000_000) {
  const heard: { events: Buffer[]; log: string[]; where: Buffer[]; passed: string[] } = { events: [], log: [], where: [], passed: [] };
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
      passed: (bytes, start, crc) => void heard.passed.push(`${heard.events.length}: ${bytes.toString('hex', start, start + 27)} ${crc.toString(16)}`),
      table: (id) => TABLES.get(id),
      next: () => ({ file: 'bin.000001', position: 4 }),
      payload: {
        begins: () => void heard.log.push('payload'),
        event: () => undefined,
        passed: () => undefined,
        verify: () => undefined,
      },
    },
    rowLimit,
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

  it.each([1, 2, 3, 4, 5, 7, 23, 24, 25, 26, 27, 28, 29, 1000])('puts events together from chunks of %i bytes', (size) => {
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
  const LIMIT = 1_000_000;

  /** An event of `length` bytes whose rows are of table `id`. */
  function rows(type: number, id: number, length: number): Buffer {
    const body = Buffer.alloc(length - 19, 5);
    body.writeUIntLE(id, 0, 6);
    return event(type, body);
  }

  /** What becomes of the head of a rows event that announces `length` bytes. */
  function judged(type: number, id: number, length: number): string {
    const { framer, heard } = listen(undefined, LIMIT);
    const head = rows(type, id, 60);
    head.writeUInt32LE(length, 9);
    const payload = length + 1;
    framer.execute(Buffer.from([payload & 0xff, (payload >> 8) & 0xff, payload >> 16, 1]));
    framer.execute(ok(head));
    return heard.log[0] ?? 'taken';
  }

  it.each([23, 25, 30, 32])('lets an event of type %i have one row image and 64 KiB', (type) => {
    expect(judged(type, 42, 1_065_536)).toBe('taken');
    expect(judged(type, 42, 1_065_537)).toBe('ROW_TOO_LARGE a rows event of shop.orders at bin.000001:4 has 1065537 bytes, more than the 1065536 that limits.row allows (one row image and 64 KiB)');
  });

  it.each([24, 31])('lets an event of type %i have two row images and 64 KiB', (type) => {
    expect(judged(type, 42, 2_065_536)).toBe('taken');
    expect(judged(type, 42, 2_065_537)).toBe('ROW_TOO_LARGE a rows event of shop.orders at bin.000001:4 has 2065537 bytes, more than the 2065536 that limits.row allows (two row images and 64 KiB)');
  });

  it.each([2, 29])('refuses an event of type %i that is as large, whatever its bytes look like', (type) => {
    expect(judged(type, 41, 2_065_536)).toBe('taken');
    expect(judged(type, 41, 2_065_537)).toContain(`ROW_TOO_LARGE a binlog event of type ${type} at bin.000001:4 has 2065537 bytes`);
  });

  it('refuses rows of a table id that nothing explains', () => {
    expect(judged(30, 43, 1_065_537)).toContain('ROW_TOO_LARGE a binlog event of type 30 at');
  });

  it.each([39, 166, 167, 168, 169, 170, 171])('judges partial and compressed rows (type %i) by their table, too', (type) => {
    expect(judged(type, 41, 2_065_537)).toBe('taken');
    expect(judged(type, 42, 2_065_537)).toContain('ROW_TOO_LARGE a rows event of shop.orders at');
  });

  it('refuses an event that came whole, too', () => {
    const { framer, heard } = listen(undefined, 1000);
    framer.execute(packets(ok(rows(30, 42, 66_537)), 1));
    expect([heard.events.length, heard.log[0]]).toEqual([0, expect.stringContaining('ROW_TOO_LARGE a rows event of shop.orders')]);
  });

  const PASSED = [SMALL[0] as Buffer, rows(30, 41, 66_537), SMALL[1] as Buffer, rows(31, 41, 67_537), SMALL[3] as Buffer];
  const HEARD = [`1: ${passedHead(PASSED[1])}`, `2: ${passedHead(PASSED[3])}`];

  function passedHead(bytes: Buffer | undefined): string {
    return bytes === undefined ? '' : `${bytes.toString('hex', 0, 27)} ${crc32(bytes).toString(16)}`;
  }

  it.each([1, 2, 3, 4, 5, 27, 28, 29, 30, 31, 32, 33, 1000, 65_536, 1 << 20])('passes over rows of a table that no route takes, in chunks of %i bytes', (size) => {
    const { framer, heard } = listen(undefined, 1000);
    const all = stream(PASSED);
    for (let at = 0; at < all.length; at += size) framer.execute(all.subarray(at, at + size));
    expect(heard.log).toEqual([]);
    expect(heard.passed).toEqual(HEARD);
    expect(heard.events).toEqual([PASSED[0], PASSED[2], PASSED[4]]);
  });

  it('waits while held in the middle of what it passes over', () => {
    const { framer, heard } = listen(undefined, 1000);
    const all = stream(PASSED);
    framer.execute(all.subarray(0, 40_000));
    framer.hold();
    framer.execute(all.subarray(40_000));
    expect([heard.passed, heard.log]).toEqual([[], ['held']]);
    framer.release();
    expect(heard.passed).toEqual(HEARD);
    expect(heard.log).toEqual(['held', 'flowing']);
  });

  it.each([FULL - 1, FULL, FULL + 1, 2 * FULL, 2 * FULL + 5])('passes over a payload of %i bytes and keeps none of it', (payload) => {
    const { framer, heard } = listen(undefined, 1000);
    const large = rows(30, 41, payload - 1);
    const all = packets(ok(large), 1);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let at = 0; at < all.length; at += 65_536) {
      framer.execute(all.subarray(at, at + 65_536));
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    framer.execute(packets(ok(SMALL[0] as Buffer), Math.floor(payload / FULL) + 2));
    expect(heard.passed).toEqual([`0: ${passedHead(large)}`]);
    expect([heard.events, heard.log]).toEqual([[SMALL[0]], []]);
    expect(most).toBeLessThan(1_000_000);
  });

  it('ends where the packets of what it passes over are longer than announced', () => {
    const { framer, heard } = listen(undefined, 1000);
    const wrong = rows(30, 41, FULL + 100);
    wrong.writeUInt32LE(FULL + 99, 9);
    framer.execute(packets(ok(wrong), 1));
    expect([heard.passed, heard.log[0]]).toEqual([[], expect.stringContaining('EVENT_CORRUPT')]);
  });
});
