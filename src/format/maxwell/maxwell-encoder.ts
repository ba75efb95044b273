import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { RowMessage } from '../../core/change.ts';
import type { Header, RowEncoder } from '../../core/ports.ts';
import type { LastRow } from '../../core/row-encoding.ts';
import type { Projection } from '../../core/projection.ts';
import { AbsentHeader } from '../absent-columns.ts';
import type { FormatContext } from '../context.ts';
import { EventCache } from '../event-cache.ts';
import type { ImageWriter } from '../image-writer.ts';
import { RowObject } from '../row-object.ts';
import type { FieldNames } from './fields.ts';
import { fieldNames, pushTimestamp, writePlace, writeStart, writeTime } from './fields.ts';
import { keyValues, maxwellKey, maxwellKeylessKey } from './key.ts';
import { namingOf } from './naming.ts';
import type { MaxwellOptions } from './options.ts';
import { partitionChooser } from './partition.ts';
import { maxwellWriters } from './writers.ts';

const CLOSE = 0x7d;
const OPERATIONS = { insert: Buffer.from('insert"'), update: Buffer.from('update"'), delete: Buffer.from('delete"') } as const;

/** Fields come in the order in which Maxwell writes them. */
export class MaxwellEncoder implements RowEncoder {
  readonly key: ImageWriter;
  readonly keyless: (message: RowMessage, out: ByteWriter) => void;
  readonly partition: (message: RowMessage) => number;
  readonly lastRow: LastRow | undefined;
  readonly #options: MaxwellOptions;
  readonly #context: FormatContext;
  readonly #names: FieldNames;
  readonly #start: EventCache;
  readonly #time: EventCache;
  readonly #place: EventCache;
  readonly #row: RowObject;
  readonly #absent: AbsentHeader;
  readonly #keyValues: ImageWriter;
  readonly #mark: { from: number; to: number; readonly instead: Buffer };

  constructor(projection: Projection, options: MaxwellOptions, context: FormatContext) {
    const values = maxwellWriters(projection, options, 'value');
    const keys = maxwellWriters(projection, options, 'key');
    this.#options = options;
    this.#context = context;
    this.#names = fieldNames(projection, options);
    this.key = maxwellKey(projection, keys, options);
    this.keyless = maxwellKeylessKey(projection, options);
    this.partition = partitionChooser(projection, values, options);
    this.#keyValues = keyValues(projection, values);
    this.#row = new RowObject(projection, values, { nulls: options.nulls, name: namingOf(options.naming) });
    this.#absent = new AbsentHeader(projection);
    this.#start = new EventCache(writeStart(projection, options, this.#names));
    this.#time = new EventCache(writeTime(options, this.#names));
    this.#place = new EventCache(writePlace(options, this.#names));
    this.#mark = { from: 0, to: 0, instead: this.#names.commit };
    this.lastRow = options.commitInfo ? this.#mark : undefined;
  }

  value(message: RowMessage, out: ByteWriter): void {
    const { event, before, after } = message;
    const begin = out.at;
    this.#start.copy(event, out);
    out.raw(ofOperation(OPERATIONS, message.operation));
    this.#time.copy(event, out);
    this.#mark.from = out.at - begin;
    if (this.#options.commitInfo && this.#options.xoffset) {
      out.raw(this.#names.xoffset);
      out.integer(message.offset);
    }
    this.#mark.to = out.at - begin;
    this.#place.copy(event, out);
    if (this.#options.pushTimestamp) pushTimestamp(this.#names, this.#context.clock.nowMicros(), out);
    const shown = after ?? before;
    if (shown === null) return;
    if (this.#options.primaryKeys) {
      out.raw(this.#names.primaryKey);
      this.#keyValues(shown, out);
    }
    out.raw(this.#names.data);
    this.#row.write(shown, out);
    if (before !== null && after !== null) {
      const mark = out.at;
      out.raw(this.#names.old);
      if (this.#row.changed(before, after, out) === 0) out.at = mark;
    }
    out.byte(CLOSE);
  }

  headers(message: RowMessage): readonly Header[] {
    return this.#absent.of(message);
  }
}
