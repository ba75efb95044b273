import { RowcastError } from '../../core/errors.ts';
import { EVENT_SPARE } from './header.ts';

/** What is larger than it may be, and what is known of it. */
export interface Beyond {
  /** For people: `a rows event of shop.orders at binlog.000003:1234`. */
  readonly subject: string;
  readonly bytes: number;
  readonly images: 1 | 2;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** The most bytes of an event with so many row images, each of which may have `rowLimit`. */
export function eventLimit(rowLimit: number, images: 1 | 2): number {
  return images * rowLimit + EVENT_SPARE;
}

/** The error of an event that is not read, since it has more bytes than `limits.row` allows: what a route says of large rows is about those that were read. */
export function beyondLimit(rowLimit: number, { subject, bytes, images, facts }: Beyond): RowcastError {
  const limit = eventLimit(rowLimit, images);
  return new RowcastError('ROW_TOO_LARGE', `${subject} has ${bytes} bytes, more than the ${limit} that limits.row allows (${images === 1 ? 'one row image' : 'two row images'} and 64 KiB)`, {
    facts: { bytes, limit, ...facts },
    hint: 'Raise limits.row, whose fourfold is memory that the daemon needs. onTooLarge does not help: it is about rows that were read and messages that are too large. Rows of a table that no route takes are passed over, however large.',
  });
}
