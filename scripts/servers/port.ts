import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports that no outgoing connection takes: Linux connects from 32768 on. Else a client that tries to reach a server which is down could take its port. */
const SERVER_PORTS: PortRange = { lowest: 10_240, highest: 32_767 };

/** Both ends belong to it. */
export interface PortRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * A loopback port for a TCP server: nothing listens on it at this moment, and no other call gives it away, in this process
 * or in another, until this process ends. So it stays the server's while that is not up yet, or is down between two starts.
 */
export async function freePort({ lowest, highest }: PortRange = SERVER_PORTS): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest + 1);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

/** The system keeps the UDP port of the same number for this process, and takes it back when the process ends, however that comes. */
async function reserve(port: number): Promise<boolean> {
  const reservation = createSocket('udp4');
  try {
    reservation.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(reservation, 'listening');
    reservation.unref();
    return true;
  } catch {
    reservation.close();
    return false;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const listener = createServer();
    listener.once('error', () => resolve(false));
    listener.listen(port, '127.0.0.1', () => listener.close(() => resolve(true)));
  });
}
