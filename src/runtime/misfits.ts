import type { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage } from '../core/change.ts';
import type { ErrorCode } from '../core/errors.ts';
import { RowcastError } from '../core/errors.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { Counter, LogFields, Logger, Metrics, RowEncoder, TopicWriter } from '../core/ports.ts';
import type { Projection } from '../core/projection.ts';
import { tableLabel } from '../core/table.ts';
import { DeadLetters } from './dead-letters.ts';
import type { LeftOutReason } from './left-out.ts';
import { LogLimit } from './log-limit.ts';
import type { Form, Sender } from './senders.ts';
import { Truncation } from './truncation.ts';

export interface MisfitParts {
  readonly plan: RoutePlan;
  readonly encoder: RowEncoder;
  /** Makes an encoder of the same kind for another projection of the table. */
  readonly encoderOf: (projection: Projection) => RowEncoder;
  /** Where dead letters go; null where the route has none. */
  readonly deadLetters: TopicWriter | null;
  readonly leftOut: (reason: LeftOutReason) => Counter;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** A message that could not be sent, and how it was tried. */
export interface Attempt {
  readonly message: RowMessage;
  readonly key: ByteWriter | null;
  readonly form: Form;
  /** The one that failed: what it holds back is older than the message. */
  readonly sender: Sender;
  /** Makes a sender of the same kind that encodes otherwise. */
  readonly senderOf: (encoder: RowEncoder) => Sender;
}

/** Errors that are about one row and what it holds, and the reason under which such rows are left out. */
const CONTENT: Partial<Record<ErrorCode, LeftOutReason>> = { CONDITION_FAILED: 'condition_error', ROW_UNREADABLE: 'encode_error', COLUMN_ABSENT: 'encode_error' };

/** A key in a log line is cut to this many bytes. */
const KEY_BYTES = 200;

/**
 * What becomes of rows that cannot go, as their route has it (`onTooLarge`, `onError`). Each is told otherwise, left out
 * under a name with a count and a line in the log, or ends the stream (Invariant 4).
 */
export class Misfits {
  readonly #parts: MisfitParts;
  readonly #deadLetters: DeadLetters | null;
  readonly #log: LogLimit;
  #truncation: { readonly made: Truncation; readonly sender: Sender } | null = null;

  constructor(parts: MisfitParts) {
    const { plan, encoder, deadLetters, logger } = parts;
    this.#parts = parts;
    this.#deadLetters = deadLetters === null ? null : new DeadLetters({ plan, encoder, topic: deadLetters });
    this.#log = new LogLimit(logger);
  }

  /**
   * A message cannot be sent as it is. True: it was sent cut. False: it is not told; of a delete, the tombstone is all the
   * same, as the row is gone either way.
   * @throws the error, where it ends the stream
   */
  message(error: unknown, attempt: Attempt): boolean {
    if (isTooLarge(error) && this.#parts.plan.onTooLarge === 'truncate') {
      this.#cut(error, attempt);
      return true;
    }
    this.#instead(error, attempt.message, attempt.key);
    if (attempt.form === 'both') bareTombstone(attempt);
    return false;
  }

  /** A row of which no message could be made; `message` has the images that may be shown. @throws the error, where it ends the stream */
  row(error: unknown, message: RowMessage, key: ByteWriter | null): void {
    this.#instead(error, message, key);
  }

  #instead(error: unknown, message: RowMessage, key: ByteWriter | null): void {
    const { plan } = this.#parts;
    if (isTooLarge(error)) {
      if (plan.onTooLarge === 'drop') this.#drop(error, message, key);
      else if (plan.onTooLarge === 'deadLetter') this.#bury(error, message, key);
      else throw error;
      return;
    }
    const reason = isOwn(error) ? CONTENT[error.code] : undefined;
    if (!isOwn(error) || reason === undefined) throw error;
    if (plan.onError === 'deadLetter') this.#bury(error, message, key);
    else if (plan.onError === 'skip') this.#skip(error, reason, { message, key });
    else throw error;
  }

  #drop(error: RowcastError, message: RowMessage, key: ByteWriter | null): void {
    this.#parts.leftOut('too_large').add(1);
    this.#parts.logger.warn('a message is left out: it is larger than its topic takes', this.#fields(error, message, key));
  }

  #skip(error: RowcastError, reason: LeftOutReason, { message, key }: Pick<Attempt, 'message' | 'key'>): void {
    this.#parts.leftOut(reason).add(1);
    this.#log.warn('a row is left out: it cannot be told', this.#fields(error, message, key));
  }

  #bury(error: RowcastError, message: RowMessage, key: ByteWriter | null): void {
    if (this.#deadLetters === null) throw new RowcastError('INTERNAL', `the dead letters of ${this.#parts.plan.route} have no topic`, { cause: error });
    this.#deadLetters.write(message, key, error);
    this.#parts.metrics.counter('rowcast_dead_letters_total', { table: tableLabel(message.event.table), code: error.code }).add(1);
    this.#log.warn('a row went to the dead letters', { ...this.#fields(error, message, key), deadLetters: this.#parts.plan.deadLetter });
  }

  #cut(error: RowcastError, { message, key, form, sender, senderOf }: Attempt): void {
    const { plan, encoder, encoderOf, metrics } = this.#parts;
    sender.endOfEvent();
    if (this.#truncation === null) {
      const made = new Truncation(plan.projection, encoder, encoderOf);
      this.#truncation = { made, sender: senderOf(made.encoder) };
    }
    const { made, sender: cutting } = this.#truncation;
    made.fitted(message, error, () => { cutting.send(message, key, form); });
    metrics.counter('rowcast_rows_truncated_total', { table: tableLabel(message.event.table) }).add(1);
    this.#log.warn('a message was cut: it was larger than its topic takes', this.#fields(error, message, key));
  }

  /** The key as it would have been sent, so with its masks. */
  #fields(error: RowcastError, { event, operation, row }: RowMessage, key: ByteWriter | null): LogFields {
    const { bytes, limit } = error.facts;
    const { gtid, file } = event.transaction;
    return {
      code: error.code,
      error: error.message,
      table: tableLabel(event.table),
      topic: this.#parts.plan.topic,
      key: key === null ? null : key.view().toString('utf8', 0, Math.min(key.at, KEY_BYTES)),
      operation,
      gtid,
      file,
      position: event.position,
      row,
      ...(bytes === undefined ? {} : { bytes, limit }),
    };
  }
}

/** A key that is too large by itself takes no tombstone either; the row is accounted for already. */
function bareTombstone({ sender, message, key }: Attempt): void {
  try {
    sender.tombstone(message, key);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
  }
}

/** An error that names a place is about another row, told earlier. */
function isOwn(error: unknown): error is RowcastError {
  return error instanceof RowcastError && !('position' in error.facts);
}

function isTooLarge(error: unknown): error is RowcastError {
  return isOwn(error) && error.code === 'ROW_TOO_LARGE';
}
