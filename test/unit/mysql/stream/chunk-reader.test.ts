import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readChunks } from '../../../../src/mysql/stream/chunk-reader.ts';

const BYTES = 3_000_000;
/** TLS by a key that both sides know needs no certificate. */
const KEY = { psk: Buffer.from('00112233445566778899aabbccddeeff', 'hex'), identity: 'reader' };
const PSK = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

type Sent = (socket: Socket) => void;

const TRANSPORTS: Record<string, { serve: (sent: Sent) => Server; dial: (port: number) => Promise<Socket> }> = {
  TCP: {
    serve: (sent) => createServer(sent),
    dial: (port) => new Promise((resolve) => { const socket = connect(port, '127.0.0.1', () => { resolve(socket); }); }),
  },
  'TLS on top of another socket': {
    serve: (sent) => createTlsServer({ ...PSK, pskCallback: () => KEY.psk }, sent),
    dial: (port) =>
      new Promise((resolve) => {
        const plain = connect(port, '127.0.0.1', () => {
          const socket = connectTls({ ...PSK, socket: plain, pskCallback: () => KEY, checkServerIdentity: () => undefined }, () => { resolve(socket); });
        });
      }),
  },
};

describe.each(Object.entries(TRANSPORTS))('chunks of %s', (_, { serve, dial }) => {
  async function read(data: Buffer, taker: (chunk: Buffer, socket: Socket) => void, idle: () => boolean): Promise<void> {
    // The sender waits for a byte, so that nothing is on its way before the reader is set.
    const server = serve((socket) => socket.once('data', () => socket.end(data)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const socket = await dial((server.address() as AddressInfo).port);
    const done = new Promise((resolve) => socket.on('close', resolve));
    socket.on('data', () => { throw new Error('a chunk went another way'); });
    expect(readChunks(socket, { execute: (chunk) => { taker(chunk, socket); }, get idle() { return idle(); } })).toBe(true);
    socket.write('go');
    await done;
    await new Promise((resolve) => server.close(resolve));
  }

  it('are all the bytes, in buffers that are used again', async () => {
    const data = randomBytes(BYTES);
    const seen: Buffer[] = [];
    const buffers = new Set<unknown>();
    await read(data, (chunk) => { seen.push(Buffer.from(chunk)); buffers.add(chunk.buffer); }, () => true);
    expect(Buffer.concat(seen).equals(data)).toBe(true);
    expect(buffers.size).toBe(1);
    expect(seen.length).toBeGreaterThan(10);
  });

  it('stay as they are while they are needed, over pauses too', async () => {
    const data = randomBytes(BYTES);
    const held: Buffer[] = [];
    const seen: Buffer[] = [];
    const buffers = new Set<unknown>();
    const take = (chunk: Buffer, socket: Socket): void => {
      held.push(chunk);
      buffers.add(chunk.buffer);
      if (held.length < 5) return;
      socket.pause();
      setImmediate(() => {
        seen.push(...held.splice(0).map((one) => Buffer.from(one)));
        socket.resume();
      });
    };
    await read(data, take, () => held.length === 0);
    expect(Buffer.concat([...seen, ...held]).equals(data)).toBe(true);
    expect(buffers.size).toBeLessThan(seen.length / 2);
  });

  it('let others have their turn, however much there is to read', async () => {
    const data = randomBytes(BYTES);
    let atOnce = 0;
    let most = 0;
    let total = 0;
    let ended = false;
    const other = (): void => {
      atOnce = 0;
      if (!ended) setImmediate(other);
    };
    setImmediate(other);
    const take = (chunk: Buffer): void => {
      total += chunk.length;
      atOnce += chunk.length;
      most = Math.max(most, atOnce);
    };
    await read(data, take, () => true);
    ended = true;
    expect(total).toBe(BYTES);
    expect(most).toBeLessThan(400_000);
  });
});

describe('a stream that is no socket', () => {
  it('is left as it is', () => {
    const stream = new Duplex({ read: () => undefined });
    expect(readChunks(stream, { execute: () => undefined, idle: true })).toBe(false);
    expect(Reflect.has(stream, '_handle')).toBe(false);
  });
});
