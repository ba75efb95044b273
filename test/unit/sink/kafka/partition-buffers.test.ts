import { describe, expect, it } from 'vitest';
import type { ByteWriter } from '../../../../src/core/byte-writer.ts';
import { BufferPool } from '../../../../src/sink/kafka/buffer-pool.ts';
import { SMALLEST } from '../../../../src/sink/kafka/slab.ts';
import { Partition } from '../../../../src/sink/kafka/partition.ts';
import { readRecords } from '../../../../src/sink/kafka/record-batch.ts';
import { keyOf } from './support/sink.ts';

const counter = { add: () => undefined };

function partition(): Partition {
  const gate = { take: () => undefined, give: () => undefined };
  return new Partition({ name: 't', maxBytes: 1 << 20, refusedBytes: Infinity, groupBytes: 1 << 20, messages: counter, bytes: counter }, 0, {
    context: { ledger: { open: () => ({ before: null }), settle: () => undefined }, pool: new BufferPool(gate, 1 << 20), compression: 'none', failed: (error) => { throw error; } },
    producer: { id: 1n, epoch: 0 },
  });
}

type Message = readonly [key: ByteWriter, value: string | null, header?: string];

function put(into: Partition, [key, value, header]: Message): void {
  const headers = header === undefined ? [] : [{ name: 'h', value: Buffer.from(header) }];
  do {
    into.open();
    const out = into.writer.begin(key);
    if (value === null) into.writer.endNull(headers);
    else {
      out.latin1(value);
      into.writer.end(headers);
    }
  } while (!into.keep());
}

/** What is in the batch that these messages make. */
function through(messages: readonly Message[]): (string | null)[][] {
  const into = partition();
  for (const message of messages) put(into, message);
  into.close();
  const [batch] = into.queue;
  return readRecords(batch?.records ?? Buffer.alloc(0)).map(({ key, value, headers }) => [String(key), value?.toString('latin1') ?? null, ...headers.map((one) => one.value.toString())]);
}

/** Messages whose lengths need fewer bytes than those before them: a null, a short one, one with a header. */
const SHORTER: readonly Message[] = [[keyOf('k'), null], [keyOf('k'), ''], [keyOf('k'), 'short'], [keyOf('key'), null, 'a header'], [keyOf('k'), 'x'.repeat(60)], [keyOf('k'.repeat(70)), null]];

describe('a message that ends where the buffer of its batch ends', () => {
  it.each(SHORTER.map((message) => [message[1]?.length ?? 'null', message] as const))('is whole, whatever was before it: a value of %s', (_, message) => {
    // The buffer is of `SMALLEST`; the message begins at each place from where it fits well to where it begins behind the end.
    for (let before = SMALLEST - 260; before < SMALLEST - 40; before++) {
      const messages: Message[] = [[keyOf('a'), 'v'.repeat(before)], message, [keyOf('z'), 'after']];
      expect(through(messages), `after a value of ${String(before)} bytes`).toEqual(messages.map(([key, ...rest]) => [key.view().toString(), ...rest]));
    }
  });

  it('is whole at the end of a grown buffer, too', () => {
    for (let before = 2 * SMALLEST - 140; before < 2 * SMALLEST - 60; before++) {
      const messages: Message[] = [[keyOf('a'), 'v'.repeat(before)], [keyOf('k'), null], [keyOf('z'), null]];
      expect(through(messages)).toEqual(messages.map(([key, ...rest]) => [key.view().toString(), ...rest]));
    }
  });
});
