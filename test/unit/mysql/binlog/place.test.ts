import { describe, expect, it } from 'vitest';
import { Place } from '../../../../src/mysql/binlog/place.ts';
import { descriptionEvent, makeEvent, queryEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';

const ARTIFICIAL = 0x20;

function advanced(from: number, size: number, told: number, flags = 0): [start: number, position: number] {
  const place = new Place('binlog.000001', from);
  place.advance(size, told, flags);
  return [place.start, place.position];
}

describe('the offset in a file', () => {
  it('follows the headers', () => {
    expect(advanced(100, 50, 150)).toEqual([100, 150]);
  });

  it('is counted where the server tells none', () => {
    expect(advanced(100, 50, 0)).toEqual([100, 150]);
    expect(advanced(2 ** 32 - 10, 50, 0)).toEqual([4294967286, 4294967336]);
  });

  it('takes what the server says where events were left out', () => {
    expect(advanced(100, 50, 1000)).toEqual([950, 1000]);
    expect(advanced(4_294_967_000, 50, 54)).toEqual([4294967300, 4294967350]);
  });

  it('goes on beyond 4 GiB, where headers begin anew', () => {
    expect(advanced(4_294_967_290, 100, 94)).toEqual([4294967290, 4294967390]);
    expect(advanced(4_294_967_390, 10, 104)).toEqual([4294967390, 4294967400]);
    expect(advanced(8_589_934_590, 10, 8)).toEqual([8589934590, 8589934600]);
  });

  it('stands still at events that are not in the file', () => {
    expect(advanced(100, 50, 40, ARTIFICIAL)).toEqual([100, 100]);
  });

  it('a little before what was counted is no turn of 4 GiB', () => {
    expect(advanced(5_000_000_000, 100, 705_032_794)).toEqual([4999999990, 5000000090]);
    expect(advanced(100, 50, 140)).toEqual([90, 140]);
  });
});

describe('rows beyond 4 GiB', () => {
  it('have their place, and so has the commit', () => {
    const run = record({ start: { file: 'binlog.000001', position: 4_294_967_250, gtid: null, serverUuid: null } });
    let at = 4_294_967_250;
    const send = (bytes: Buffer): void => {
      at += bytes.length;
      bytes.writeUInt32LE(at % 2 ** 32, 13);
      void run.decoder.event(bytes, 0, bytes.length);
    };
    const description = descriptionEvent();
    void run.decoder.event(description, 0, description.length);
    [queryEvent('BEGIN'), tableMapEvent(1), writeRowsEvent(1, [1]), makeEvent({ type: 16, body: Buffer.alloc(8) })].forEach(send);
    expect(run.calls).toEqual(['table t', 'begin binlog.000001:4294967250', 'insert t at 4294967335: [1]', 'commit binlog.000001:4294967398']);
    expect(run.decoder.position().state).toEqual({ flavor: 'mysql', serverUuid: null, gtid: null, file: 'binlog.000001', position: 4294967398, created: 1, anonymous: true });
  });
});
