/**
 * Nanoseconds of processor time a record for framing it in a batch, and for the header and CRC of the batch when it is
 * closed, for values of some sizes. Run by `npx tsx bench/micro/record-batch.ts [seconds a size]`.
 */
import { ByteWriter } from '../../src/core/byte-writer.ts';
import { RecordWriter, sealBatch } from '../../src/sink/kafka/record-batch.ts';

const SECONDS = Number(process.argv[2] ?? 1);
const ROUNDS = 5;
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

function round(value: Buffer): number {
  const limit = (SECONDS / ROUNDS) * 1e6;
  const started = process.cpuUsage();
  let records = 0;
  for (;;) {
    records += fill(value);
    const { user, system } = process.cpuUsage(started);
    if (user + system >= limit) return ((user + system) * 1000) / records;
  }
}

for (const size of SIZES) {
  const value = Buffer.alloc(size, 'x');
  const rounds = Array.from({ length: ROUNDS }, () => round(value));
  console.log(`${String(size)} bytes: ${Math.min(...rounds).toFixed(0)} ns a record (rounds ${rounds.map((each) => each.toFixed(0)).join(', ')})`);
}
