import type { Cluster } from './cluster.ts';
import type { BrokerConnection } from './connection.ts';
import { decompressRecords } from './compress.ts';
import { brokerError, connectionError } from './failures.ts';
import type { Compression } from './options.ts';
import { fetchRequest, LOG_END, LOG_START, listOffsetsRequest, readFetch, readListOffsets, type EndKind, type Fetched } from './protocol/fetch.ts';
import { LEADER_NOT_AVAILABLE, NO_ERROR, UNKNOWN_TOPIC } from './protocol/error-codes.ts';
import type { TopicPartition } from './protocol/transactions.ts';
import { BATCH_HEADER, CODECS, CONTROL, readRecords, TRANSACTIONAL, type RawRecord } from './record-batch.ts';

/** Offsets before the end that are looked at first; then ten times as many, and so on. */
const FIRST_LOOK = 1_000n;
const FETCH_BYTES = 4 * 1024 * 1024;

/** What was found of a key. */
export interface KeptRecord {
  /** Null: it was taken away. */
  readonly value: Buffer | null;
  readonly offset: bigint;
}

/** Records to read, from the first offset on and before the second. */
interface Range {
  readonly from: bigint;
  readonly end: bigint;
  /** And what comes after it of transactions that began before. @default false */
  readonly whole?: boolean;
}

/**
 * The newest committed record of each of these keys up to the end of the partition as it is now. Transactions that are open
 * at that end are waited for. It looks from the end backwards, in growing steps, until each key is found.
 * @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED
 */
export async function newestCommitted(cluster: Cluster, at: TopicPartition, keys: readonly string[]): Promise<Map<string, KeptRecord>> {
  const leader = await leaderOf(cluster, at);
  const end = await offsetOf(leader, at, LOG_END);
  const start = await offsetOf(leader, at, LOG_START);
  for (let look = FIRST_LOOK; ; look *= 10n) {
    const from = end - look > start ? end - look : start;
    const found = new Map<string, KeptRecord>();
    await read(leader, at, { from, end }, (key, record) => { if (keys.includes(key)) found.set(key, record); });
    if (from === start || keys.every((key) => found.has(key))) return found;
  }
}

/**
 * All committed records up to the end of the partition as it is now, oldest first, with those that later ones of their key
 * replace. Transactions that lie across that end are read whole, those that are open are waited for.
 * @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED
 */
export async function allCommitted(cluster: Cluster, at: TopicPartition, take: (key: string, record: KeptRecord) => void): Promise<void> {
  const leader = await leaderOf(cluster, at);
  const end = await offsetOf(leader, at, LOG_END);
  await read(leader, at, { from: await offsetOf(leader, at, LOG_START), end, whole: true }, take);
}

/** The opened connection to the leader of a partition. @throws RowcastError SINK_* */
export async function leaderOf(cluster: Cluster, { topic, partition }: TopicPartition): Promise<BrokerConnection> {
  const found = (await cluster.topic(topic))?.partitions.find(({ index }) => index === partition);
  const leader = found === undefined ? null : cluster.node(found.leader);
  if (leader === null) throw brokerError(`Topic ${topic}, partition ${String(partition)}`, found === undefined ? UNKNOWN_TOPIC : LEADER_NOT_AVAILABLE, null);
  await reached(leader, leader.open());
  return leader;
}

/** An end of a partition: `LOG_START` or `LOG_END`. @throws RowcastError SINK_* */
export async function offsetOf(leader: BrokerConnection, at: TopicPartition, time: bigint, end: EndKind = 'high'): Promise<bigint> {
  const { error, offset } = await reached(leader, leader.send(listOffsetsRequest(at, time, end), readListOffsets));
  if (error !== NO_ERROR) throw brokerError(`The end of topic ${at.topic}`, error, null);
  return offset;
}

function reached<T>(leader: BrokerConnection, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => { throw connectionError(`Broker ${leader.address}`, cause); });
}

async function read(leader: BrokerConnection, at: TopicPartition, { from, end, whole = false }: Range, take: (key: string, record: KeptRecord) => void): Promise<void> {
  const open = new Set<bigint>();
  for (let offset = from; offset < end || (whole && open.size > 0); ) {
    const fetched = await fetchCommitted(leader, at, offset, open);
    for (const { key, value, at: place } of fetched.records) {
      if (whole || place < end) take(key?.toString() ?? '', { value, offset: place });
    }
    offset = fetched.next;
  }
}

/** A record with its offset and the time of its batch, in milliseconds since 1970. */
export type CommittedRecord = RawRecord & { readonly at: bigint; readonly time: number };

/** Committed records from an offset on, some megabytes at most and perhaps none, and the offset after them. `open` is kept as `committed` does. @throws RowcastError SINK_* */
export async function fetchCommitted(leader: BrokerConnection, at: TopicPartition, from: bigint, open = new Set<bigint>()): Promise<{ readonly records: readonly CommittedRecord[]; readonly next: bigint }> {
  const fetched = await reached(leader, leader.send(fetchRequest(at, from, FETCH_BYTES), readFetch));
  if (fetched.error !== NO_ERROR) throw brokerError(`Topic ${at.topic} cannot be read`, fetched.error, null);
  const records: CommittedRecord[] = [];
  for await (const record of committed(fetched, open)) if (record.at >= from) records.push(record);
  return { records, next: after(fetched.records, from) };
}

/** The offset after the last whole batch. */
function after(records: Buffer, offset: bigint): bigint {
  let next = offset;
  for (const batch of batches(records)) next = batch.readBigInt64BE(0) + BigInt(batch.readInt32BE(23)) + 1n;
  return next;
}

function* batches(records: Buffer): Generator<Buffer> {
  for (let at = 0; at + BATCH_HEADER <= records.length; ) {
    const end = at + 12 + records.readInt32BE(at + 8);
    if (end > records.length) return;
    yield records.subarray(at, end);
    at = end;
  }
}

/** The records of committed transactions, and of none. `open` keeps the producers whose transactions have not shown their end yet. */
async function* committed({ records, aborted }: Fetched, open: Set<bigint>): AsyncGenerator<CommittedRecord> {
  const waiting = [...aborted].sort((a, b) => (a.first < b.first ? -1 : 1));
  const undone = new Set<bigint>();
  for (const batch of batches(records)) {
    const base = batch.readBigInt64BE(0);
    while (waiting[0] !== undefined && waiting[0].first <= base) undone.add(waiting.shift()?.producer ?? 0n);
    const attributes = batch.readInt16BE(21);
    const producer = batch.readBigInt64BE(43);
    const time = Number(batch.readBigInt64BE(27));
    if ((attributes & CONTROL) !== 0) {
      undone.delete(producer);
      open.delete(producer);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0) open.add(producer);
    if ((attributes & TRANSACTIONAL) === 0 || !undone.has(producer)) {
      for (const record of readRecords(await plain(batch, attributes))) yield { ...record, at: base + BigInt(record.delta), time };
    }
  }
}

async function plain(batch: Buffer, attributes: number): Promise<Buffer> {
  const codec = NAMES.get(attributes & CODEC_BITS) ?? 'none';
  if (codec === 'none') return batch;
  return Buffer.concat([batch.subarray(0, BATCH_HEADER), await decompressRecords(codec, batch.subarray(BATCH_HEADER))]);
}

const CODEC_BITS = 0x07;
const NAMES: ReadonlyMap<number, Compression> = new Map(Object.entries(CODECS).map(([name, bits]) => [bits, name as Compression]));
