import type { Connection } from 'mysql2/promise';
import { setTimeout as pause } from 'node:timers/promises';
import type { Address, Row } from '../support/mysql.ts';
import { connectMysql, query, queryOn } from '../support/mysql.ts';
import type { TopicMessage } from '../support/kafka.ts';
import { until } from '../support/wait.ts';

const KEYS = 40;
const CHANGES = 8;

/**
 * Writes transactions of inserts, updates and deletes to `database.t` until told to stop, and knows for each key what
 * must be told of it, in which order: a number each, 2 × version for an insert or update, one more for a delete.
 */
export class KeyedWriter {
  /** Changes committed, by key. */
  readonly expected = new Map<number, number[]>();
  /** Changes committed. */
  total = 0;
  readonly #server: Address;
  readonly #database: string;
  readonly #live = new Map<number, boolean>();
  readonly #version = new Map<number, number>();
  #connection: Connection | null = null;
  #mark = 0;
  #seed = 20_261_123;
  #stopping = false;
  #done: Promise<void> = Promise.resolve();

  constructor(server: Address, database: string) {
    this.#server = server;
    this.#database = database;
  }

  async start(): Promise<void> {
    await query(this.#server, `create table ${this.#database}.t (id int primary key, v int not null, note varchar(80)); create table ${this.#database}.marks (n int primary key)`);
    this.#done = this.#write();
    this.#done.catch(() => undefined);
  }

  /** Stops after the transaction under way. @throws Error when writing failed */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#done;
    await this.#connection?.end();
  }

  /** Waits until `count` more changes are committed. */
  async more(count: number): Promise<void> {
    const goal = this.total + count;
    await Promise.race([until(`${String(goal)} changes`, () => this.total >= goal), this.#done]);
  }

  /** The rows as the server has them: version by key. */
  async rows(): Promise<Map<number, number>> {
    const rows = await query(this.#server, `select id, v from ${this.#database}.t`);
    return new Map(rows.map((row: Row) => [Number(row['id']), Number(row['v'])]));
  }

  async #write(): Promise<void> {
    while (!this.#stopping) {
      const changes = Array.from({ length: CHANGES }, () => this.#change());
      this.#mark++;
      const sql = `begin; ${changes.map((change) => change.sql).join('; ')}; insert into marks values (${String(this.#mark)}); commit`;
      if (await this.#run(sql)) for (const change of changes) this.#committed(change);
      else this.#forget(changes);
      await pause(4);
    }
  }

  #change(): { readonly key: number; readonly event: number; readonly sql: string } {
    const key = this.#random(KEYS);
    const version = (this.#version.get(key) ?? 0) + 1;
    const live = this.#live.get(key) ?? false;
    if (live && this.#random(5) === 0) {
      this.#live.set(key, false);
      return { key, event: 2 * (version - 1) + 1, sql: `delete from t where id = ${String(key)}` };
    }
    this.#version.set(key, version);
    this.#live.set(key, true);
    const text = `'version ${String(version)} of ${String(key)}'`;
    const sql = live ? `update t set v = ${String(version)}, note = ${text} where id = ${String(key)}` : `insert into t values (${String(key)}, ${String(version)}, ${text})`;
    return { key, event: 2 * version, sql };
  }

  #committed({ key, event }: { readonly key: number; readonly event: number }): void {
    const events = this.expected.get(key);
    if (events === undefined) this.expected.set(key, [event]);
    else events.push(event);
    this.total++;
  }

  /** What was not committed did not happen: versions and presence are those of the last committed change. */
  #forget(changes: readonly { readonly key: number }[]): void {
    for (const { key } of changes) {
      const last = this.expected.get(key)?.at(-1) ?? 1;
      this.#version.set(key, last >> 1);
      this.#live.set(key, last % 2 === 0);
    }
  }

  /** True when the transaction is committed; a server that went away meanwhile is asked when it is back. */
  async #run(sql: string): Promise<boolean> {
    try {
      this.#connection ??= await this.#connect();
      await this.#connection.query(sql);
      return true;
    } catch (error) {
      if (!isLost(error)) throw error;
      this.#connection?.destroy();
      this.#connection = await until('the server is back', () => this.#connect());
      const [last] = await queryOn(this.#connection, 'select max(n) as n from marks');
      return Number(last?.['n'] ?? 0) === this.#mark;
    }
  }

  async #connect(): Promise<Connection> {
    const connection = await connectMysql(this.#server, this.#database);
    connection.on('error', () => undefined);
    return connection;
  }

  #random(below: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#seed >> 8) % below;
  }
}

/** What a topic in format `plain` tells of each key, in its order, as the writer counts it. Tombstones are skipped. */
export function toldByKey(messages: readonly TopicMessage[]): Map<number, number[]> {
  const told = new Map<number, number[]>();
  for (const { value } of messages) {
    if (value === null) continue;
    const { op, before, after } = JSON.parse(value.toString()) as { op: string; before?: { id: number; v: number }; after?: { id: number; v: number } };
    const image = after ?? before;
    if (image === undefined) throw new Error(`a message without an image: ${value.toString()}`);
    const event = 2 * image.v + (op === 'delete' ? 1 : 0);
    const events = told.get(image.id);
    if (events === undefined) told.set(image.id, [event]);
    else events.push(event);
  }
  return told;
}

/** The rows that remain when the last change told of each key is applied: version by key. */
export function folded(told: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const rows = new Map<number, number>();
  for (const [key, events] of told) {
    const last = events.at(-1) ?? 1;
    if (last % 2 === 0) rows.set(key, last >> 1);
  }
  return rows;
}

/**
 * How often a key's messages go back: a repeat of a suffix, which then goes on without a gap. @throws Error where one is
 * missing, is not expected, or comes too early
 */
export function repeats(expected: readonly number[], told: readonly number[]): number {
  let at = -1;
  let back = 0;
  for (const event of told) {
    if (event === expected[at + 1]) {
      at++;
      continue;
    }
    const again = expected.lastIndexOf(event, at);
    if (again < 0) throw new Error(`after ${String(expected[at])} comes ${String(event)}, not ${String(expected[at + 1])}`);
    at = again;
    back++;
  }
  if (at !== expected.length - 1) throw new Error(`the last one told is ${String(expected[at])}, not ${String(expected.at(-1))}`);
  return back;
}

function isLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ER_SERVER_SHUTDOWN'].includes(String(error.code));
}
