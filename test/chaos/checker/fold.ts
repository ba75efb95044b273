import type { TopicMessage } from '../../../scripts/kafka-reader.ts';
import { noteOf } from '../rows.ts';
import { Sequence } from './sequence.ts';
import { Transactions } from './transactions.ts';

/** What a checker has counted so far. */
export interface Counts {
  /** Messages with a row, repeats included. */
  rows: number;
  /** Versions that were passed over and never came. */
  lost: number;
  /** Rows told again. */
  doubled: number;
  /** Rows that came after a later one of their key. */
  outOfOrder: number;
  /** Transactions of the source seen in parts. */
  torn: number;
  /** Rows whose content is not what was written. */
  changed: number;
}

/** A row as the topic left it. */
export interface FoldedRow {
  readonly version: number;
  readonly balance: number;
}

interface Key {
  readonly sequence: Sequence;
  row: FoldedRow | null;
}

interface Image {
  readonly id: number;
  readonly version: number;
  readonly balance: number;
  readonly note: string;
}

interface Envelope {
  readonly op: 'insert' | 'update' | 'delete';
  /** Its GTID, which a failover does not change. */
  readonly transaction: { readonly id: string };
  readonly before?: Image;
  readonly after?: Image;
}

/** How many findings are kept as text; the counts go on. */
const KEPT = 20;

/** Folds the messages of the writer's tables, in the order of their partitions, and counts what should not be. */
export class Fold {
  readonly counts: Counts = { rows: 0, lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 };
  /** Texts of the first findings: what, where. */
  readonly findings: string[] = [];
  readonly #transactions = new Transactions((text) => { this.#torn(text); });
  readonly #tables = new Map<string, Map<number, Key>>();
  /** Of each partition: the offset and transaction of the last row. */
  readonly #ends = new Map<string, { offset: number; gtid: string }>();
  readonly #exactly: boolean;

  /** @param exactly whether each row is told once and a transaction lies in one Kafka transaction */
  constructor(exactly: boolean) {
    this.#exactly = exactly;
  }

  /** The highest transaction of the writer that has come whole. */
  get whole(): number {
    return this.#transactions.whole;
  }

  /** Transactions that have come whole. */
  get transactions(): number {
    return this.#transactions.count;
  }

  /** The GTIDs of transactions of which only a part has come. */
  get open(): readonly string[] {
    return this.#transactions.open;
  }

  has(txn: number): boolean {
    return this.#transactions.has(txn);
  }

  take(message: TopicMessage): void {
    if (message.value === null) {
      this.#tombstone(message);
      return;
    }
    const table = message.topic.slice(message.topic.lastIndexOf('.') + 1);
    const { op, before, after, transaction } = JSON.parse(message.value.toString()) as Envelope;
    const image = after ?? before;
    if (image === undefined) throw new Error(`a message without an image: ${message.value.toString()}`);
    this.counts.rows++;
    this.#contiguous(message, transaction.id);
    const key = this.#key(table, image.id);
    const where = `${table} ${String(image.id)}, ${op} of version ${String(image.version)}, ${message.topic}[${String(message.partition)}]@${String(message.offset)}`;
    if (image.note.slice(0, noteOf(table, image.id, image.version).length) !== noteOf(table, image.id, image.version)) this.#found('changed', where);
    const number = op === 'delete' ? image.version + 1 : image.version;
    switch (key.sequence.take(number)) {
      case 'next':
        break;
      case 'again':
        this.#found('doubled', where);
        return;
      case 'late':
        this.#found('outOfOrder', where);
        break;
    }
    this.#apply(table, key, { op, image, before, gtid: transaction.id });
  }

  /** The topic of a table was deleted with what was in it. */
  forget(table: string): void {
    for (const key of this.#tables.get(table)?.values() ?? []) key.sequence.forget();
    for (const partition of this.#ends.keys()) if (partition.includes(`.${table}[`)) this.#ends.delete(partition);
  }

  /** The rows that are there when all that was told is applied. */
  rows(table: string): Map<number, FoldedRow> {
    const rows = new Map<number, FoldedRow>();
    for (const [id, { row }] of this.#tables.get(table) ?? []) if (row !== null) rows.set(id, row);
    return rows;
  }

  /** Counts what never came: asked when everything should be there. */
  settle(): void {
    this.counts.lost = 0;
    for (const [table, keys] of this.#tables) {
      for (const [id, { sequence }] of keys) {
        this.counts.lost += sequence.missing.size;
        for (const version of sequence.missing) this.note(`lost: ${table} ${String(id)}, version ${String(version)}`);
      }
    }
  }

  /** Keeps the text of a finding. */
  note(text: string): void {
    if (this.findings.length < KEPT && !this.findings.includes(text)) this.findings.push(text);
  }

  #apply(table: string, key: Key, { op, image, before, gtid }: { readonly op: string; readonly image: Image; readonly before: Image | undefined; readonly gtid: string }): void {
    const had = key.row?.balance ?? 0;
    key.row = op === 'delete' ? null : { version: image.version, balance: image.balance };
    if (op !== 'insert' && before !== undefined && key.sequence.missing.size === 0 && before.balance !== had) this.#found('changed', `${table} ${String(image.id)}: before version ${String(image.version)} there was ${String(before.balance)}, not ${String(had)}`);
    if (table === 'ledger') this.#transactions.told(gtid, { txn: image.id, size: image.balance });
    else if (table === 'accounts') this.#transactions.row(gtid, image.balance - (op === 'insert' ? image.balance : had));
    else if (table === 'items') this.#transactions.row(gtid, 0);
  }

  /**
   * Within a partition the rows of a Kafka transaction have offsets without a gap, and a marker takes one: a gap between two
   * rows of one transaction of the source says that it lies in two Kafka transactions, or that a part was taken back.
   */
  #contiguous({ topic, partition, offset }: TopicMessage, gtid: string): void {
    const place = `${topic}[${String(partition)}]`;
    const end = this.#ends.get(place);
    if (this.#exactly && end?.gtid === gtid && offset !== end.offset + 1) this.#torn(`${gtid} is in two Kafka transactions: ${place}@${String(end.offset)} and ${String(offset)}`);
    this.#ends.set(place, { offset, gtid });
  }

  /** It belongs to the delete before it, and takes an offset like a row. */
  #tombstone({ topic, partition, offset }: TopicMessage): void {
    const end = this.#ends.get(`${topic}[${String(partition)}]`);
    if (end?.offset === offset - 1) end.offset = offset;
  }

  #key(table: string, id: number): Key {
    let keys = this.#tables.get(table);
    if (keys === undefined) this.#tables.set(table, (keys = new Map<number, Key>()));
    let key = keys.get(id);
    if (key === undefined) keys.set(id, (key = { sequence: new Sequence(), row: null }));
    return key;
  }

  #torn(text: string): void {
    this.#found('torn', text);
  }

  #found(what: 'doubled' | 'outOfOrder' | 'torn' | 'changed', text: string): void {
    this.counts[what]++;
    // Duplicates are what at-least-once is called after.
    if (what !== 'doubled' || this.#exactly) this.note(`${what}: ${text}`);
  }
}
