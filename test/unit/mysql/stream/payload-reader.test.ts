import { compress } from '@mongodb-js/zstd';
import { crc32 } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { PacketFramer } from '../../../../src/mysql/stream/packet-framer.ts';
import { heldBuffers } from '../../../support/held-buffers.ts';
import { makeEvent, queryEvent, tableMapEvent, writeRowsEvent } from '../binlog/support.ts';
import { payloadEvent, payloadOf } from './payload-support.ts';

const TABLES = new Map([
  [1, { database: 'fix', name: 't', captured: true }],
  [2, { database: 'other', name: 't', captured: false }],
]);
const XID = makeEvent({ type: 16, body: Buffer.alloc(8, 1) });

/** Packets of MySQL's protocol, each with its sequence number. */
function packets(events: readonly Buffer[]): Buffer {
  return Buffer.concat(
    events.flatMap((event, i) => {
      const head = Buffer.alloc(5);
      head.writeUIntLE(event.length + 1, 0, 3);
      head[3] = (i + 1) & 0xff;
      return [head, event];
    }),
  );
}

interface Heard {
  /** `offset:type:length`, `!` after the last one. */
  readonly inner: string[];
  readonly log: string[];
  /** The largest buffer that an event was handed over in. */
  largest: number;
}

interface Listening {
  readonly rowLimit?: number;
  readonly checksum?: boolean;
  readonly answer?: (heard: Heard) => void | Promise<void>;
}

function listen({ rowLimit = 1_000, checksum = false, answer = () => undefined }: Listening = {}): { readonly framer: PacketFramer; readonly heard: Heard } {
  const heard: Heard = { inner: [], log: [], largest: 0 };
  const verify = (crc: number): void => {
    heard.log.push('verified');
    if (checksum && crc !== 0x2144df1c) throw new RowcastError('EVENT_CORRUPT', 'checksum');
  };
  const framer = new PacketFramer(
    {
      event: (bytes, start) => void heard.log.push(`event ${String(bytes[start + 4])}`),
      passed: () => undefined,
      table: (id) => TABLES.get(id),
      next: () => ({ file: 'bin.000001', position: 4 }),
      refused: () => undefined,
      eof: () => undefined,
      failed: (error) => void heard.log.push(error instanceof RowcastError ? `${error.code} ${error.message}` : String(error)),
      flow: () => undefined,
      payload: {
        begins: (bytes, start, crc) => {
          heard.log.push(`begins ${String(bytes[start + 4])} ${crc === null ? 'in parts' : 'whole'}`);
          if (crc !== null) verify(crc);
        },
        event: (bytes, { start, end }, { offset, last }) => {
          heard.largest = Math.max(heard.largest, bytes.buffer.byteLength);
          heard.inner.push(`${offset}:${String(bytes[start + 4])}:${crc32(bytes.subarray(start, end)).toString(16)}${last ? '!' : ''}`);
          return answer(heard);
        },
        passed: (bytes, start, { offset, last }) => void heard.inner.push(`${offset}:passed ${String(bytes[start + 4])}${last ? '!' : ''}`),
        verify,
      },
    },
    rowLimit,
  );
  return { framer, heard };
}

function feed(framer: PacketFramer, bytes: Buffer, size: number): void {
  for (let at = 0; at < bytes.length; at += size) framer.execute(bytes.subarray(at, at + size));
}

/** As `Heard.inner` should be. */
function shown(events: readonly Buffer[]): string[] {
  let offset = 0;
  return events.map((event, i) => {
    const text = `${offset}:${String(event[4])}:${crc32(event).toString(16)}${i === events.length - 1 ? '!' : ''}`;
    offset += event.length;
    return text;
  });
}

/** Waits until everything that was put off is done. */
async function settled(heard: Heard, done: () => boolean): Promise<void> {
  while (!done() && !heard.log.some((line) => line.startsWith('EVENT') || line.startsWith('ROW'))) await new Promise((resolve) => setImmediate(resolve));
}

/** Numbers that no two events share: the upper halves of multiples of a large prime. */
const numbers = (count: number, seed = 0): number[] => Array.from({ length: count }, (_, i) => Math.imul(i * 61 + seed + 1, 2654435761) ^ Math.imul(i + seed * 7919, 40503 * 65537));
const SMALL = [queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1, 2, 3]), tableMapEvent(2), writeRowsEvent(2, [4]), XID];
/** Above a few blocks of 128 KiB, hard to compress; no event is above 66,536 bytes. */
const LARGE = [queryEvent('BEGIN'), tableMapEvent(1), ...Array.from({ length: 60 }, (_, i) => writeRowsEvent(1, numbers(9_000, i + 1))), XID];

describe('compressed transactions', () => {
  it.each([1, 2, 3, 5, 18, 19, 20, 27, 31, 64, 1000])('that are small are put together from chunks of %i bytes and checked before they are read', async (size) => {
    const { framer, heard } = listen({ checksum: true });
    feed(framer, packets([XID, await payloadOf(SMALL, { checksum: true }), XID]), size);
    await settled(heard, () => heard.log.length === 4);
    expect(heard.inner).toEqual(shown(SMALL));
    expect(heard.log).toEqual(['event 16', 'begins 40 whole', 'verified', 'event 16']);
  });

  it.each([1, 7, 1000, 4_095, 65_536, 1 << 24])('that are large are read as they come, in chunks of %i bytes, their last event after the checksum', async (size) => {
    const events = size === 1 ? [...LARGE.slice(0, 6), XID] : LARGE;
    const payload = await payloadOf(events, { checksum: true });
    expect(payload.length).toBeGreaterThan(66_536);
    const { framer, heard } = listen({ checksum: true, answer: ({ log }) => void log.push('event') });
    feed(framer, packets([payload, XID]), size);
    await settled(heard, () => heard.log.includes('event 16'));
    expect(heard.inner).toEqual(shown(events));
    expect(heard.log.filter((line) => line !== 'event')).toEqual(['begins 40 in parts', 'verified', 'event 16']);
    expect(heard.log.slice(-3)).toEqual(['verified', 'event', 'event 16']);
  });

  it.each([1, 3, 19, 22])('of level %i', async (level) => {
    const { framer, heard } = listen();
    feed(framer, packets([await payloadOf(LARGE, { level })]), 65_536);
    await settled(heard, () => heard.inner.length === LARGE.length);
    expect(heard.inner).toEqual(shown(LARGE));
  });

  it('that are not compressed at all', async () => {
    const whole = Buffer.concat(SMALL);
    const { framer, heard } = listen();
    feed(framer, packets([payloadEvent(whole, { uncompressed: whole.length, compression: 255 })]), 100);
    await settled(heard, () => heard.inner.length === SMALL.length);
    expect(heard.inner).toEqual(shown(SMALL));
  });

  it('wait in the middle for whoever takes an event, and for a pause', async () => {
    const release: (() => void)[] = [];
    const { framer, heard } = listen({ answer: ({ inner }) => (inner.length === 3 ? new Promise<void>((resolve) => release.push(resolve)) : undefined) });
    feed(framer, packets([await payloadOf(LARGE), XID]), 65_536);
    expect([heard.inner.length, framer.held]).toEqual([3, true]);
    framer.hold();
    release.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.inner.length).toBe(3);
    framer.release();
    await settled(heard, () => heard.log.includes('event 16'));
    expect(heard.inner).toEqual(shown(LARGE));
  });

  it('stop at each event that brings a pause', async () => {
    const { framer, heard } = listen({ answer: () => framer.hold() });
    feed(framer, packets([await payloadOf(SMALL)]), 65_536);
    for (let i = 1; i <= SMALL.length; i++) {
      expect(heard.inner.length).toBe(i);
      framer.release();
    }
    expect(heard.inner).toEqual(shown(SMALL));
  });

  it('hand over nothing more once they are dropped', async () => {
    const { framer, heard } = listen({ answer: ({ inner }) => { if (inner.length === 2) framer.stop(); } });
    feed(framer, packets([await payloadOf(LARGE)]), 65_536);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.inner.length).toBe(2);
  });
});

describe('events inside that are too large', () => {
  const wide = (id: number): Buffer => writeRowsEvent(id, numbers(20_000));

  it('are passed over where no route takes their table', async () => {
    const events = [queryEvent('BEGIN'), wide(2), writeRowsEvent(1, [1]), XID];
    const { framer, heard } = listen();
    feed(framer, packets([await payloadOf(events)]), 65_536);
    await settled(heard, () => heard.inner.length === 4);
    expect(heard.inner.map((line) => line.split(':').slice(1, 2).join())).toEqual(['2', 'passed 30', '30', '16']);
  });

  it('are refused of a captured table', async () => {
    const { framer, heard } = listen();
    feed(framer, packets([await payloadOf([queryEvent('BEGIN'), wide(1), XID])]), 65_536);
    await settled(heard, () => false);
    expect(heard.log.at(-1)).toContain('ROW_TOO_LARGE a rows event of fix.t at bin.000001:4 has 100031 bytes');
  });
});

const LIMIT = 64 << 20;

describe('damaged compressed transactions', () => {
  it.each([
    ['an unknown compression', payloadEvent(Buffer.alloc(30), { uncompressed: 50, compression: 7 }), 'EVENT_UNSUPPORTED a transaction is compressed by method 7'],
    ['no zstd', payloadEvent(Buffer.alloc(30, 1), { uncompressed: 50 }), 'EVENT_CORRUPT a compressed transaction cannot be decompressed: it is no frame'],
    ['nothing', payloadEvent(Buffer.alloc(0), { uncompressed: 50 }), 'EVENT_CORRUPT a compressed transaction is empty'],
    ['a size beyond its end', payloadEvent(Buffer.from('28b52ffd60', 'hex'), { uncompressed: 50, size: 5000 }), 'EVENT_CORRUPT a compressed transaction cannot be read: it is cut off'],
    ['fields without end', makeEvent({ type: 40, body: Buffer.alloc(400, 9) }), 'EVENT_CORRUPT the fields of a compressed transaction have no end'],
    ['a window of 2 GiB', payloadEvent(Buffer.from('28b52ffd00a8010000', 'hex'), { uncompressed: 50 }), 'EVENT_CORRUPT a compressed transaction cannot be decompressed: a window of 2147483648 bytes'],
  ])('%s', (_, event, message) => {
    const { framer, heard } = listen();
    feed(framer, packets([event]), 10);
    expect(heard.log.at(-1)).toContain(message);
    expect(heard.inner).toEqual([]);
  });

  it.each([1, 1_000_000])('that say %i bytes more than they hold', async (more) => {
    const whole = Buffer.concat(SMALL);
    const { framer, heard } = listen();
    feed(framer, packets([payloadEvent(await compress(whole), { uncompressed: whole.length + more })]), 50);
    await settled(heard, () => false);
    expect(heard.log.at(-1)).toContain('EVENT_CORRUPT');
  });

  it.each([1, 27, 200])('that say %i bytes less than they hold', async (less) => {
    const whole = Buffer.concat(SMALL);
    const { framer, heard } = listen();
    feed(framer, packets([payloadEvent(await compress(whole), { uncompressed: whole.length - less })]), 50);
    await settled(heard, () => false);
    expect(heard.log.at(-1)).toContain('EVENT_CORRUPT');
    expect(heard.inner.some((line) => line.endsWith('!'))).toBe(false);
  });

  it('a bomb that says its 10 GB, in which no buffer grows', async () => {
    // 80,000 blocks of one repeated byte, 128 KiB each, in 312 KiB.
    const head = Buffer.from('28b52ffd0038', 'hex');
    const block = Buffer.from([(1 << 1) | ((131072 & 0x1f) << 3), (131072 >> 5) & 0xff, 131072 >> 13, 0xff]);
    const bomb = Buffer.concat([head, ...Array.from({ length: 80_000 }, () => block)]);
    const { framer, heard } = listen();
    feed(framer, packets([payloadEvent(bomb, { uncompressed: 80_000 * 131072 })]), 65_536);
    await settled(heard, () => false);
    expect(heard.log.at(-1)).toMatch(/^(?:EVENT_CORRUPT|ROW_TOO_LARGE)/u);
    expect(heard.largest).toBe(0);
  });

  it('a bomb of one event that is passed over: hundreds of megabytes go by while nothing is held', async () => {
    const event = writeRowsEvent(2, []);
    const blocks = 2_000;
    const total = blocks * 131072;
    event.writeUInt32LE(total, 9);
    const raw = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(bytes.length & 0x1f) << 3, (bytes.length >> 5) & 0xff, bytes.length >> 13]), bytes]);
    const repeated = (length: number): Buffer => Buffer.from([(1 << 1) | ((length & 0x1f) << 3), (length >> 5) & 0xff, length >> 13, 7]);
    const last = raw(XID);
    last[0] = (last[0] ?? 0) | 1;
    const frame = Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), raw(event), repeated(131072 - event.length), ...Array.from({ length: blocks - 1 }, () => repeated(131072)), last]);
    const { framer, heard } = listen();
    const held = heldBuffers(LIMIT);
    let peak = 0;
    feed(framer, packets([payloadEvent(frame, { uncompressed: total + XID.length })]), 4_096);
    await settled(heard, () => {
      peak = Math.max(peak, held());
      return heard.inner.length === 2;
    });
    expect(heard.inner).toEqual(['0:passed 30', `${total}:16:${crc32(XID).toString(16)}!`]);
    expect(peak).toBeLessThan(LIMIT);
  });

  it.each([['whole', 1 << 24], ['in parts', 4_096]] as const)('with any bit flipped, read %s: never the last event, and never a hang', async (_, size) => {
    const events = LARGE.slice(0, 8).concat(XID);
    const sound = await payloadOf(events, { checksum: true });
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(sound);
      const at = 19 + ((Math.imul(round, 7919) + round * 1013) % (bytes.length - 19));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (round & 7));
      const { framer, heard } = listen({ checksum: true, rowLimit: size === 4_096 ? 1_000 : 1 << 20 });
      feed(framer, packets([bytes]), size);
      await settled(heard, () => false);
      if (size !== 4_096) expect(heard.inner).toEqual([]);
      expect([heard.log.at(-1)?.split(' ')[0], heard.inner.some((line) => line.endsWith('!'))], `byte ${at}`).toEqual([expect.stringMatching(/^(?:EVENT_CORRUPT|EVENT_UNSUPPORTED|ROW_TOO_LARGE)$/u), false]);
    }
  });
});
