import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { Operation, PerOperation, RowMessage } from '../../core/change.ts';
import { Constant, sharedConstant } from '../../core/constant.ts';
import type { Header, RowEncoder } from '../../core/ports.ts';
import { EventCache } from '../event-cache.ts';
import { imagesOf } from '../image-writer.ts';
import type { Images, ImageWriter } from '../image-writer.ts';
import { RowNumberCache } from '../row-number-cache.ts';
import { absentDebezium } from './absent.ts';
import { envelopeSchema, schemaText } from './connect-schema.ts';
import type { SchemaGround } from './connect-schema.ts';
import { Keys } from './keys.ts';
import type { ProcessingTime } from './processing-time.ts';
import { sourceHead, sourceTail, writeOrders } from './source-block.ts';
import type { SharedSource } from './source-block.ts';

const CLOSE = 0x7d;
const AFTER = new Constant(Buffer.from(',"after":'));
const NO_AFTER = new Constant(Buffer.from(',"after":null'));
const LETTERS = { insert: 0x63, update: 0x75, delete: 0x64 } as const;

/** The change event envelope: before, after, source, transaction, op and when it was written. */
export class EnvelopeEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #keys: Keys;
  readonly #images: Images;
  /** What comes before the image of an update or a delete, and of an insert; a schema in front, made once. */
  readonly #before: Constant;
  readonly #noBefore: Constant;
  /** From the source on to the end of the envelope, where the rows of a transaction are not numbered. */
  readonly #ends: PerOperation<RowNumberCache>;
  /** The same where they are, up to the number of the row and from there up to theirs. */
  readonly #numbered: { readonly head: EventCache; readonly tail: EventCache } | null;
  /** When the first row of the event was written: the clock is not asked for each row. */
  readonly #time: ProcessingTime;
  readonly #schemas: boolean;

  constructor(ground: SchemaGround, shared: SharedSource) {
    const { options, projection, represent } = ground;
    const schema = options.schemas ? schemaText(envelopeSchema(ground)) : '';
    this.#keys = new Keys(ground);
    this.key = this.#keys.write;
    this.#images = imagesOf(projection, represent, absentDebezium);
    this.#before = sharedConstant(Buffer.from(`${schema}{"before":`));
    this.#noBefore = sharedConstant(Buffer.from(`${schema}{"before":null,"after":`));
    this.#schemas = options.schemas;
    const head = sourceHead(projection.table, shared);
    const transactions = options.transactionTopic !== null;
    const tail = sourceTail(projection, shared, transactions);
    this.#numbered = transactions ? { head: new EventCache(head), tail: new EventCache(tail) } : null;
    const endOf = (operation: Operation): RowNumberCache => new RowNumberCache({
      begin: () => this.#time.read(),
      before: head,
      after: (event, out) => {
        tail(event, out);
        this.#end(operation, out);
      },
    });
    this.#ends = { insert: endOf('insert'), update: endOf('update'), delete: endOf('delete') };
    this.#time = shared.time;
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { before, after, event } = message;
    if (before === null) out.constant(this.#noBefore);
    else out.constant(this.#before);
    if (before !== null && after !== null) {
      this.#images.two(before, AFTER, after, out);
    } else {
      const only = after ?? before;
      if (only !== null) this.#images.one(only, out);
      if (after === null) out.constant(NO_AFTER);
    }
    if (this.#numbered === null) ofOperation(this.#ends, message.operation).write(event, message.row, out);
    else this.#orders(this.#numbered, message, out);
  }

  headers(message: RowMessage): readonly Header[] {
    return this.#keys.headers(message);
  }

  #orders({ head, tail }: { readonly head: EventCache; readonly tail: EventCache }, message: RowMessage, out: ByteWriter): void {
    if (head.copy(message.event, out)) this.#time.read();
    out.integer(message.row);
    tail.copy(message.event, out);
    writeOrders(message, out);
    this.#end(message.operation, out);
  }

  #end(operation: Operation, out: ByteWriter): void {
    out.byte(ofOperation(LETTERS, operation));
    this.#time.write(out);
    if (this.#schemas) out.byte(CLOSE);
  }
}
