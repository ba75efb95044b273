import type { PartialImages, RowMessage, RowsEvent } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import { ByteWriter } from '../core/byte-writer.ts';
import type { RoutePlan } from '../core/plan.ts';
import type { Counter, DeleteForm, Format, RowEncoder, TopicWriter } from '../core/ports.ts';
import { fill } from '../core/projection.ts';
import { RowImage } from '../core/row-image.ts';
import type { LeftOutReason, RowsProcessor } from './left-out.ts';
import type { LastRowHolder } from './last-row.ts';
import { HoldingSender } from './last-row.ts';
import { countRows } from './left-out.ts';
import type { Attempt, Misfits } from './misfits.ts';
import { aboutRows } from './row-errors.ts';
import { MessageSlot } from './row-messages.ts';
import { Selection } from './selection.ts';
import type { Sender } from './senders.ts';
import { DirectSender, GatheringSender } from './senders.ts';
import type { TableLog } from './transaction-log.ts';

/** What a route needs to tell the rows of one table version. */
export interface RouteRowsParts {
  readonly plan: RoutePlan;
  readonly encoder: RowEncoder;
  readonly keyChanges: Format['keyChanges'];
  readonly topic: TopicWriter;
  readonly sent: Counter;
  /** Shared by all tables. */
  readonly holder: LastRowHolder;
  readonly leftOut: (reason: LeftOutReason) => Counter;
  /** Numbers messages in their transaction; null where the format does not ask. */
  readonly log: TableLog | null;
  /** What becomes of rows that cannot go. */
  readonly misfits: Misfits;
}

/** Tells the rows of one table version to one topic. The hot path: nothing is made per row. */
export class RouteRows implements RowsProcessor {
  readonly #parts: RouteRowsParts;
  readonly #encoder: RowEncoder;
  readonly #sender: Sender;
  readonly #holder: LastRowHolder | null;
  readonly #whole: boolean;
  readonly #selection: Selection | null;
  readonly #keyed: boolean;
  /** `routed`: both, where there is a key. */
  readonly #deletes: DeleteForm | 'routed';
  readonly #before: RowImage;
  readonly #after: RowImage;
  readonly #key = new ByteWriter(256);
  readonly #newKey = new ByteWriter(256);
  #message: MessageSlot | null = null;

  constructor(parts: RouteRowsParts) {
    const { plan, encoder } = parts;
    this.#parts = parts;
    this.#encoder = encoder;
    this.#sender = senderOf(parts);
    this.#holder = encoder.lastRow === undefined ? null : parts.holder;
    this.#whole = parts.keyChanges === 'whole';
    this.#selection = plan.where === null && plan.when === null ? null : new Selection(plan);
    this.#keyed = plan.projection.key.length > 0 && encoder.keyed !== false;
    this.#deletes = encoder.deletes ?? (plan.tombstones ? 'routed' : 'message');
    this.#before = new RowImage(plan.projection.table);
    this.#after = new RowImage(plan.projection.table);
  }

  /** @throws RowcastError for a row that cannot be told; its message names the table, the row and the place */
  process(event: RowsEvent): void {
    if (!this.#parts.plan.operations.has(event.operation)) {
      this.#parts.leftOut('operation').add(countRows(event, this.#after));
      return;
    }
    const message = (this.#message ??= new MessageSlot(event));
    message.event = event;
    message.row = event.firstRow;
    try {
      let at = event.start;
      // A row of which the binlog tells no column has no bytes; it is the only one of its event.
      if (at === event.end && event.partial !== null) this.#row(event, at, message);
      for (; at < event.end; message.row++) at = this.#row(event, at, message);
      this.#sender.endOfEvent();
    } catch (error) {
      throw this.#named(error, message);
    }
  }

  /** Tells the row that starts at `at`; the answer is where the next one starts. */
  #row(event: RowsEvent, at: number, message: MessageSlot): number {
    if (event.partial !== null) return this.#partialRow(event, event.partial, at, message);
    if (event.operation === 'insert') {
      this.#after.set(event.bytes, at, event.end);
      this.#change(message, null, this.#after);
      return this.#after.end();
    }
    this.#before.set(event.bytes, at, event.end);
    if (event.operation === 'delete') {
      this.#change(message, this.#before, null);
      return this.#before.end();
    }
    this.#after.set(event.bytes, this.#before.end(), event.end);
    this.#change(message, this.#before, this.#after);
    return this.#after.end();
  }

  /** The same for images that lack columns. */
  #partialRow(event: RowsEvent, partial: PartialImages, at: number, message: MessageSlot): number {
    const before = event.operation === 'insert' ? null : this.#before;
    const after = event.operation === 'delete' ? null : this.#after;
    before?.set(event.bytes, at, event.end, partial.before);
    const next = before === null ? at : before.end();
    if (after === null) {
      this.#change(message, before, null);
      return next;
    }
    after.set(event.bytes, next, event.end, partial.after);
    after.fallback = before;
    this.#change(message, before, after);
    return after.end();
  }

  #change(message: MessageSlot, before: RowImage | null, after: RowImage | null): void {
    try {
      this.#judge(message, before, after);
    } catch (error) {
      this.#unsendable(error, message, { before, after });
    }
  }

  #judge(message: MessageSlot, before: RowImage | null, after: RowImage | null): void {
    const verdict = this.#selection === null ? message.event.operation : this.#selection.judge(message.event, before, after);
    switch (verdict) {
      case 'insert':
        this.#tell(message, null, after);
        return;
      case 'delete':
        this.#tell(message, before, null);
        return;
      case 'update':
        this.#update(message, before, after);
        return;
      default:
        this.#parts.leftOut(verdict).add(1);
    }
  }

  #tell(message: MessageSlot, before: RowImage | null, after: RowImage | null): void {
    message.change(before === null ? 'insert' : after === null ? 'delete' : 'update', before, after);
    this.#send(message, this.#keyOf(after ?? before, this.#key));
  }

  /** A row that changed its key is told in two halves, so that whoever follows a key sees it go and come; or whole, where the format has it so. */
  #update(message: MessageSlot, before: RowImage | null, after: RowImage | null): void {
    const oldKey = this.#whole ? null : this.#keyOf(before, this.#key);
    const newKey = this.#keyOf(after, this.#newKey);
    if (this.#whole || before === null || after === null || sameBytes(oldKey, newKey)) {
      message.change('update', before, after);
      this.#send(message, newKey);
      return;
    }
    message.oldKey(before, after);
    this.#send(message, oldKey);
    message.newKey(before, after);
    this.#send(message, newKey);
  }

  #keyOf(image: RowImage | null, into: ByteWriter): ByteWriter | null {
    if (!this.#keyed || image === null) return null;
    into.at = 0;
    this.#encoder.key(image, into);
    while (into.overflowed) {
      into.grow(into.at * 2, 0);
      into.at = 0;
      this.#encoder.key(image, into);
    }
    return into;
  }

  #send(message: MessageSlot, key: ByteWriter | null): void {
    const form = message.operation === 'delete' ? this.#deletes : 'message';
    if (form === 'none') {
      this.#parts.leftOut('flat_delete').add(1);
      return;
    }
    this.#parts.log?.number(message);
    if (this.#holder !== null) message.offset = this.#holder.offset;
    const sent = key ?? this.#keylessKey(message);
    const told = form === 'routed' ? (sent === null ? 'message' : 'both') : form;
    try {
      this.#sender.send(message, sent, told);
    } catch (error) {
      this.#misfit(error, { message, key: sent, form: told, sender: this.#sender, senderOf: (encoder) => this.#senderOf(encoder) }, message);
    }
  }

  /** One message of a row cannot be sent; others of the row may. */
  #misfit(error: unknown, attempt: Attempt, message: MessageSlot): void {
    try {
      if (this.#parts.misfits.message(error, attempt)) return;
    } catch (failure) {
      throw this.#named(failure, message);
    }
    this.#parts.log?.takeBack();
  }

  /** No message can be made of a row. */
  #unsendable(error: unknown, message: MessageSlot, { before, after }: Pick<RowMessage, 'before' | 'after'>): void {
    if (!(error instanceof RowcastError) || 'position' in error.facts) throw error;
    const old = before !== null && this.#shows(before) ? before : null;
    const now = after !== null && this.#shows(after) ? after : null;
    message.change(old === null ? 'insert' : now === null ? 'delete' : 'update', old, now);
    this.#parts.misfits.row(error, message, this.#keyIfAny(now ?? old));
  }

  #shows(image: RowImage): boolean {
    return this.#selection === null || this.#selection.shows(image);
  }

  #senderOf(encoder: RowEncoder): Sender {
    const parts = { ...this.#parts, encoder };
    return encoder.lastRow === undefined ? new DirectSender(parts) : new HoldingSender(parts, parts.holder);
  }

  #keyIfAny(image: RowImage | null): ByteWriter | null {
    try {
      return this.#keyOf(image, this.#key);
    } catch {
      // The row's key cannot be encoded, which may be what is wrong with it.
      return null;
    }
  }

  #keylessKey(message: MessageSlot): ByteWriter | null {
    const { keyless } = this.#encoder;
    if (keyless === undefined) return null;
    fill(this.#key, (out) => {
      keyless(message, out);
      return 0;
    });
    return this.#key;
  }

  #named(error: unknown, message: MessageSlot): unknown {
    const { event, row } = message;
    return aboutRows(error, { table: event.table, file: event.transaction.file, position: event.position, row }, this.#keyFact(message));
  }

  /** The key as it would have been sent, so with its masks. */
  #keyFact(message: MessageSlot): { readonly key?: string } {
    const key = this.#keyIfAny(message.after ?? message.before);
    return key === null ? {} : { key: key.view().toString('utf8', 0, Math.min(key.at, KEY_FACT_BYTES)) };
  }
}

function senderOf(parts: RouteRowsParts): Sender {
  const { lastRow, gatherer } = parts.encoder;
  if (lastRow !== undefined) return new HoldingSender(parts, parts.holder);
  return gatherer === undefined ? new DirectSender(parts) : new GatheringSender(parts, gatherer);
}

/** A key in an error is cut to this many bytes. */
const KEY_FACT_BYTES = 200;

function sameBytes(a: ByteWriter | null, b: ByteWriter | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.at !== b.at) return false;
  for (let i = 0; i < a.at; i++) if (a.bytes[i] !== b.bytes[i]) return false;
  return true;
}
