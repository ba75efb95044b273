import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { Operation, RowMessage } from '../../core/change.ts';
import { Constant, sharedConstant } from '../../core/constant.ts';
import type { Header, RowEncoder } from '../../core/ports.ts';
import { EventCache } from '../event-cache.ts';
import type { EventWriter } from '../event-cache.ts';
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

/** Of a source whose rows are numbered in their transaction: up to the number of the row in its event, and from there up to those. */
interface Numbered {
  readonly head: EventCache;
  readonly tail: EventCache;
}

/** The change event envelope: before, after, source, transaction, op and when it was written. */
export class EnvelopeEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly #keys: Keys;
  readonly #images: Images;
  /** What comes before the image of an update or a delete, and of an insert; a schema in front, made once. */
  readonly #before: Constant;
  readonly #noBefore: Constant;
  /** What comes before the number of the row in the source, and after it up to the letter of the operation, or up to its numbers in the transaction. */
  readonly #head: EventWriter;
  readonly #tail: EventWriter;
  /** From the source on to the end of the envelope, where the rows of a transaction are not numbered; each made at its first row. */
  readonly #ends: Record<Operation, RowNumberCache | null> = { insert: null, update: null, delete: null };
  /** The same where they are. */
  readonly #numbered: Numbered | null;
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
    const transactions = options.transactionTopic !== null;
    this.#head = sourceHead(projection.table, shared);
    this.#tail = sourceTail(projection, shared, transactions);
    this.#numbered = transactions ? { head: new EventCache(this.#head), tail: new EventCache(this.#tail) } : null;
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
    if (this.#numbered === null) (ofOperation(this.#ends, message.operation) ?? this.#endOf(message.operation)).write(event, message.row, out);
    else this.#orders(this.#numbered, message, out);
  }

  headers(message: RowMessage): readonly Header[] {
    return this.#keys.headers(message);
  }

  #endOf(operation: Operation): RowNumberCache {
    const made = new RowNumberCache({
      begin: () => this.#time.read(),
      before: this.#head,
      after: (event, out) => {
        this.#tail(event, out);
        this.#end(operation, out);
      },
    });
    this.#ends[operation] = made;
    return made;
  }

  #orders({ head, tail }: Numbered, message: RowMessage, out: ByteWriter): void {
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
