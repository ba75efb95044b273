import { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import type { Header } from '../../core/ports.ts';
import { fill } from '../../core/projection.ts';
import type { RowImage } from '../../core/row-image.ts';
import { ABSENT_HEADER, AbsentColumns } from '../absent-columns.ts';
import { keyWriter } from '../image-writer.ts';
import type { ImageWriter } from '../image-writer.ts';
import { keySchema, schemaText } from './connect-schema.ts';
import type { SchemaGround } from './connect-schema.ts';

const NO_HEADERS: readonly Header[] = [];
const CLOSE = 0x7d;

/** Keys of messages, and their headers: the other key of a row that changed its own, and columns that the binlog does not tell. */
export class Keys {
  /** Writes a message key: with its schema where the format has them. */
  readonly write: ImageWriter;
  readonly #withSchema: ImageWriter;
  readonly #absent: AbsentColumns;
  readonly #scratch = new ByteWriter(1024);

  constructor(ground: SchemaGround) {
    this.#absent = new AbsentColumns(ground.projection);
    const bare = keyWriter(ground.projection, ground.represent);
    const schema = Buffer.from(schemaText(keySchema(ground)));
    this.#withSchema = (image, out) => {
      out.raw(schema);
      bare(image, out);
      out.byte(CLOSE);
    };
    this.write = ground.options.schemas ? this.#withSchema : bare;
  }

  /** `__debezium.newkey` and `__debezium.oldkey`, always with their schema, as Debezium's header converter has it by default; columns that are absent. */
  headers(message: RowMessage): readonly Header[] {
    const absent = this.#absent.of(message);
    const changed = message.keyChange !== 'none' && message.otherKey !== null;
    if (!changed && absent === null) return NO_HEADERS;
    return [
      ...(changed ? [{ name: message.keyChange === 'old' ? '__debezium.newkey' : '__debezium.oldkey', value: this.#headerValue(message.otherKey) }] : []),
      ...(absent === null ? [] : [{ name: ABSENT_HEADER, value: absent }]),
    ];
  }

  #headerValue(image: RowImage): Uint8Array {
    fill(this.#scratch, (scratch) => {
      this.#withSchema(image, scratch);
      return 0;
    });
    return Uint8Array.from(this.#scratch.view());
  }
}
