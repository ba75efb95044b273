import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSeam, destroyConnection } from '../../../../src/mysql/stream/zongji-seam.ts';

function installed(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@vlasky/zongji').replace(/index\.js$/, 'lib/index.js'));
  const parsed: unknown = JSON.parse(readFileSync(fileURLToPath(manifest), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
}

describe('the seam to zongji', () => {
  it('is that of the version it was read in', () => {
    expect(installed()).toBe('0.9.0');
  });

  it('shows its two connections at once after start, with the fields that are used', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const seam = createSeam({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'nobody' });
    expect([seam.connection, seam.ctrlConnection, seam.stopped]).toEqual([null, null, false]);
    seam.on('error', () => undefined);
    seam.start({ serverId: 1, filename: 'a.000001', position: 4, requestAnnotateRows: false });
    const { connection, ctrlConnection } = seam;
    expect(connection).not.toBeNull();
    expect(ctrlConnection).not.toBeNull();
    expect(typeof connection?.packetParser.execute).toBe('function');
    expect(typeof connection?.query).toBe('function');
    expect(typeof connection?.stream.pause).toBe('function');
    const fed: string[] = [];
    if (connection !== null) connection.packetParser = { execute: (chunk) => fed.push(chunk.toString('latin1')) };
    connection?.stream.emit('data', Buffer.from('chunk'));
    expect(fed).toEqual(['chunk']);
    seam.stopped = true;
    destroyConnection(connection);
    destroyConnection(ctrlConnection);
    expect([connection?.stream.destroyed, ctrlConnection?.stream.destroyed]).toEqual([true, true]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('makes its dump command after ready, with a start that can be wrapped', async () => {
    const { default: make } = (await import(new URL('lib/sequence/binlog.js', import.meta.resolve('@vlasky/zongji')).href)) as { default: (zongji: unknown) => new () => unknown };
    const sent: Buffer[] = [];
    const Command = make({ get: () => ({ serverId: 7, position: 1234, filename: 'b.000002' }), isMariaDb: false });
    const start = Reflect.get(Command.prototype as object, 'start') as (this: unknown, packet: unknown, connection: unknown) => unknown;
    start.call(Command.prototype, null, { writePacket: (packet: { buffer: Buffer }) => sent.push(packet.buffer) });
    expect(sent[0]?.subarray(4).toString('hex')).toBe('12d2040000000007000000622e30303030303200');
  });
});
