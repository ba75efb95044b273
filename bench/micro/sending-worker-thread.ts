import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { sealBatch } from '../../src/sink/kafka/record-batch.ts';

/** Seals a batch and writes it; resolves when the socket has it. */
export function sealAndWrite(socket: Socket, batch: Buffer, count: number): Promise<void> {
  sealBatch(batch, { codec: 0, count, timestamp: 0 }, { id: 7n, epoch: 0, sequence: 0 });
  return new Promise((resolve) => socket.write(batch, () => resolve()));
}

/** Index of a buffer, the end of its batch, its records; null: no more come. */
type Order = readonly [number, number, number] | null;

/** In a worker: sends what it is told to, and says which buffers are free again; −1: it is ready. */
async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  const { port: target, shared } = workerData as { readonly port: number; readonly shared: readonly SharedArrayBuffer[] };
  const buffers = shared.map((each) => Buffer.from(each));
  const socket = connect(target, '127.0.0.1');
  await once(socket, 'connect');
  port.on('message', (order: Order) => {
    if (order === null) {
      socket.end();
      port.close();
      return;
    }
    const [index, end, count] = order;
    const buffer = buffers[index];
    if (buffer !== undefined) void sealAndWrite(socket, buffer.subarray(0, end), count).then(() => { port.postMessage(index); });
  });
  port.postMessage(-1);
}

if (parentPort !== null) await serve(parentPort);
