import { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { PerOperation, RowMessage } from '../../core/change.ts';
import type { Header, RowEncoder } from '../../core/ports.ts';
import { fill } from '../../core/projection.ts';
import type { Projection } from '../../core/projection.ts';
import { currentView } from '../event-cache.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { TableAttributes } from './attributes.ts';
import { RowAttributes } from './attributes.ts';

const NO_HEADERS: readonly Header[] = [];

/** One header object for all messages: its value is that of the present one. */
interface Slot extends Header {
  value: Uint8Array;
}

/** The message of the plain format as it is, with the attributes in headers: `ce_id`, `ce_source`, `ce_type` and so on. */
export class BinaryEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #plain: RowEncoder;
  readonly #attributes: RowAttributes;
  readonly #types: PerOperation<Uint8Array>;
  readonly #id = slot('ce_id');
  readonly #type = slot('ce_type');
  readonly #time = slot('ce_time');
  readonly #partitionKey = slot('ce_partitionkey');
  readonly #all: readonly Header[];
  readonly #timeless: readonly Header[];
  readonly #timeText = new ByteWriter(32);
  #timeView: Buffer = Buffer.alloc(0);

  constructor(projection: Projection, plain: RowEncoder, { source, subject, types }: TableAttributes) {
    this.key = (image, out) => {
      plain.key(image, out);
    };
    this.#plain = plain;
    this.#attributes = new RowAttributes(projection, this.key);
    this.#types = { insert: Buffer.from(types.insert), update: Buffer.from(types.update), delete: Buffer.from(types.delete) };
    this.#timeless = [
      slot('ce_specversion', '1.0'),
      this.#id,
      slot('ce_source', source),
      this.#type,
      slot('ce_subject', subject),
      slot('content-type', 'application/json'),
      ...(projection.key.length === 0 ? [] : [this.#partitionKey]),
    ];
    this.#all = [...this.#timeless, this.#time];
  }

  value(message: RowMessage, out: ByteWriter): void {
    this.#plain.value(message, out);
  }

  /** A tombstone is no event, so it has none. */
  headers(message: RowMessage, tombstone = false): readonly Header[] {
    if (tombstone) return NO_HEADERS;
    this.#id.value = this.#attributes.id(message);
    this.#type.value = ofOperation(this.#types, message.operation);
    this.#partitionKey.value = this.#attributes.partitionKey(message) ?? this.#partitionKey.value;
    if (message.event.transaction.committedMicros === 0) return this.#timeless;
    fill(this.#timeText, (out) => {
      this.#attributes.time(message, out);
      return 0;
    });
    this.#time.value = this.#timeView = currentView(this.#timeText, this.#timeView);
    return this.#all;
  }
}

function slot(name: string, value = ''): Slot {
  return { name, value: Buffer.from(value) };
}
