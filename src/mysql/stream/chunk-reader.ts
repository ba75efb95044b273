import type { Duplex } from 'node:stream';

/** Takes the chunks of a socket. */
export interface ChunkTaker {
  execute(chunk: Buffer): void;
  /** Nothing that came is needed any more: its bytes may be overwritten. */
  readonly idle: boolean;
}

/** Bytes of one read at most. */
const CHUNK_BYTES = 1 << 17;
/** Bytes that are read before all else has its turn. */
const TURN_BYTES = CHUNK_BYTES;

/**
 * Gives `taker` what the socket reads from now on, in buffers that are used again, so that a backlog leaves no garbage
 * behind. Nobody else gets anything of it. False, and nothing is changed, where this Node has no such way.
 *
 * Node documents this as `onread` of `net.connect`, for sockets that are made with it. A TLS socket on top of another one,
 * as mysql2 makes it in the middle of a handshake, takes no such option: so what the option sets is set here. These are
 * three fields behind symbols and a method of the handle, the same from Node 12 to 24; `chunk-reader.test.ts` fails when
 * one of them moves, and the daemon then reads as any stream does.
 */
export function readChunks(stream: Duplex, taker: ChunkTaker): boolean {
  const fields = symbolsOf(stream);
  const [buffer, callback, generator] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map((name) => fields.get(name));
  const handle: unknown = Reflect.get(stream, '_handle');
  if (buffer === undefined || callback === undefined || generator === undefined || !takesBuffer(handle)) return false;
  const buffers = new ChunkBuffers();
  const turn = new ReadingTurn(stream);
  Reflect.set(stream, buffer, buffers.current);
  Reflect.set(stream, callback, (length: number, bytes: Buffer) => {
    if (taker.idle) buffers.reclaim();
    taker.execute(bytes.subarray(0, length));
    return turn.goesOn(length);
  });
  Reflect.set(stream, generator, () => (taker.idle ? buffers.current : buffers.next()));
  handle.useUserBuffer(buffers.current);
  return true;
}

/**
 * Ends reading once much was read at a stretch, for one turn of the event loop. By itself the loop reads a socket up to 32 times
 * before it looks at any other, so that a backlog would leave the sink's answers unread, and the sink idle, for 4 MiB of binlog.
 */
class ReadingTurn {
  readonly #stream: Duplex;
  #bytes = 0;
  readonly #next = (): void => {
    this.#bytes = 0;
    if (!this.#stream.isPaused() && !this.#stream.destroyed) this.#stream.resume();
  };

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** False, which pauses the socket, where it is another's turn. Called after each read. */
  goesOn(length: number): boolean {
    const before = this.#bytes;
    this.#bytes = before + length;
    if (this.#bytes < TURN_BYTES) return true;
    if (before < TURN_BYTES) setImmediate(this.#next);
    return false;
  }
}

/** The buffer that is read into, those whose bytes are still needed, and those that are free. */
class ChunkBuffers {
  current: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  readonly #lent: Buffer[] = [];
  readonly #free: Buffer[] = [];

  /** None of those before the current one is needed any more. */
  reclaim(): void {
    while (this.#free.length < KEPT && this.#lent.length > 0) this.#free.push(this.#lent.pop() as Buffer);
    this.#lent.length = 0;
  }

  /** Another one to read into, as the current one is still needed. */
  next(): Buffer {
    this.#lent.push(this.current);
    this.current = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    return this.current;
  }
}

/** Free buffers that are kept. */
const KEPT = 4;

interface BufferedHandle {
  useUserBuffer(buffer: Buffer): void;
}

function takesBuffer(handle: unknown): handle is BufferedHandle {
  return typeof handle === 'object' && handle !== null && 'useUserBuffer' in handle && typeof handle.useUserBuffer === 'function';
}

function symbolsOf(stream: object): ReadonlyMap<string, symbol> {
  return new Map(Object.getOwnPropertySymbols(stream).map((symbol) => [symbol.description ?? '', symbol]));
}
