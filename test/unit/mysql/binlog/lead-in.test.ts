import { describe, expect, it } from 'vitest';
import type { DecoderStart } from '../../../../src/mysql/binlog/options.ts';
import { codeOf, descriptionEvent, makeEvent, queryEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';
import type { Recording } from './support.ts';

const GIB = 2 ** 30;

/** A begin, a row and an end. */
const transaction = (value: number): Buffer[] => [queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [value]), makeEvent({ type: 16, body: Buffer.alloc(8) })];

function gtidEvent(number: number): Buffer {
  const body = Buffer.alloc(25);
  body.fill(0xab, 1, 17);
  body.writeBigUInt64LE(BigInt(number), 17);
  return makeEvent({ type: 33, body });
}

/** Hands events in as a file from `at` on has them; the answer is the offset after the last one. */
function send(run: Recording, at: number, events: readonly Buffer[]): number {
  let position = at;
  for (const bytes of events) {
    position += bytes.length;
    bytes.writeUInt32LE(position % 2 ** 32, 13);
    void run.decoder.event(bytes, 0, bytes.length);
  }
  return position;
}

function rotate(file: string, position: number, flags: number): Buffer {
  const body = Buffer.alloc(8 + file.length);
  body.writeBigUInt64LE(BigInt(position), 0);
  body.write(file, 8);
  return makeEvent({ type: 4, body, flags, timestamp: flags === 0 ? 1 : 0 });
}

const start = (changes: Partial<DecoderStart>): DecoderStart => ({ file: 'binlog.000001', position: 4, gtid: null, serverUuid: 'one', ...changes });

describe('a stream from the beginning of the file of its place', () => {
  const first = [descriptionEvent(), ...transaction(1)];
  const place = 4 + first.reduce((sum, event) => sum + event.length, 0);

  it('tells nothing of what lies before the place, and all after it', () => {
    const run = record({ start: start({ position: place, lead: 'sent' }) });
    send(run, 4, [...first, ...transaction(2)]);
    expect(run.calls).toEqual(['table t', `begin binlog.000001:${place}`, expect.stringMatching(/: \[2\]$/), expect.stringMatching(/^commit /)]);
  });

  it('needs no table of what lies before it, so that rows of any size go by', () => {
    const run = record({ start: start({ position: place, lead: 'sent' }) });
    send(run, 4, [descriptionEvent()]);
    expect(run.decoder.table(99)).toMatchObject({ captured: false });
    const head = writeRowsEvent(99, [5]);
    run.decoder.passed(head, 0, 0);
    expect(run.calls).toEqual([]);
  });

  it('passes statements there that would stop it otherwise', () => {
    const before = [descriptionEvent(), queryEvent('insert into t values (1)', 'fix'), makeEvent({ type: 26 })];
    const at = 4 + before.reduce((sum, event) => sum + event.length, 0);
    const run = record({ start: start({ position: at, lead: 'sent' }) });
    send(run, 4, [...before, ...transaction(2)]);
    expect(run.calls).toHaveLength(4);
  });

  it('refuses a place inside an event, and one that the file does not reach', async () => {
    const inside = record({ start: start({ position: place - 3, lead: 'sent' }) });
    expect(await codeOf(() => send(inside, 4, [...first, ...transaction(2)]))).toBe('SOURCE_RESET');
    const short = record({ start: start({ position: place + 1000, lead: 'sent' }) });
    expect(await codeOf(() => send(short, 4, [...first, rotate('binlog.000002', 4, 0)]))).toBe('SOURCE_RESET');
  });

  it('is in the next file when the place is the end of its own', () => {
    const run = record({ start: start({ position: place, lead: 'sent' }) });
    send(run, 4, first);
    send(run, place, [rotate('binlog.000002', 4, 0)]);
    send(run, 4, [descriptionEvent(), ...transaction(3)]);
    expect(run.calls.at(-1)).toMatch(/^commit binlog\.000002:/);
    expect(run.calls.filter((call) => call.startsWith('insert'))).toHaveLength(1);
  });
});

describe('a stream by GTIDs', () => {
  const gtid = 'abababab-abab-abab-abab-abababababab:1-6';

  it('keeps its 64 bits where transactions were left out before it', () => {
    const run = record({ start: start({ position: 5 * GIB, gtid, lead: 'left-out' }) });
    const after = send(run, 4, [rotate('binlog.000001', 4, 0x20), descriptionEvent()]);
    expect(after).toBeLessThan(GIB);
    const end = send(run, 5 * GIB + 10_000, [gtidEvent(7), ...transaction(1)]);
    expect(end).toBeGreaterThan(5 * GIB);
    expect(run.decoder.position().label).toBe(`binlog.000001:${end} (${gtid.replace('1-6', '1-7')})`);
  });

  it('of another server keeps the place of the first one until something is committed', () => {
    const run = record({ start: start({ position: 5 * GIB, gtid, reads: 'two', lead: 'left-out', created: 77 }) });
    send(run, 4, [rotate('binlog.000001', 4, 0x20), descriptionEvent()]);
    expect(run.decoder.position().state).toMatchObject({ serverUuid: 'one', file: 'binlog.000001', position: 5 * GIB, created: 77 });
    expect(run.decoder.placed).toBe(false);
    const end = send(run, 500, [gtidEvent(7), ...transaction(1)]);
    expect(run.decoder.position().state).toMatchObject({ serverUuid: 'two', file: 'binlog.000001', position: end, created: 1 });
    expect(run.decoder.placed).toBe(true);
  });

  it('begins without a file, and has one from the first transaction on', () => {
    const run = record({ start: start({ file: '', gtid, reads: 'one', lead: 'left-out' }) });
    send(run, 4, [rotate('binlog.000003', 4, 0x20), descriptionEvent()]);
    expect(run.decoder.position().label).toBe(gtid);
    send(run, 200, [gtidEvent(7), ...transaction(1)]);
    expect(run.decoder.position().label).toMatch(/^binlog\.000003:\d+ \(.*:1-7\)$/);
  });
});

describe('the text of a statement that is too large', () => {
  it('goes by, and counts', () => {
    const run = record({ start: start({}), flavor: 'mariadb' });
    const at = send(run, 4, [descriptionEvent()]);
    const text = makeEvent({ type: 160, body: Buffer.alloc(100) });
    run.decoder.passed(text, 0, 0);
    expect(run.calls).toEqual([]);
    expect(run.decoder.next()).toEqual({ file: 'binlog.000001', position: at + text.length });
  });
});

describe('a position', () => {
  it('tells whether its last transaction had a GTID, and of which file of that name it is', () => {
    const run = record({ start: start({ gtid: '' }) });
    send(run, 4, [descriptionEvent(), gtidEvent(1), ...transaction(1)]);
    expect(run.decoder.position().state).toMatchObject({ anonymous: false, created: 1 });
    send(run, 400, [makeEvent({ type: 34, body: Buffer.alloc(25) }), ...transaction(2)]);
    expect(run.decoder.position().state).toMatchObject({ anonymous: true });
    send(run, 800, [rotate('binlog.000002', 4, 0)]);
    expect(run.decoder.position().state).toMatchObject({ anonymous: true, file: 'binlog.000002', created: null });
    send(run, 4, [descriptionEvent()]);
    expect(run.decoder.position().state).toMatchObject({ created: 1 });
  });
});
