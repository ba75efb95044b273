import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import { loneSize, readRecords, RecordWriter, sealBatch } from '../../../../src/sink/kafka/record-batch.ts';

function key(text: string): ByteWriter {
  const writer = new ByteWriter(64);
  writer.utf8(text);
  return writer;
}

function put(writer: RecordWriter, name: string | null, value: string): void {
  writer.begin(name === null ? null : key(name)).utf8(value);
  writer.end([]);
  writer.keep();
}

describe('RecordWriter', () => {
  it('writes a record as the guide lays it out', () => {
    const writer = new RecordWriter();
    writer.reset(Buffer.alloc(1024));
    put(writer, 'k', 'vv');
    expect(writer.out.view().subarray(61).toString('hex')).toBe('12' + '00' + '00' + '00' + '02' + '6b' + '04' + '7676' + '00');
  });

  it('writes null keys, null values and headers', () => {
    const writer = new RecordWriter();
    writer.reset(Buffer.alloc(1024));
    put(writer, null, 'v');
    writer.begin(key('k'));
    writer.endNull([{ name: 'h', value: Buffer.from([9]) }]);
    expect(writer.out.view().subarray(61).toString('hex')).toBe('0e0000000102' + '7600' + '16000002' + '026b' + '01' + '02' + '0268' + '0209');
  });

  it.each([0, 1, 50, 63, 64, 100, 8191, 8192, 8200, 100_000, 1_048_576, 1_100_000])('keeps lengths canonical around %i bytes', (size) => {
    const writer = new RecordWriter();
    writer.reset(Buffer.alloc(size * 2 + 4096));
    put(writer, 'a', 'x'.repeat(size));
    put(writer, 'b', 'y');
    put(writer, null, 'z'.repeat(size));
    const records = readRecords(Buffer.from(writer.out.view()));
    expect(records.map((one) => [one.key?.toString() ?? null, one.value?.length])).toEqual([['a', size], ['b', 1], [null, size]]);
    expect(records[2]?.value?.toString()).toBe('z'.repeat(size));
    const again = new RecordWriter();
    again.reset(Buffer.alloc(size + 4096));
    put(again, 'b', 'y');
    expect(again.out.at - 61).toBe(9);
  });

  it('tells the exact size of a record that did not fit, and writes the same once there is room', () => {
    const small = new RecordWriter();
    small.reset(Buffer.alloc(100));
    put(small, 'key', 'v'.repeat(300));
    const large = new RecordWriter();
    large.reset(Buffer.alloc(1000));
    put(large, 'key', 'v'.repeat(300));
    expect([small.out.at, small.out.overflowed, large.out.overflowed]).toEqual([373, true, false]);
    expect(large.out.at).toBe(373);
  });
});

describe('loneSize', () => {
  it('is what the first record of a batch takes, with the header of the batch', () => {
    const header = { name: 'né', value: Buffer.from('x'.repeat(70)) };
    for (const keyBytes of [-1, 0, 1, 63, 64, 9000]) {
      for (const valueBytes of [0, 1, 50, 63, 64, 8190, 8191, 8192, 70_000]) {
        for (const headers of [[], [header], [header, header]]) {
          const key = new ByteWriter(Math.max(1, keyBytes));
          key.latin1('k'.repeat(Math.max(0, keyBytes)));
          const writer = new RecordWriter();
          writer.reset(Buffer.alloc(100_000));
          writer.begin(keyBytes < 0 ? null : key).latin1('v'.repeat(valueBytes));
          writer.end(headers);
          expect(loneSize(keyBytes, valueBytes, headers)).toBe(writer.out.at);
        }
      }
    }
  });
});

describe('sealBatch', () => {
  it('fills the header and the CRC', () => {
    const writer = new RecordWriter();
    writer.reset(Buffer.alloc(1024));
    put(writer, 'k', 'vv');
    const batch = Buffer.from(writer.out.view());
    sealBatch(batch, { codec: 0, count: 1, timestamp: 1_600_000_000_000 }, { id: 7n, epoch: 1, sequence: 5 });
    expect(batch.subarray(0, 17).toString('hex')).toBe('0000000000000000' + '0000003b' + 'ffffffff' + '02');
    expect(batch.subarray(21, 61).toString('hex')).toBe('0000' + '00000000' + '00000174876e8000'.repeat(2) + '0000000000000007' + '0001' + '00000005' + '00000001');
  });
});
