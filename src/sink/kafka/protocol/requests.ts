import { ByteWriter } from '../../../core/byte-writer.ts';
import { fill } from '../../../core/projection.ts';

/** One request: its number and version, and its body in parts that go to the socket one after the other. */
export interface Request {
  readonly key: number;
  readonly version: number;
  /** Flexible versions end their header with an empty list of tagged fields; their answers begin with one. */
  readonly flexible: boolean;
  readonly parts: readonly Buffer[];
}

/** A request whose body is written by `write`. */
export function request(key: number, version: number, write: (out: ByteWriter) => void, flexible = false): Request {
  const out = new ByteWriter(256);
  fill(out, write);
  return { key, version, flexible, parts: [out.view()] };
}
