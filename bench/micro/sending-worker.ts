/**
 * What a thread of its own for sending is worth: rows of the orders table are encoded into batches of 1 MiB, which get their header and CRC
 * and go to a socket, on one thread and with a worker that seals and sends. A process of its own reads and drops them. Run by
 * `npx tsx bench/micro/sending-worker.ts [rows]`: rows a second, and processor time of this process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import { deferred } from '../../src/core/deferred.ts';
import { RecordWriter } from '../../src/sink/kafka/record-batch.ts';
import { encoderOf, ordersEvents, ordersTable, RowWalk } from './orders-events.ts';
import { sealAndWrite } from './sending-worker-thread.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const BATCH_BYTES = 1 << 20;
/** Batches on their way. */
const BUFFERS = 8;

/** Sends batches; `free` resolves with a buffer that may be filled. */
interface Sending {
  free(): Promise<Buffer>;
  send(buffer: Buffer, end: number, count: number): void;
  close(): Promise<void>;
}

/** Buffers that are free, and those who wait for one. */
class Free {
  readonly #buffers: Buffer[];
  #waiter: ((buffer: Buffer) => void) | null = null;

  constructor(buffers: readonly Buffer[]) {
    this.#buffers = [...buffers];
  }

  take(): Promise<Buffer> {
    const buffer = this.#buffers.pop();
    if (buffer !== undefined) return Promise.resolve(buffer);
    const { promise, resolve } = deferred<Buffer>();
    this.#waiter = resolve;
    return promise;
  }

  give(buffer: Buffer): void {
    if (this.#waiter === null) this.#buffers.push(buffer);
    else this.#waiter(buffer);
    this.#waiter = null;
  }
}

async function oneThread(port: number): Promise<Sending> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const free = new Free(Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(BATCH_BYTES)));
  return {
    free: () => free.take(),
    send: (buffer, end, count) => void sealAndWrite(socket, buffer.subarray(0, end), count).then(() => { free.give(buffer); }),
    close: async () => {
      const ended = once(socket, 'close');
      socket.end();
      await ended;
    },
  };
}

async function withWorker(port: number): Promise<Sending> {
  const shared = Array.from({ length: BUFFERS }, () => new SharedArrayBuffer(BATCH_BYTES));
  const buffers: readonly Buffer[] = shared.map((each) => Buffer.from(each));
  const worker = new Worker(THREAD, { eval: true, workerData: { port, shared } });
  await once(worker, 'message');
  const free = new Free(buffers);
  worker.on('message', (index: number) => {
    const buffer = buffers[index];
    if (buffer !== undefined) free.give(buffer);
  });
  return {
    free: () => free.take(),
    send: (buffer, end, count) => worker.postMessage([buffers.indexOf(buffer), end, count]),
    close: async () => {
      const ended = once(worker, 'exit');
      worker.postMessage(null);
      await ended;
    },
  };
}

/** Encodes rows until there are enough; a batch is handed over before it is full. */
async function run(sending: Sending): Promise<void> {
  const table = ordersTable();
  const events = ordersEvents(table);
  const [first] = events;
  if (first === undefined) throw new Error('there are no rows');
  const encoder = encoderOf({ type: 'debezium' }, table);
  const writer = new RecordWriter();
  const key = new ByteWriter(KEY_ROOM);
  let rows = 0;
  const walk = new RowWalk(first, (message, last) => {
    key.at = 0;
    encoder.key(last, key);
    encoder.value(message, writer.begin(key));
    writer.end(encoder.headers(message));
    writer.keep();
    rows++;
  });
  while (rows < ROWS) {
    const buffer = await sending.free();
    writer.reset(buffer);
    while (writer.out.at < BATCH_BYTES * FULL && rows < ROWS) for (const event of events) walk.event(event);
    sending.send(buffer, writer.out.at, writer.count);
  }
  await sending.close();
}

/** A transaction of the table is some 90 KB. */
const FULL = 0.9;
const ROUNDS = 3;
const KEY_ROOM = 256;
/** Node runs no TypeScript in a worker without being told how. */
const THREAD = `import('tsx/esm/api').then(({ register }) => { register(); return import('${new URL('sending-worker-thread.ts', import.meta.url).href}'); })`;
const DROP = "const server = require('net').createServer((socket) => socket.resume()); server.listen(0, '127.0.0.1', () => console.log(server.address().port))";

const drop = spawn(process.execPath, ['-e', DROP], { stdio: ['ignore', 'pipe', 'inherit'] });
const [said] = (await once(drop.stdout, 'data')) as [Buffer];
const port = Number(said.toString());
await measure('warming up', oneThread);
for (let round = 0; round < ROUNDS; round++) {
  await measure('one thread', oneThread);
  await measure('with a worker', withWorker);
}
drop.kill();

async function measure(name: string, open: (port: number) => Promise<Sending>): Promise<void> {
  const sending = await open(port);
  const used = process.cpuUsage();
  const started = performance.now();
  await run(sending);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(used);
  console.log(`${name}: ${Math.round(ROWS / seconds)} rows/s, ${((user + system) / 1e6).toFixed(2)} CPU s`);
}
