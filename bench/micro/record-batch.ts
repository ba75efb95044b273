/**
 * Nanoseconds of processor time a record for framing it in a batch, and for the header and CRC of the batch when it is
 * closed, for values of some sizes. Run by `npx tsx bench/micro/record-batch.ts [seconds a size]`.
 */
import { ByteWriter } from '../../src/core/byte-writer.ts';
import { RecordWriter, sealBatch } from '../../src/sink/kafka/record-batch.ts';
import { nanoseconds } from './rounds.ts';

const SECONDS = Number(process.argv[2] ?? 1);
const BATCH_BYTES = 1 << 20;
const SIZES = [100, 700, 4_000];
const SENDER = { id: 7n, epoch: 0, sequence: 0 };

const key = new ByteWriter(64);
key.latin1('{"id":1234567}');
const batch = Buffer.alloc(BATCH_BYTES);
const writer = new RecordWriter();

/** Fills a batch and closes it; the answer is how many records it holds. */
function fill(value: Buffer): number {
  writer.reset(batch);
  for (;;) {
    writer.begin(key).raw(value);
    writer.end([]);
    if (writer.out.overflowed) break;
    writer.keep();
  }
  sealBatch(batch.subarray(0, writer.start), { codec: 0, count: writer.count, timestamp: 1_795_447_511_592 }, SENDER);
  return writer.count;
}

for (const size of SIZES) {
  const value = Buffer.alloc(size, 'x');
  const { least, rounds } = nanoseconds(SECONDS, () => fill(value));
  console.log(`${String(size)} bytes: ${least} ns a record (${rounds})`);
}
