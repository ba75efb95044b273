import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { connectMysql, queryOn, type Address } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import type { Random } from './random.ts';
import { ACCOUNTS, FIRST_BALANCE, noteOf } from './rows.ts';

interface Row {
  version: number;
  balance: number;
  live: boolean;
}

type Table = 'accounts' | 'items' | 'scrap';

/** A change that is not committed yet. */
interface Change {
  readonly table: Table;
  readonly id: number;
  readonly row: Row;
  readonly sql: string;
}

/** Milliseconds between two transactions. */
const PACE_MS = 12;
const ITEMS = 60;

/**
 * Writes transactions until told to stop: amounts that move between accounts, so that the sum stays; rows that come, change and
 * go; many rows at once now and then. Each names its number and its number of rows in `ledger`, and each row its version: the
 * changes of a key are numbered without a gap, a delete counts as one.
 */
export class Writer {
  /** The last transaction that is committed for certain. */
  committed = 0;
  /** Row changes committed, the ledger's own included. */
  rows = 0;
  readonly #server: () => Address;
  readonly #database: string;
  readonly #random: Random;
  readonly #tables: Record<Table, Map<number, Row>> = { accounts: new Map(), items: new Map(), scrap: new Map() };
  /** When each of the last transactions was committed, on the monotonic clock. */
  readonly #times = new Map<number, number>();
  #connection: Connection | null = null;
  #stopped = false;
  #asked = 0;
  #resting: Promise<void> | null = null;
  #rest: (() => void) | null = null;
  #done: Promise<void> = Promise.resolve();

  constructor(parts: { readonly server: () => Address; readonly database: string; readonly random: Random }) {
    this.#server = parts.server;
    this.#database = parts.database;
    this.#random = parts.random;
  }

  async start(): Promise<void> {
    const rows = Array.from({ length: ACCOUNTS }, (_, id) => this.#change('accounts', id, FIRST_BALANCE));
    await this.#commit(rows);
    this.#done = this.#write();
    this.#done.catch(() => undefined);
  }

  /** Ends after the transaction under way. @throws Error when writing failed for another reason than a server that went away */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
    this.#connection?.destroy();
  }

  /** Runs `act` while nothing is written. */
  async still<T>(act: () => Promise<T>): Promise<T> {
    this.#asked++;
    try {
      await Promise.race([until('the writer rests', () => this.#resting !== null), this.#done]);
      return await act();
    } finally {
      if (--this.#asked === 0) this.#rest?.();
    }
  }

  /** Waits until `count` more transactions are committed. */
  async more(count: number): Promise<void> {
    const goal = this.committed + count;
    await Promise.race([until(`transaction ${String(goal)}`, () => this.committed >= goal), this.#done]);
  }

  /** One transaction with `count` rows of `bytes` bytes. Waits until it is committed. */
  async big(count: number, bytes: number): Promise<void> {
    await this.still(() => this.#commit(Array.from({ length: count }, (_, index) => this.#change('items', ITEMS + index, 0, bytes))));
  }

  /** When a transaction was committed, on the monotonic clock; null when that is too long ago. */
  committedAt(txn: number): number | null {
    return this.#times.get(txn) ?? null;
  }

  async #write(): Promise<void> {
    while (!this.#stopped) {
      if (this.#asked > 0) {
        this.#resting = new Promise((resolve) => { this.#rest = resolve; });
        await this.#resting;
        this.#resting = null;
      } else {
        await this.#commit(this.#any());
        await pause(PACE_MS);
      }
    }
  }

  #any(): Change[] {
    const chance = this.#random.below(100);
    if (chance < 55) return this.#transfer();
    if (chance < 88) return this.#distinct(this.#random.between(1, 6), ITEMS).map((id) => this.#change('items', id, 0));
    if (chance < 99) return [this.#change('scrap', this.#random.below(20), 0)];
    return Array.from({ length: 400 }, (_, index) => this.#change('items', ITEMS + index, 0, 600));
  }

  /** Amounts that move between two to five accounts. */
  #transfer(): Change[] {
    const ids = this.#distinct(this.#random.between(2, 5), ACCOUNTS);
    const amount = this.#random.between(1, 50);
    return ids.map((id, index) => {
      const balance = this.#tables.accounts.get(id)?.balance ?? 0;
      const shift = index === 0 ? -amount * (ids.length - 1) : amount;
      return this.#change('accounts', id, balance + shift);
    });
  }

  #distinct(count: number, below: number): number[] {
    const ids = new Set<number>();
    while (ids.size < count) ids.add(this.#random.below(below));
    return [...ids];
  }

  #change(table: Table, id: number, balance: number, bytes = 0): Change {
    const row = this.#tables[table].get(id);
    const version = (row?.version ?? 0) + 1;
    if (row?.live === true && table !== 'accounts' && this.#random.below(4) === 0) {
      return { table, id, row: { version, balance: 0, live: false }, sql: `delete from ${table} where id = ${String(id)}` };
    }
    const note = `${noteOf(table, id, version)}${'.'.repeat(bytes)}`;
    const sql = row?.live === true
      ? `update ${table} set version = ${String(version)}, balance = ${String(balance)}, note = '${note}' where id = ${String(id)}`
      : `insert into ${table} values (${String(id)}, ${String(version)}, ${String(balance)}, '${note}')`;
    return { table, id, row: { version, balance, live: true }, sql };
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    const txn = this.committed + 1;
    const counted = changes.filter(({ table }) => table !== 'scrap').length;
    const ledger = `insert into ledger values (${String(txn)}, 1, ${String(counted)}, '${noteOf('ledger', txn, 1)}')`;
    const sql = ['begin', ...changes.map((change) => change.sql), ledger, 'commit'].join('; ');
    if (!(await this.#run(sql, txn))) return;
    for (const { table, id, row } of changes) this.#tables[table].set(id, row);
    this.committed = txn;
    this.rows += changes.length + 1;
    this.#times.set(txn, performance.now());
    this.#times.delete(txn - 100_000);
  }

  /** True when the transaction is committed. A server that went away meanwhile is asked when it, or the one after it, is there. */
  async #run(sql: string, txn: number): Promise<boolean> {
    try {
      this.#connection ??= await this.#connect();
      await this.#connection.query(sql);
      return true;
    } catch (error) {
      if (!isAway(error)) throw error;
      this.#connection?.destroy();
      this.#connection = await until('the server is back', () => this.#connect(), 300_000);
      const rows = await queryOn(this.#connection, `select id from ledger where id = ${String(txn)}`);
      return rows.length > 0;
    }
  }

  async #connect(): Promise<Connection> {
    const connection = await connectMysql(this.#server(), this.#database);
    connection.on('error', () => undefined);
    return connection;
  }
}

function isAway(error: unknown): boolean {
  // The driver has no code for a connection that was lost while it was idle.
  return error instanceof Error && (error.message.includes('closed state') || ('code' in error && AWAY.has(String(error.code))));
}

const AWAY = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR']);
