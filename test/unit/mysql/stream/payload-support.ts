import { compress } from '@mongodb-js/zstd';
import { makeEvent } from '../binlog/support.ts';

/** A field of a TRANSACTION_PAYLOAD event: packed type, length and value. */
function field(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  if (value < 251) return Buffer.from([type, 1, value]);
  bytes[0] = 254;
  bytes.writeBigUInt64LE(BigInt(value), 1);
  return Buffer.concat([Buffer.from([type, 9]), bytes]);
}

/** What of a TRANSACTION_PAYLOAD event may be said otherwise than it is. */
export interface PayloadSpec {
  readonly uncompressed: number;
  /** 0: zstd, 255: none. */
  readonly compression?: number;
  readonly size?: number;
  readonly checksum?: boolean;
}

export function payloadEvent(payload: Buffer, { uncompressed, compression = 0, size = payload.length, checksum = false }: PayloadSpec): Buffer {
  const method = compression < 251 ? field(2, compression) : Buffer.from([2, 3, 252, compression, 0]);
  return makeEvent({ type: 40, checksum, body: Buffer.concat([method, field(3, uncompressed), field(1, size), Buffer.from([0]), payload]) });
}

/** The TRANSACTION_PAYLOAD event of some events, as MySQL writes it. */
export async function payloadOf(events: readonly Buffer[], more: Partial<PayloadSpec> & { readonly level?: number } = {}): Promise<Buffer> {
  const whole = Buffer.concat(events);
  return payloadEvent(await compress(whole, more.level ?? 3), { uncompressed: whole.length, ...more });
}
