import { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import type { Format, Header, RowEncoder } from '../../core/ports.ts';
import { fill } from '../../core/projection.ts';
import type { Projection } from '../../core/projection.ts';
import type { RowImage } from '../../core/row-image.ts';
import { AbsentColumns } from '../absent-columns.ts';
import { EventCache } from '../event-cache.ts';
import { imageWriter, keyWriter } from '../image-writer.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { FormatContext } from '../context.ts';
import { ABSENT_HEADER, absentDebezium } from './absent.ts';
import { keySchemaText } from './key-schema.ts';
import { ProcessingTime } from './processing-time.ts';
import { representDebezium } from './representations.ts';
import { sourceHead, sourceTail } from './source-block.ts';

const NO_HEADERS: readonly Header[] = [];
const CLOSE = 0x7d;
const BEFORE = Buffer.from('{"before":');
/** What comes before the image of an insert. */
const NO_BEFORE = Buffer.from('{"before":null,"after":');
const AFTER = Buffer.from(',"after":');
const NO_AFTER = Buffer.from(',"after":null');
const LETTERS = { insert: 0x63, update: 0x75, delete: 0x64 } as const;

/**
 * Debezium's change event envelope, as its MySQL and MariaDB connectors write it by default with the JSON converter and
 * schemas off. Source: Debezium's documentation, "Data change events". What differs is listed in differences.ts.
 */
export function createDebeziumFormat(context: FormatContext): Format {
  return { encoder: (projection) => new DebeziumEncoder(projection, context) };
}

class DebeziumEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #image: ImageWriter;
  readonly #head: EventCache;
  readonly #tail: EventCache;
  readonly #time: ProcessingTime;
  readonly #keySchema: Buffer;
  readonly #absent: AbsentColumns;
  readonly #scratch = new ByteWriter(1024);

  constructor(projection: Projection, context: FormatContext) {
    this.key = keyWriter(projection, representDebezium);
    this.#image = imageWriter(projection, representDebezium, absentDebezium);
    this.#absent = new AbsentColumns(projection);
    this.#head = new EventCache(sourceHead(projection.table, context));
    this.#tail = new EventCache(sourceTail(projection));
    this.#time = new ProcessingTime(context.clock);
    this.#keySchema = Buffer.from(keySchemaText(context.serverName, projection));
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { before, after, event } = message;
    if (before === null) {
      out.raw(NO_BEFORE);
    } else {
      out.raw(BEFORE);
      this.#image(before, out);
    }
    if (after === null) {
      out.raw(NO_AFTER);
    } else {
      if (before !== null) out.raw(AFTER);
      this.#image(after, out);
    }
    this.#head.copy(event, out);
    out.integer(message.row);
    this.#tail.copy(event, out);
    out.byte(LETTERS[message.operation]);
    this.#time.write(out);
  }

  headers(message: RowMessage): readonly Header[] {
    const absent = this.#absent.of(message);
    const changed = message.otherKey !== null && message.keyChange !== 'none';
    if (!changed && absent === null) return NO_HEADERS;
    return [
      ...(changed ? [{ name: message.keyChange === 'old' ? '__debezium.newkey' : '__debezium.oldkey', value: this.#keyWithSchema(message.otherKey) }] : []),
      ...(absent === null ? [] : [{ name: ABSENT_HEADER, value: absent }]),
    ];
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
