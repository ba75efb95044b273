import { createHmac } from 'node:crypto';
import type { ByteWriter } from '../core/byte-writer.ts';
import { RowcastError } from '../core/errors.ts';
import type { Mask } from '../core/projection.ts';
import type { MaskName } from './options.ts';
import type { RouteContext } from './options.ts';

const HIDDEN = '***';
const HIDDEN_FRONT = '****';
const SHOWN_CHARACTERS = 4;

/**
 * Makes a mask. `sha256`: HMAC-SHA-256 of the value's text under the key, 64 hex digits. `redact`: `***`. `last4`: `****`
 * and the last four characters; only `****` for four characters or fewer, so that a short value does not show whole.
 * @throws RowcastError CONFIG_INVALID for sha256 without a key
 */
export function createMask(name: MaskName, context: RouteContext): Mask {
  if (name === 'redact') return (_value, out) => out.latin1(HIDDEN);
  if (name === 'last4') return last4;
  const key = context.maskingKey?.reveal() ?? '';
  if (key === '') throw new RowcastError('CONFIG_INVALID', 'a sha256 mask needs a key', { hint: 'Set masking.key or masking.key_file.' });
  return (value, out) => out.latin1(createHmac('sha256', key).update(value).digest('hex'));
}

function last4(value: Uint8Array, out: ByteWriter): void {
  out.latin1(HIDDEN_FRONT);
  let from = value.length;
  for (let shown = 0; shown < SHOWN_CHARACTERS && from > 0; shown++) {
    do from--;
    while (from > 0 && ((value[from] as number) & 0xc0) === 0x80);
  }
  if (from > 0) out.range(value, from, value.length);
}
