/**
 * Nanoseconds of processor time a row for keys, values, headers and partitions of each format, on real rows of the orders table (70 inserts, 20 updates, 10
 * deletes). Run by `npx tsx bench/micro/encode.ts [seconds a format]`; with `node --cpu-prof` it shows where they go.
 */
import { ByteWriter } from '../../src/core/byte-writer.ts';
import type { RowsEvent } from '../../src/core/change.ts';
import type { RowEncoder } from '../../src/core/ports.ts';
import { CANAL_DEFAULTS } from '../../src/format/canal/options.ts';
import { CLOUDEVENTS_DEFAULTS } from '../../src/format/cloudevents/options.ts';
import type { FormatChoice } from '../../src/format/formats.ts';
import { MAXWELL_DEFAULTS } from '../../src/format/maxwell/options.ts';
import { encoderOf, ordersEvents, ordersTable, RowWalk } from './orders-events.ts';
import { nanoseconds } from './rounds.ts';

const SECONDS = Number(process.argv[2] ?? 3);

/** Encodes every row of the events into a buffer of its own. */
class Bench {
  readonly #encoder: RowEncoder;
  readonly #out = new ByteWriter(1 << 20);
  readonly #key = new ByteWriter(256);
  readonly #walk: RowWalk;
  rows = 0;
  bytes = 0;

  constructor(encoder: RowEncoder, event: RowsEvent) {
    this.#encoder = encoder;
    this.#walk = new RowWalk(event, (message, last) => {
      this.#key.at = 0;
      this.#out.at = 0;
      if (this.#encoder.keyed !== false) this.#encoder.key(last, this.#key);
      this.#encoder.value(message, this.#out);
      this.#encoder.headers(message);
      this.#encoder.partition?.(message);
      this.rows++;
      this.bytes += this.#out.at;
    });
  }

  event(event: RowsEvent): void {
    this.#walk.event(event);
  }
}

const table = ordersTable();
const transactions = ordersEvents(table);
const [first] = transactions;
if (first === undefined) throw new Error('there are no rows');

const FORMATS: Readonly<Record<string, FormatChoice>> = {
  plain: { type: 'plain' },
  debezium: { type: 'debezium' },
  maxwell: { type: 'maxwell', ...MAXWELL_DEFAULTS },
  canal: { type: 'canal', ...CANAL_DEFAULTS },
  'cloudevents structured': { type: 'cloudevents', ...CLOUDEVENTS_DEFAULTS },
  'cloudevents binary': { type: 'cloudevents', ...CLOUDEVENTS_DEFAULTS, mode: 'binary' },
};

for (const [name, choice] of Object.entries(FORMATS)) {
  const bench = new Bench(encoderOf(choice, table), first);
  const { least, rounds } = nanoseconds(SECONDS, () => {
    bench.rows = 0;
    bench.bytes = 0;
    for (let i = 0; i < 50; i++) for (const event of transactions) bench.event(event);
    return bench.rows;
  });
  console.log(`${name}: ${least} ns a row (${rounds}), ${Math.round(bench.bytes / bench.rows)} bytes a value`);
}
