import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { readGtid } from '../../../../src/mysql/binlog/gtid.ts';
import { GtidReader } from '../../../../src/mysql/binlog/gtid-reader.ts';
import { readGtidList } from '../../../../src/mysql/binlog/gtid-list.ts';
import { readPreviousGtids } from '../../../../src/mysql/binlog/previous-gtids.ts';
import { readTaggedGtid } from '../../../../src/mysql/binlog/tagged-gtid.ts';
import { descriptionEvent, makeEvent, record } from './support.ts';

const SID = '423389e4e78211f1a92002fc00000001';

function body(hex: string): Cursor {
  const bytes = Buffer.from(hex.replace(/\s/gu, ''), 'hex');
  return new Cursor(bytes, 0, bytes.length);
}

describe('GTID events', () => {
  it('of MySQL 5.6 tell source and number', () => {
    expect(readGtid(body(`01 ${SID} 0a00000000000000`), false)).toEqual({ sid: Buffer.from(SID, 'hex'), tag: '', gno: 10, committedMicros: 0, immediateMicros: 0 });
  });

  it('of MySQL 5.7 have logical timestamps and no time', () => {
    expect(readGtid(body(`01 ${SID} 0a00000000000000 02 0900000000000000 0a00000000000000`), false).committedMicros).toBe(0);
  });

  it('of MySQL 8 tell when they were committed', () => {
    const times = (micros: string): string => `01 ${SID} 0a00000000000000 02 0900000000000000 0a00000000000000 ${micros} fc2d 00 ea3801 00`;
    expect(readGtid(body(times('15f20505f86006')), false).committedMicros).toBe(1795468212695573);
  });

  it('tell when the original was committed where that was another time', () => {
    const event = `01 ${SID} 0a00000000000000 02 0900000000000000 0a00000000000000 15f2 3cac ff60 86 0102 0304 0506 07`;
    expect(readGtid(body(event), false)).toMatchObject({ committedMicros: 0x07060504030201, immediateMicros: 0x0660ffac3cf215 });
  });

  it('without a GTID have neither source nor number', () => {
    expect(readGtid(body(`00 ${'00'.repeat(16)} ffffffffffffffff`), true)).toEqual({ sid: null, tag: '', gno: 0, committedMicros: 0, immediateMicros: 0 });
  });

  it('with a number beyond 2^53 are refused', () => {
    expect(() => readGtid(body(`00 ${SID} 0000000000002000`), false)).toThrow('a number is larger than any that makes sense there');
  });

  it('that are cut short are refused', () => {
    expect(() => readGtid(body(`01 ${SID} 0a000000000000`), false)).toThrow('a field runs past the end of the event');
    expect(() => readGtid(body(`01 ${SID} 0a00000000000000 02 0900000000000000 0a00000000000000 15f2 3cac ff60 86 0102 0304`), false)).toThrow('a field runs past the end of the event');
  });

  it('of one stream share the text of their source as long as it is the same, and leave nothing of one event to the next', () => {
    const reader = new GtidReader();
    const other = SID.replace('42', '43');
    const told = `${SID} 0a00000000000000 02 0900000000000000 0a00000000000000 15f20505f86006`;
    const read = (hex: string, anonymous = false): unknown => [reader.read(body(hex), anonymous), reader.committedMicros];
    const uuid = '423389e4-e782-11f1-a920-02fc00000001';
    expect(read(`01 ${told}`)).toEqual([{ source: uuid, separator: ':', number: 10 }, 1795468212695573]);
    expect(read(`01 ${SID} 0b00000000000000`)).toEqual([{ source: uuid, separator: ':', number: 11 }, 0]);
    expect(read(`01 ${other} 0b00000000000000`)).toEqual([{ source: uuid.replace('42', '43'), separator: ':', number: 11 }, 0]);
    expect(read(`01 ${told}`, true)).toEqual([null, 1795468212695573]);
    expect(read(`01 ${SID} 0c00000000000000`)).toEqual([{ source: uuid, separator: ':', number: 12 }, 0]);
  });

  it('with a tag of an unknown form are refused', () => {
    expect(() => readTaggedGtid(body('04 10 02'))).toThrow('a tagged GTID event of serialization version 2');
    expect(() => readTaggedGtid(body('02 10 02'))).toThrow('a tagged GTID event without a transaction number');
  });
});

describe('what was executed before a file', () => {
  it('is empty on a new server', () => {
    expect(readPreviousGtids(body('0000000000000000'))).toBe('');
    expect(readPreviousGtids(body('0100000000000001'))).toBe('');
  });

  it('is a set of intervals, whose ends are not part of them', () => {
    expect(readPreviousGtids(body(`0100000000000000 ${SID} 0200000000000000 0100000000000000 0600000000000000 0800000000000000 0900000000000000`))).toBe(
      '423389e4-e782-11f1-a920-02fc00000001:1-5:8',
    );
  });

  it('may have tags', () => {
    const interval = '0100000000000000 0100000000000000 0400000000000000';
    expect(readPreviousGtids(body(`01 020000000000 01 ${SID} 00 ${interval} ${SID} 08 626c7565 ${interval}`))).toBe(
      '423389e4-e782-11f1-a920-02fc00000001:1-3,423389e4-e782-11f1-a920-02fc00000001:blue:1-3',
    );
  });

  it('is a list of the last of each domain in MariaDB', () => {
    expect(readGtidList(body('02000010 00000000 01000000 0500000000000000 01000000 07000000 ffffffffffffffff'))).toBe('0-1-5,1-7-18446744073709551615');
  });

  it.each(['0200000000000000', '01', `0100000000000000 ${SID} ff00000000000000`])('%s is cut off', (hex) => {
    expect(() => readPreviousGtids(body(hex))).toThrow('a field runs past the end of the event');
  });
});

describe('a damaged list of what was executed', () => {
  it('ends the stream as damage, not as a wrong configuration', () => {
    const run = record();
    const bytes = makeEvent({ type: 35, body: Buffer.from(`0100000000000000${SID}010000000000000005000000000000000500000000000000`, 'hex') });
    const description = descriptionEvent();
    void run.decoder.event(description, 0, description.length);
    expect(() => void run.decoder.event(bytes, 0, bytes.length)).toThrow('the GTIDs executed before the file are not a GTID set: 423389e4-e782-11f1-a920-02fc00000001:5-4');
  });
});
