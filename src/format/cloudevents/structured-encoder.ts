import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { PerOperation, RowMessage } from '../../core/change.ts';
import { writeJsonString } from '../../core/json-text.ts';
import type { Header, RowEncoder } from '../../core/ports.ts';
import type { Projection } from '../../core/projection.ts';
import type { ImageWriter } from '../image-writer.ts';
import type { TableAttributes } from './attributes.ts';
import { RowAttributes } from './attributes.ts';

/** Media type of the event format JSON. */
export const STRUCTURED: readonly Header[] = [{ name: 'content-type', value: Buffer.from('application/cloudevents+json; charset=UTF-8') }];
const NO_HEADERS: readonly Header[] = [];
const START = Buffer.from('{"specversion":"1.0","id":');
const TIME = Buffer.from(',"time":"');
const CONTENT = Buffer.from(',"datacontenttype":"application/json"');
const PARTITION_KEY = Buffer.from(',"partitionkey":');
const DATA = Buffer.from(',"data":');
const QUOTE = 0x22;
const CLOSE = 0x7d;

/** The event format JSON: attributes, and the message of the plain format as `data`. */
export class StructuredEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #plain: RowEncoder;
  readonly #attributes: RowAttributes;
  /** `,"source":…,"type":…,"subject":…`, by operation. */
  readonly #fixed: PerOperation<Buffer>;

  constructor(projection: Projection, plain: RowEncoder, { source, subject, types }: TableAttributes) {
    this.key = (image, out) => {
      plain.key(image, out);
    };
    this.#plain = plain;
    this.#attributes = new RowAttributes(projection, this.key);
    const fixed = (type: string): Buffer => Buffer.from(`,${JSON.stringify({ source, type, subject }).slice(1, -1)}`);
    this.#fixed = { insert: fixed(types.insert), update: fixed(types.update), delete: fixed(types.delete) };
  }

  value(message: RowMessage, out: ByteWriter): void {
    out.raw(START);
    writeText(this.#attributes.id(message), out);
    out.raw(ofOperation(this.#fixed, message.operation));
    if (message.event.transaction.committedMicros > 0) {
      out.raw(TIME);
      this.#attributes.time(message, out);
      out.byte(QUOTE);
    }
    out.raw(CONTENT);
    const key = this.#attributes.partitionKey(message);
    if (key !== null) {
      out.raw(PARTITION_KEY);
      writeText(key, out);
    }
    out.raw(DATA);
    this.#plain.value(message, out);
    out.byte(CLOSE);
  }

  /** A tombstone is no event, so it has none. */
  headers(_message: RowMessage, tombstone = false): readonly Header[] {
    return tombstone ? NO_HEADERS : STRUCTURED;
  }
}

function writeText(text: Buffer, out: ByteWriter): void {
  writeJsonString(text, 0, text.length, out);
}
