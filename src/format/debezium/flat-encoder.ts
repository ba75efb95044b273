import { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import { jsonStringBytes } from '../../core/json-text.ts';
import type { DeleteForm, Header, RowEncoder } from '../../core/ports.ts';
import { fill } from '../../core/projection.ts';
import type { RowImage } from '../../core/row-image.ts';
import { imagesOf } from '../image-writer.ts';
import type { Images, ImageWriter } from '../image-writer.ts';
import { absentDebezium } from './absent.ts';
import { addedField } from './added-fields.ts';
import type { AddedField } from './added-fields.ts';
import { rowSchema, schemaText } from './connect-schema.ts';
import type { ConnectSchema, SchemaGround } from './connect-schema.ts';
import { Keys } from './keys.ts';
import type { FlatOptions } from './options.ts';

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
const STRING = { type: 'string', optional: true };

/** Messages of a delete, by `delete.tombstone.handling.mode`. */
const DELETES: Readonly<Record<FlatOptions['deletes'], DeleteForm>> = {
  drop: 'none',
  tombstone: 'tombstone',
  rewrite: 'message',
  'rewrite-with-tombstone': 'both',
  'delete-to-tombstone': 'tombstone',
};

/** A row by itself: the after image, or of a delete the before image, and what was asked to stand beside its columns. */
export class FlatEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly deletes: DeleteForm;
  readonly #keys: Keys;
  readonly #images: Images;
  readonly #opening: Buffer;
  readonly #added: readonly { readonly name: Buffer; readonly write: AddedField['write'] }[];
  readonly #headers: readonly AddedHeader[];
  readonly #schemas: boolean;

  constructor(ground: SchemaGround, flat: FlatOptions) {
    const { options, projection, represent } = ground;
    const added = [...(flat.deletes.startsWith('rewrite') ? [DELETED] : []), ...flat.addFields.map((spec) => addedField(spec, flat.addFieldsPrefix, ground))];
    this.#keys = new Keys(ground);
    this.key = this.#keys.write;
    this.deletes = DELETES[flat.deletes];
    this.#images = imagesOf(projection, represent, absentDebezium);
    this.#opening = Buffer.from(options.schemas ? schemaText(rowSchema(ground, added.map(namedSchema))) : '');
    this.#added = added.map(({ name, write }) => ({ name: Buffer.concat([jsonStringBytes(name), Buffer.from(':')]), write }));
    this.#headers = flat.addHeaders.map((spec) => new AddedHeader(addedField(spec, flat.addHeadersPrefix, ground)));
    this.#schemas = options.schemas;
  }

  value(message: RowMessage, out: ByteWriter): void {
    out.raw(this.#opening);
    this.#images.one((message.after ?? message.before) as RowImage, out);
    if (this.#added.length > 0) {
      out.at--;
      for (const { name, write } of this.#added) {
        if (out.bytes[out.at - 1] !== OPEN) out.byte(COMMA);
        out.raw(name);
        write(message, out);
      }
      out.byte(CLOSE);
    }
    if (this.#schemas) out.byte(CLOSE);
  }

  headers(message: RowMessage): readonly Header[] {
    const headers = this.#keys.headers(message);
    return this.#headers.length === 0 ? headers : [...headers, ...this.#headers.map((header) => header.of(message))];
  }
}

/** Whether the row is gone, as text. */
const DELETED: AddedField = {
  name: '__deleted',
  schema: STRING,
  write: ({ operation }, out) => out.latin1(operation === 'delete' ? '"true"' : '"false"'),
};

/** A field as a header, with its schema. */
class AddedHeader {
  readonly #field: AddedField;
  readonly #opening: Buffer;
  readonly #scratch = new ByteWriter(128);

  constructor(field: AddedField) {
    this.#field = field;
    this.#opening = Buffer.from(schemaText(field.schema));
  }

  of(message: RowMessage): Header {
    fill(this.#scratch, (scratch) => {
      scratch.raw(this.#opening);
      this.#field.write(message, scratch);
      scratch.byte(CLOSE);
      return 0;
    });
    return { name: this.#field.name, value: Uint8Array.from(this.#scratch.view()) };
  }
}

function namedSchema({ schema, name }: AddedField): ConnectSchema {
  return { ...schema, field: name };
}
