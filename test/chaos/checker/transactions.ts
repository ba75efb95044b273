interface Open {
  /** What its row in the ledger says; null before that has come. */
  ledger: { readonly txn: number; readonly size: number } | null;
  rows: number;
  /** Sum of what its rows added to accounts. */
  moved: number;
}

/** The writer's transactions, each of which names its number of rows in the ledger and adds nothing to the sum of the accounts. */
export class Transactions {
  readonly #open = new Map<string, Open>();
  readonly #done = new Set<number>();
  readonly #wrong: (text: string) => void;
  #whole = 0;

  constructor(wrong: (text: string) => void) {
    this.#wrong = wrong;
  }

  /** The highest that has come whole. */
  get whole(): number {
    return this.#whole;
  }

  /** How many have come whole. */
  get count(): number {
    return this.#done.size;
  }

  /** The GTIDs of those of which only a part has come. */
  get open(): readonly string[] {
    return [...this.#open.keys()];
  }

  has(txn: number): boolean {
    return this.#done.has(txn);
  }

  /** The row of the ledger: the writer's number of the transaction with this GTID, and how many rows it has besides. */
  told(gtid: string, ledger: { readonly txn: number; readonly size: number }): void {
    const open = this.#of(gtid);
    if (open.ledger !== null) this.#wrong(`${gtid} has two rows in the ledger`);
    open.ledger = ledger;
    this.#look(gtid, open);
  }

  /** A row of another table that the ledger counts. */
  row(gtid: string, moved: number): void {
    const open = this.#of(gtid);
    open.rows++;
    open.moved += moved;
    this.#look(gtid, open);
  }

  #of(gtid: string): Open {
    let open = this.#open.get(gtid);
    if (open === undefined) this.#open.set(gtid, (open = { ledger: null, rows: 0, moved: 0 }));
    return open;
  }

  #look(gtid: string, open: Open): void {
    if (open.ledger === null || open.rows < open.ledger.size) return;
    this.#open.delete(gtid);
    const { txn, size } = open.ledger;
    if (open.rows > size) this.#wrong(`transaction ${String(txn)} has ${String(open.rows)} rows, not ${String(size)}`);
    if (open.moved !== 0) this.#wrong(`transaction ${String(txn)} changed the sum of the accounts by ${String(open.moved)}`);
    this.#done.add(txn);
    this.#whole = Math.max(this.#whole, txn);
  }
}
