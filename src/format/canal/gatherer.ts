import { ByteWriter } from '../../core/byte-writer.ts';
import type { Operation, RowMessage, RowsEvent } from '../../core/change.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { RowGatherer } from '../../core/row-encoding.ts';
import { fill } from '../../core/projection.ts';
import type { RowObject } from '../row-object.ts';
import type { CanalEnvelope } from './envelope.ts';
import type { SqlTypeWriter } from './sql-types.ts';

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const DATA = Buffer.from('{"data":[');
const FIRST_BYTES = 4096;
/** A buffer that large rows have made larger than this is given up after them (Invariant 6). */
const KEPT_BYTES = 1024 * 1024;

/** What one rows event says of one operation in one partition, in one message. */
export class CanalGatherer implements RowGatherer {
  readonly #row: RowObject;
  readonly #sqlTypes: SqlTypeWriter;
  readonly #envelope: CanalEnvelope;
  readonly #scratch = new ByteWriter(FIRST_BYTES);
  readonly #types = new ByteWriter(256);
  #data = new ByteWriter(FIRST_BYTES);
  #old = new ByteWriter(FIRST_BYTES);
  #event: RowsEvent | null = null;
  #operation: Operation = 'insert';

  constructor(row: RowObject, sqlTypes: SqlTypeWriter, envelope: CanalEnvelope) {
    this.#row = row;
    this.#sqlTypes = sqlTypes;
    this.#envelope = envelope;
  }

  add({ before, after, event, operation }: RowMessage, room: number): boolean {
    const shown = after ?? before;
    if (shown === null) return true;
    const end = fill(this.#scratch, (out) => {
      this.#row.write(shown, out);
      const written = out.at;
      if (before !== null && after !== null) this.#row.changed(before, after, out);
      return written;
    });
    const gathered = this.#data.at + this.#old.at;
    if (gathered + this.#scratch.at > room) return false;
    this.#event = event;
    this.#operation = operation;
    append(this.#data, this.#scratch, 0, end);
    if (this.#scratch.at > end) append(this.#old, this.#scratch, end, this.#scratch.at);
    fill(this.#types, (out) => {
      this.#sqlTypes(shown, out);
      return 0;
    });
    return true;
  }

  write(out: ByteWriter): void {
    if (this.#event === null) return;
    out.raw(DATA);
    out.range(this.#data.bytes, 0, this.#data.at);
    this.#envelope.head(this.#event, out);
    if (this.#old.at === 0) {
      out.raw(JSON_NULL);
    } else {
      out.byte(OPEN_LIST);
      out.range(this.#old.bytes, 0, this.#old.at);
      out.byte(CLOSE_LIST);
    }
    this.#envelope.keys(out);
    out.range(this.#types.bytes, 0, this.#types.at);
    this.#envelope.tail(this.#operation, out);
  }

  clear(): void {
    this.#event = null;
    this.#data = emptied(this.#data);
    this.#old = emptied(this.#old);
  }
}

/** Appends source[from, to), with a comma where it is not the first. */
function append(target: ByteWriter, source: ByteWriter, from: number, to: number): void {
  const needed = target.at + 1 + to - from;
  if (needed > target.bytes.length) target.grow(Math.max(needed, target.bytes.length * 2), target.at);
  if (target.at > 0) target.byte(COMMA);
  target.range(source.bytes, from, to);
}

function emptied(writer: ByteWriter): ByteWriter {
  if (writer.bytes.length > KEPT_BYTES) return new ByteWriter(FIRST_BYTES);
  writer.at = 0;
  return writer;
}
