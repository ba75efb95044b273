import type { Operation, RowMessage, RowsEvent } from '../core/change.ts';
import type { RowImage } from '../core/row-image.ts';

/** The one message object of a processor, filled anew for each message. */
export class MessageSlot implements RowMessage {
  operation: Operation = 'insert';
  before: RowImage | null = null;
  after: RowImage | null = null;
  event: RowsEvent;
  row = 0;
  keyChange: 'none' | 'old' | 'new' = 'none';
  otherKey: RowImage | null = null;
  order = 0;
  tableOrder = 0;
  offset = 0;

  constructor(event: RowsEvent) {
    this.event = event;
  }

  /** A whole change. */
  change(operation: Operation, before: RowImage | null, after: RowImage | null): void {
    this.operation = operation;
    this.before = before;
    this.after = after;
    this.keyChange = 'none';
    this.otherKey = null;
  }

  /** The first half of a row that changed its key. */
  oldKey(before: RowImage, after: RowImage): void {
    this.change('delete', before, null);
    this.keyChange = 'old';
    this.otherKey = after;
  }

  /** The second half. */
  newKey(before: RowImage, after: RowImage): void {
    this.change('insert', null, after);
    this.keyChange = 'new';
    this.otherKey = before;
  }
}
