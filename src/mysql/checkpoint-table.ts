import { createHash, randomUUID } from 'node:crypto';
import { checkpointText, readCheckpointText } from '../core/checkpoint-text.ts';
import { asRowcastError, RowcastError } from '../core/errors.ts';
import type { PieceStore } from '../core/notes.ts';
import type { Checkpoint, CheckpointStore } from '../core/ports.ts';
import { Turns } from '../core/turns.ts';
import type { ServerOptions } from './options.ts';
import { openSession, serverLabel, textField } from './stream/sql-session.ts';
import type { SqlRow, SqlSession } from './stream/sql-session.ts';
import { TablePieces } from './table-pieces.ts';

export interface CheckpointTableOptions extends ServerOptions {
  /** That of the daemon: several may share a table. */
  readonly name: string;
  /** `database.table`; made where it does not exist. The database must be there. */
  readonly table: string;
  /** Seconds for which `open` waits for a lock that a server may not have given back yet. @default 6 */
  readonly lockSeconds?: number;
  /** Whoever opens it was elected: a lock that a predecessor still holds, who may stand still, is not waited for. @default false */
  readonly elected?: boolean;
}

const LOCK_SECONDS = 6;
const HALTED_SECONDS = 3;
/** Added to the name of the table: that of the schema history. */
export const SCHEMA_TABLE_ENDING = '_schema';
/** Of GET_LOCK's names at most 64 characters count. */
const LOCK_NAME_LENGTH = 40;

/**
 * Checkpoints in a table of a MySQL or MariaDB server, one row a daemon. `GET_LOCK` keeps a second daemon out as long as the
 * connection lives; after that the row's `owner` does, which each save must find unchanged, and which whoever opens it
 * changes; who was elected takes the row so even where the lock is not given back. So a daemon that stood still for a while,
 * or whose server failed over, never overwrites its successor. The schema history is in a second table, written under the
 * same owner.
 */
export class TableCheckpointStore implements CheckpointStore {
  readonly #options: CheckpointTableOptions;
  readonly #lost: (error: RowcastError) => void;
  readonly #owner = randomUUID();
  readonly #table: string;
  readonly #lock: string;
  readonly #pieces: TablePieces;
  readonly #turns = new Turns();
  #session: SqlSession | null = null;
  /** The server's number of the connection that took the lock last. */
  #holder: number | null = null;
  #mine = false;
  #locked = false;

  /** `lost` is told when another daemon of the name took the row. */
  constructor(options: CheckpointTableOptions, lost: (error: RowcastError) => void) {
    this.#options = options;
    this.#lost = lost;
    this.#table = quoted(options.table);
    const schemaTable = `${options.table}${SCHEMA_TABLE_ENDING}`;
    this.#pieces = new TablePieces({
      label: `table ${schemaTable} of ${serverLabel(options)}`,
      table: quoted(schemaTable),
      name: options.name,
      exists: (session) => exists(session, schemaTable),
      reading: (work) => this.#within(work),
      owning: (work) => this.#owning(work),
    });
    this.#lock = `rowcast:${createHash('sha256').update(`${options.table} ${options.name}`).digest('hex').slice(0, LOCK_NAME_LENGTH)}`;
  }

  async open(): Promise<void> {
    await this.#within(async (session) => {
      // Asked first, as the account may use the table without being allowed to make one.
      if (!(await exists(session, this.#options.table))) await session.query(createPositions(this.#table));
      await this.#pieces.prepare(session);
      await this.#takeLock(session);
      await session.query(`INSERT INTO ${this.#table} (name, owner, saves) VALUES (?, ?, 0) ON DUPLICATE KEY UPDATE owner = VALUES(owner)`, [this.#options.name, this.#owner]);
    });
    this.#mine = true;
  }

  /** The schema history. */
  get pieces(): PieceStore {
    return this.#pieces;
  }

  async load(): Promise<Checkpoint | null> {
    const text = await this.#within(async (session) => {
      if (!(await exists(session, this.#options.table))) return null;
      return textField((await session.query(`SELECT checkpoint FROM ${this.#table} WHERE name = ?`, [this.#options.name]))[0], 'checkpoint');
    });
    return text === null ? null : readCheckpointText(text, `${this.#where}, row ${this.#options.name}`, this.#options.name);
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    if (!this.#mine) throw new RowcastError('CHECKPOINT_LOCKED', `the position in ${this.#where} is not held`);
    await this.#within(async (session, fresh) => {
      if (fresh) this.#locked = false;
      if (!this.#locked) await this.#takeLock(session);
      const text = checkpointText(this.#options.name, checkpoint);
      await session.query(`UPDATE ${this.#table} SET checkpoint = ?, saves = saves + 1 WHERE name = ? AND owner = ?`, [text, this.#options.name, this.#owner]);
      const [row] = await session.query('SELECT ROW_COUNT() AS changed');
      if (Number(row?.['changed']) !== 1) this.#fenced();
    });
  }

  /** Whether a daemon holds it now. Takes nothing. @throws RowcastError CHECKPOINT_LOST, CHECKPOINT_UNWRITABLE */
  async isHeld(): Promise<boolean> {
    const [row] = await this.#within((session) => session.query('SELECT IS_USED_LOCK(?) AS holder', [this.#lock]));
    return row?.['holder'] !== null && !this.#mine;
  }

  async close(): Promise<void> {
    this.#mine = false;
    const session = this.#session;
    this.#session = null;
    await session?.query('SELECT RELEASE_LOCK(?)', [this.#lock]).catch(() => undefined);
    await session?.close();
  }

  get #where(): string {
    return `table ${this.#options.table} of ${serverLabel(this.#options)}`;
  }

  async #takeLock(session: SqlSession): Promise<void> {
    const { elected = false, name, table } = this.#options;
    if (this.#mine && this.#holder !== null) await this.#endRest(session);
    const [row] = await session.query('SELECT GET_LOCK(?, ?) AS taken, CONNECTION_ID() AS id', [this.#lock, elected ? 0 : this.#lockSeconds]);
    this.#locked = Number(row?.['taken']) === 1;
    if (this.#locked) this.#holder = Number(row?.['id']);
    if (this.#locked || elected) return;
    if (this.#mine) this.#fenced();
    throw new RowcastError('CHECKPOINT_LOCKED', `another daemon holds ${this.#where}, row ${name}`, { facts: { table } });
  }

  /**
   * A connection whose packets vanish is dead for this side and may live on for the server, which keeps its lock for hours: it
   * is ended, unless somebody else has become the owner, who may have a connection of the same number after a restart.
   */
  async #endRest(session: SqlSession): Promise<void> {
    const [row] = await session.query(`SELECT IS_USED_LOCK(?) AS holder, (SELECT owner FROM ${this.#table} WHERE name = ?) AS owner`, [this.#lock, this.#options.name]);
    const holder = Number(textField(row, 'holder') ?? NaN);
    if (holder !== this.#holder || textField(row, 'owner') !== this.#owner) return;
    await session.query(`KILL ${String(holder)}`).catch(() => undefined);
  }

  get #lockSeconds(): number {
    return this.#options.lockSeconds ?? LOCK_SECONDS;
  }

  #fenced(): never {
    this.#mine = false;
    const error = new RowcastError('SINK_FENCED', `another daemon has taken ${this.#where}, row ${this.#options.name}`, { facts: { table: this.#options.table } });
    this.#lost(error);
    throw error;
  }

  /** A transaction in which nobody else can become the owner. */
  async #owning(work: (session: SqlSession) => Promise<void>): Promise<void> {
    if (!this.#mine) throw new RowcastError('CHECKPOINT_LOCKED', `the position in ${this.#where} is not held`);
    await this.#within(async (session, fresh) => {
      if (fresh) await this.#takeLock(session);
      // One who stands still in the middle keeps the row no longer than this from whoever takes over.
      await session.query('SET SESSION wait_timeout = ?', [HALTED_SECONDS]);
      await session.query('START TRANSACTION');
      const [row] = await session.query(`SELECT owner FROM ${this.#table} WHERE name = ? FOR UPDATE`, [this.#options.name]);
      if (textField(row, 'owner') !== this.#owner) this.#fenced();
      await work(session);
      await session.query('COMMIT');
      await session.query('SET SESSION wait_timeout = DEFAULT');
    });
  }

  /** One after the other; a connection that was lost while nobody used it is replaced once. */
  #within<T>(work: (session: SqlSession, fresh: boolean) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      const fresh = this.#session === null;
      try {
        return await this.#once(work);
      } catch (error) {
        if (fresh || !(error instanceof RowcastError) || error.code !== 'CHECKPOINT_LOST') throw error;
        return this.#once(work);
      }
    });
  }

  /** Works with the connection that is there, or with a new one (`fresh`); what fails in it ends it, and what it had begun. */
  async #once<T>(work: (session: SqlSession, fresh: boolean) => Promise<T>): Promise<T> {
    const fresh = this.#session === null;
    try {
      // Small questions, of which one waits for the lock: a server that says nothing for longer is not there any more.
      this.#session ??= await openSession(this.#options, this.#options.connectTimeout + this.#lockSeconds * 1000);
      return await work(this.#session, fresh);
    } catch (error) {
      const session = this.#session;
      this.#session = null;
      await session?.close();
      throw this.#failure(error);
    }
  }

  /** The errors of sources, as those of a checkpoint. */
  #failure(thrown: unknown): RowcastError {
    const error = asRowcastError(thrown);
    if (!error.code.startsWith('SOURCE_')) return error;
    const detail = { cause: error, facts: { table: this.#options.table } };
    if (error.code === 'SOURCE_LOST') return new RowcastError('CHECKPOINT_LOST', `the checkpoint in ${this.#where}: ${error.message}`, detail);
    const hint = `In checkpoint.server and checkpoint.table: ${error.hint.replaceAll('source.', '')}`;
    return new RowcastError('CHECKPOINT_UNWRITABLE', `the checkpoint in ${this.#where}: ${error.message}`, { ...detail, hint });
  }
}

/** Makes `table`, which is quoted. */
export function createPositions(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY, owner CHAR(36) CHARACTER SET ascii NOT NULL, saves BIGINT UNSIGNED NOT NULL, checkpoint LONGTEXT CHARACTER SET utf8mb4, changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB`;
}

/** `database.table` with quotes. */
export function quoted(table: string): string {
  return table.split('.').map((part) => `\`${part.replaceAll('`', '``')}\``).join('.');
}

/** Whether the account sees a table of this name, with its database. */
export async function exists(session: SqlSession, name: string): Promise<boolean> {
  const [database, table] = name.split('.');
  const rows: readonly SqlRow[] = await session.query('SELECT 1 AS found FROM information_schema.tables WHERE table_schema = ? AND table_name = ?', [database ?? '', table ?? '']);
  return rows.length > 0;
}
