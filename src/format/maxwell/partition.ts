import { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import { findColumn } from '../../core/projection.ts';
import type { ProjectedColumn, Projection } from '../../core/projection.ts';
import { tableLabel } from '../../core/table.ts';
import { ColumnText } from '../column-text.ts';
import { javaHash, murmur3 } from '../java-hash.ts';
import type { WriterOf } from '../row-object.ts';
import type { MaxwellOptions, PartitionBy } from './options.ts';

const MURMUR_SEED = 25_342;
/** RANDOM gives any number of so many values. */
const RANDOM_VALUES = 2 ** 31;
/** What Maxwell hashes where a row has a key of nothing but NULLs, and where a transaction has no XID. */
const NO_KEY = Buffer.from('None');
const NO_XID = Buffer.from('null');

/** Writes the text that a message's partition is computed from. */
type HashText = (message: RowMessage, out: ByteWriter) => void;

/** Maxwell's hash of a text. */
export function hashOf(hash: MaxwellOptions['partitionHash']): (text: ByteWriter) => number {
  return hash === 'default' ? ({ bytes, at }) => javaHash(bytes, at) : ({ bytes, at }) => murmur3(bytes, at, MURMUR_SEED);
}

/**
 * Chooses partitions as Maxwell's Kafka producer does: |hash(text)| mod count, the text by `producer_partition_by`.
 * @throws RowcastError ROUTE_COLUMN where the table lacks a column to choose by, or the route hides it
 */
export function partitionChooser(projection: Projection, writerOf: WriterOf, options: MaxwellOptions): (message: RowMessage) => number {
  if (options.partitionBy === 'random') return () => Math.floor(Math.random() * RANDOM_VALUES);
  const text = hashText(projection, writerOf, options.partitionBy, options);
  const hash = hashOf(options.partitionHash);
  const scratch = new ByteWriter(256);
  return (message) => {
    scratch.at = 0;
    text(message, scratch);
    while (scratch.overflowed) {
      scratch.grow(scratch.at * 2, 0);
      scratch.at = 0;
      text(message, scratch);
    }
    return hash(scratch);
  };
}

function hashText(projection: Projection, writerOf: WriterOf, by: PartitionBy, options: MaxwellOptions): HashText {
  const { database, name } = projection.table;
  switch (by) {
    case 'table':
      return constant(Buffer.from(name));
    case 'primary_key':
      return projection.key.length === 0 ? constant(Buffer.from(database + name)) : concatenated(projection.key, writerOf, constant(NO_KEY));
    case 'transaction_id':
      return ({ event }, out) => {
        const { xid } = event.transaction;
        if (xid === null) out.raw(NO_XID);
        else out.latin1(String(xid));
      };
    case 'column':
      return concatenated(options.partitionColumns.map((column) => shownColumn(projection, column)), writerOf, hashText(projection, writerOf, options.partitionFallback, options));
    default:
      return constant(Buffer.from(database));
  }
}

/** The values one after the other; `otherwise` where that is no text at all. */
function concatenated(columns: readonly (ProjectedColumn | null)[], writerOf: WriterOf, otherwise: HashText): HashText {
  const texts = columns.flatMap((column) => (column === null ? [] : [new ColumnText(column.column.index, writerOf(column))]));
  return (message, out) => {
    const image = message.after ?? message.before;
    if (image !== null) for (const text of texts) text.write(image, out);
    if (out.at === 0) otherwise(message, out);
  };
}

function constant(text: Buffer): HashText {
  return (_message, out) => {
    out.raw(text);
  };
}

/** Null for a column that the table does not have, which Maxwell passes over. @throws RowcastError ROUTE_COLUMN for one that is not shown */
function shownColumn(projection: Projection, name: string): ProjectedColumn | null {
  const { table, columns } = projection;
  if (table.columns.every((column) => column.name !== name)) return null;
  const column = findColumn(table, name);
  const shown = columns.find((projected) => projected.column === column);
  if (shown === undefined) throw new RowcastError('ROUTE_COLUMN', `table ${tableLabel(table)}: partitions are chosen by column ${name}, which the route leaves out`);
  return shown;
}
