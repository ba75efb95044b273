import { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { SinkContext, Ticket, TopicWriter } from '../../../src/core/ports.ts';

/** A sink context that remembers: bytes held, tickets settled, errors told. */
export function recorder(): { context: SinkContext; seen: { held: number; opened: number; settled: number; failed: string[]; down: string[]; up: number } } {
  const seen = { held: 0, opened: 0, settled: 0, failed: [] as string[], down: [] as string[], up: 0 };
  const ticket: Ticket = { before: null };
  const nothing = (): void => undefined;
  const context: SinkContext = {
    ledger: {
      open: () => (seen.opened++, ticket),
      settle: () => {
        seen.settled++;
      },
      safe: () => null,
    },
    gate: { take: (bytes) => void (seen.held += bytes), give: (bytes) => void (seen.held -= bytes) },
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    metrics: { counter: () => ({ add: nothing }), gauge: () => ({ set: nothing }), histogram: () => ({ observe: nothing }) },
    events: { down: (error) => void seen.down.push(error.message), up: () => (seen.up += 1), failed: (error) => void seen.failed.push(error.code) },
  };
  return { context, seen };
}

export function keyOf(text: string): ByteWriter {
  const key = new ByteWriter(64);
  key.utf8(text);
  return key;
}

export function send(topic: TopicWriter, key: string | null, value: string): void {
  do topic.begin(key === null ? null : keyOf(key)).utf8(value);
  while (!topic.end([{ name: 'h', value: Buffer.from('"x"') }]));
}
