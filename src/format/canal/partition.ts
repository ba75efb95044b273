import { ByteWriter } from '../../core/byte-writer.ts';
import type { RowMessage } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import { fill } from '../../core/projection.ts';
import type { ProjectedColumn, Projection } from '../../core/projection.ts';
import { ColumnText } from '../column-text.ts';
import { javaHash } from '../java-hash.ts';
import type { WriterOf } from '../row-object.ts';
import type { CanalOptions } from './options.ts';

/** What a hash is computed from. */
export type HashBy = 'table' | 'key' | readonly string[];

/** One part of a `partitionHash`: which tables it is for, and what is hashed. */
export interface HashRule {
  matches(table: string): boolean;
  readonly by: HashBy;
}

/** Characters that make a name a regular expression. */
const WILD = /[*?+|(){}[\]\\$^]/;
const KEY = '$pk$';

/** @throws RowcastError CONFIG_INVALID for a regular expression that is none */
export function parsePartitionHash(text: string): readonly HashRule[] {
  if (text === 'none') return [];
  return text.split(/[,;]/).map((part) => part.trim()).filter((part) => part !== '').map(parseRule);
}

function parseRule(text: string): HashRule {
  const colon = text.lastIndexOf(':');
  const name = colon > 0 ? text.slice(0, colon) : text;
  const columns = text.slice(colon + 1);
  const by = colon <= 0 ? 'table' : columns.toLowerCase() === KEY ? 'key' : columns.split('^').filter((column) => column !== '');
  if (!WILD.test(name)) return { by, matches: (table) => table.toLowerCase() === name.toLowerCase() };
  const expression = expressionOf(name);
  return { by, matches: (table) => expression.test(table) };
}

/** Of the whole name, whatever its case. */
function expressionOf(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`, 'is');
  } catch (cause) {
    throw new RowcastError('CONFIG_INVALID', `partitionHash: ${text} is no regular expression`, { cause, hint: 'Write it as in canal.mq.partitionHash, for example .*\\\\..*:$pk$ or shop.orders:id^customer.' });
  }
}

/**
 * Chooses partitions as Canal does: |hash| mod count. The hash of columns is that of the database (or 0) with the
 * `String.hashCode` of each value XORed into it.
 */
export function canalPartition(projection: Projection, writerOf: WriterOf, options: CanalOptions): (message: RowMessage) => number {
  const { table } = projection;
  const name = `${table.database}.${table.name}`;
  const rule = parsePartitionHash(options.partitionHash).find((each) => each.matches(name));
  if (rule === undefined) return () => options.partition;
  if (rule.by === 'table') {
    const hash = hashOf(table.name);
    return () => hash;
  }
  const start = options.databaseHash ? hashOf(table.database) : 0;
  const texts = columnsOf(projection, rule.by).map((projected) => new ColumnText(projected.column.index, writerOf(projected)));
  const scratch = new ByteWriter(64);
  return (message) => {
    const image = message.after ?? message.before;
    let hash = start;
    if (image === null) return hash;
    for (const text of texts) {
      fill(scratch, (out) => {
        text.write(image, out);
        return 0;
      });
      hash ^= javaHash(scratch.bytes, scratch.at);
    }
    return hash;
  };
}

/** A name that is no column of the message counts as an empty text, which changes no hash. */
function columnsOf(projection: Projection, by: 'key' | readonly string[]): readonly ProjectedColumn[] {
  if (by === 'key') return projection.key;
  return by.flatMap((name) => projection.columns.filter((column) => column.name === name));
}

function hashOf(text: string): number {
  const bytes = Buffer.from(text);
  return javaHash(bytes, bytes.length);
}
