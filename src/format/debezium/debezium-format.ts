import { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { Clock, Format, Header, RowEncoder } from '../../core/ports.ts';
import { fill } from '../../core/projection.ts';
import type { Projection } from '../../core/projection.ts';
import type { RowImage } from '../../core/row-image.ts';
import { EventCache } from '../event-cache.ts';
import { imageWriter, keyWriter } from '../image-writer.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { FormatOptions } from '../options.ts';
import { writeMicros, writeMillis, writeNanos } from '../times.ts';
import { keySchemaText } from './key-schema.ts';
import { representDebezium } from './representations.ts';
import { sourceHead, sourceTail } from './source-block.ts';

const NO_HEADERS: readonly Header[] = [];
const CLOSE = 0x7d;
const BEFORE = Buffer.from('{"before":');
const AFTER = Buffer.from(',"after":');
const LETTERS = { insert: 0x63, update: 0x75, delete: 0x64 } as const;
const TS_MS = Buffer.from('","ts_ms":');
const TS_US = Buffer.from(',"ts_us":');
const TS_NS = Buffer.from(',"ts_ns":');

/**
 * Debezium's change event envelope, as its MySQL and MariaDB connectors write it by default with the JSON converter and
 * schemas off. Source: Debezium's documentation, "Data change events". What differs is listed in differences.ts.
 */
export function createDebeziumFormat(options: FormatOptions): Format {
  return { encoder: (projection) => new DebeziumEncoder(projection, options) };
}

class DebeziumEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #image: ImageWriter;
  readonly #head: EventCache;
  readonly #tail: EventCache;
  readonly #clock: Clock;
  readonly #keySchema: Buffer;
  readonly #scratch = new ByteWriter(1024);

  constructor(projection: Projection, options: FormatOptions) {
    this.key = keyWriter(projection, representDebezium);
    this.#image = imageWriter(projection, representDebezium);
    this.#head = new EventCache(sourceHead(projection.table, options));
    this.#tail = new EventCache(sourceTail(projection));
    this.#clock = options.clock;
    this.#keySchema = Buffer.from(keySchemaText(options.serverName, projection));
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { before, after, event } = message;
    out.raw(BEFORE);
    if (before === null) out.raw(JSON_NULL);
    else this.#image(before, out);
    out.raw(AFTER);
    if (after === null) out.raw(JSON_NULL);
    else this.#image(after, out);
    this.#head.copy(event, out);
    out.integer(message.row);
    this.#tail.copy(event, out);
    out.byte(LETTERS[message.operation]);
    const now = this.#clock.nowMicros();
    out.raw(TS_MS);
    writeMillis(now, out);
    out.raw(TS_US);
    writeMicros(now, out);
    out.raw(TS_NS);
    writeNanos(now, out);
    out.byte(CLOSE);
  }

  headers(message: RowMessage): readonly Header[] {
    if (message.otherKey === null || message.keyChange === 'none') return NO_HEADERS;
    return [{ name: message.keyChange === 'old' ? '__debezium.newkey' : '__debezium.oldkey', value: this.#keyWithSchema(message.otherKey) }];
  }

  #keyWithSchema(image: RowImage): Uint8Array {
    fill(this.#scratch, (scratch) => {
      scratch.raw(this.#keySchema);
      this.key(image, scratch);
      scratch.byte(CLOSE);
      return 0;
    });
    return Uint8Array.from(this.#scratch.view());
  }
}
