import type { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { Header, RowEncoder } from '../../core/ports.ts';
import type { RowGatherer } from '../../core/row-encoding.ts';
import type { Projection } from '../../core/projection.ts';
import { AbsentHeader } from '../absent-columns.ts';
import type { FormatContext } from '../context.ts';
import { keyWriter } from '../image-writer.ts';
import type { ImageWriter } from '../image-writer.ts';
import { RowObject } from '../row-object.ts';
import { CanalEnvelope } from './envelope.ts';
import { CanalGatherer } from './gatherer.ts';
import type { CanalOptions } from './options.ts';
import { canalPartition } from './partition.ts';
import { canalWriters, representCanal } from './representations.ts';
import { sqlTypeWriter } from './sql-types.ts';
import type { SqlTypeWriter } from './sql-types.ts';

const DATA = Buffer.from('{"data":[');
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Fields come in the order in which Canal writes them: by their names. Messages have no key; errors name one. */
export class CanalEncoder implements RowEncoder {
  readonly keyed = false;
  readonly key: ImageWriter;
  readonly partition: (message: RowMessage) => number;
  readonly gatherer: RowGatherer | undefined;
  readonly #row: RowObject;
  readonly #absent: AbsentHeader;
  readonly #sqlTypes: SqlTypeWriter;
  readonly #envelope: CanalEnvelope;

  constructor(projection: Projection, options: CanalOptions, context: FormatContext) {
    const writerOf = canalWriters(projection, options.quirks, 'value');
    this.key = keyWriter(projection, representCanal);
    this.partition = canalPartition(projection, canalWriters(projection, options.quirks, 'key'), options);
    this.#row = new RowObject(projection, writerOf);
    this.#absent = new AbsentHeader(projection);
    this.#sqlTypes = sqlTypeWriter(projection, options.quirks);
    this.#envelope = new CanalEnvelope(projection, context.clock);
    this.gatherer = options.rowsPerMessage === 'one' ? undefined : new CanalGatherer(this.#row, this.#sqlTypes, this.#envelope);
  }

  value({ before, after, event, operation }: RowMessage, out: ByteWriter): void {
    const shown = after ?? before;
    if (shown === null) return;
    out.raw(DATA);
    this.#row.write(shown, out);
    this.#envelope.head(event, out);
    if (before === null || after === null) {
      out.raw(JSON_NULL);
    } else {
      out.byte(OPEN_LIST);
      this.#row.changed(before, after, out);
      out.byte(CLOSE_LIST);
    }
    this.#envelope.keys(out);
    this.#sqlTypes(shown, out);
    this.#envelope.tail(operation, out);
  }

  headers(message: RowMessage): readonly Header[] {
    return this.#absent.of(message);
  }
}
