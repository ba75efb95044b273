import { damagedNotes } from '../core/notes-text.ts';
import type { PieceStore } from '../core/notes.ts';
import type { SqlSession } from './stream/sql-session.ts';

export interface TablePiecesOptions {
  /** For people. */
  readonly label: string;
  /** The table, quoted. */
  readonly table: string;
  /** That of the daemon: several may share a table. */
  readonly name: string;
  /** Whether the table is there. */
  readonly exists: (session: SqlSession) => Promise<boolean>;
  /** Reads with a session. @throws RowcastError CHECKPOINT_LOST, CHECKPOINT_UNWRITABLE */
  readonly reading: <T>(work: (session: SqlSession) => Promise<T>) => Promise<T>;
  /** Writes in a transaction in which the position cannot change its owner, who we are. @throws RowcastError as `reading`; SINK_FENCED, CHECKPOINT_LOCKED */
  readonly owning: (work: (session: SqlSession) => Promise<void>) => Promise<void>;
}

/** Bytes of a piece: as SQL text it takes twice as many, which `max_allowed_packet` of every server allows. */
const PIECE = 256 * 1024;

/** Makes `table`, which is quoted. */
export function createPieces(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, piece INT UNSIGNED NOT NULL, body MEDIUMBLOB NOT NULL, PRIMARY KEY (name, piece)) ENGINE=InnoDB`;
}

/** Pieces in a table, a row each. */
export class TablePieces implements PieceStore {
  readonly #options: TablePiecesOptions;

  constructor(options: TablePiecesOptions) {
    this.#options = options;
  }

  get label(): string {
    return this.#options.label;
  }

  /** Makes the table where it does not exist. */
  async prepare(session: SqlSession): Promise<void> {
    const { table, exists } = this.#options;
    if (await exists(session)) return;
    await session.query(createPieces(table));
  }

  async read(): Promise<readonly Uint8Array[]> {
    const { table, name, label, reading, exists } = this.#options;
    const rows = await reading(async (session) => ((await exists(session)) ? session.query(`SELECT piece, body FROM ${table} WHERE name = ? ORDER BY piece`, [name]) : []));
    return rows.map(({ piece, body }, number) => {
      if (Number(piece) !== number || !(body instanceof Uint8Array)) throw damagedNotes(label, `piece ${String(number)} of ${name} is missing`);
      return body;
    });
  }

  async write(from: number, text: Uint8Array): Promise<number> {
    const { table, name, owning } = this.#options;
    const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    await owning(async (session) => {
      await session.query(`DELETE FROM ${table} WHERE name = ? AND piece >= ?`, [name, from]);
      for (let at = 0, piece = from; at < bytes.length; at += PIECE, piece++) {
        await session.query(`INSERT INTO ${table} (name, piece, body) VALUES (?, ?, ?)`, [name, piece, bytes.subarray(at, at + PIECE)]);
      }
    });
    return from + Math.ceil(bytes.length / PIECE);
  }
}
