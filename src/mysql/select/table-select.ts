import { ByteWriter } from '../../core/byte-writer.ts';
import { fill } from '../../core/projection.ts';
import { RowImage } from '../../core/row-image.ts';
import type { TableVersion } from '../../core/table.ts';
import { storageOf } from '../columns/storage.ts';
import type { LiveTable } from '../schema/live-table.ts';
import type { ByteRow, ByteSession } from '../stream/byte-session.ts';
import { shownJsonCodec } from './json-text.ts';
import { among, behind, keyLiteral, quoteName, selectExpression } from './sql-key.ts';
import type { ValueWriter } from './value-bytes.ts';
import { valueWriter } from './value-bytes.ts';

/** A row as SELECT shows it, in the form of the binlog. */
export interface SelectedImage {
  /** Of `selectVersion`; valid until the next row. Columns that were not asked for are NULL. */
  readonly image: RowImage;
  /** Literals of SQL, one for each column of the key. */
  readonly key: readonly string[];
}

/** The version of a table whose images hold what SELECT shows: JSON of MySQL is its text. */
export function selectVersion({ version, descriptions }: LiveTable): TableVersion {
  return {
    ...version,
    columns: version.columns.map((column) => {
      const description = descriptions[column.index];
      if (column.type.family !== 'json' || description === undefined) return column;
      return { ...column, codec: shownJsonCodec(storageOf(description.typeCode, description.meta).prefix) };
    }),
  };
}

/** Selects rows of a table with a primary key, without locks; each SELECT by itself. */
export class TableSelect {
  readonly #session: ByteSession;
  readonly #version: TableVersion;
  readonly #columns: readonly number[];
  readonly #writers: readonly ValueWriter[];
  readonly #keyNames: readonly string[];
  readonly #select: string;
  readonly #order: string;
  readonly #out = new ByteWriter(4096);
  readonly #image: RowImage;

  /** @param wanted the columns that are asked for besides those of the key */
  constructor(session: ByteSession, live: LiveTable, version: TableVersion, wanted: ReadonlySet<number>) {
    this.#session = session;
    this.#version = version;
    this.#columns = version.columns.map(({ index }) => index).filter((index) => wanted.has(index) || version.primaryKey.includes(index));
    this.#writers = live.descriptions.map((description, index) => valueWriter((version.columns[index] as TableVersion['columns'][number]).type, storageOf(description.typeCode, description.meta)));
    this.#keyNames = version.primaryKey.map((index) => this.#column(index).name);
    const expressions = this.#columns.map((index) => selectExpression(this.#column(index).name, this.#column(index).type));
    this.#select = `SELECT ${expressions.join(', ')} FROM ${quoteName(version.database)}.${quoteName(version.name)}`;
    this.#order = this.#keyNames.map(quoteName).join(', ');
    this.#image = new RowImage(version);
  }

  /** The next rows in the order of the key. @throws RowcastError SOURCE_* */
  async chunk(after: readonly string[] | null, limit: number, take: (row: SelectedImage) => void): Promise<{ readonly rows: number; readonly bytes: number; readonly last: readonly string[] | null }> {
    const where = after === null ? '' : ` WHERE ${behind(this.#keyNames, after)}`;
    const rows = await this.#session.rows(`${this.#select}${where} ORDER BY ${this.#order} LIMIT ${String(limit)}`);
    let [bytes, last]: [number, readonly string[] | null] = [0, null];
    for (const row of rows) {
      const selected = this.#selected(row);
      bytes += this.#out.at;
      last = selected.key;
      take(selected);
    }
    return { rows: rows.length, bytes, last };
  }

  /** Those rows of these keys that are there. @throws RowcastError SOURCE_* */
  async find(keys: readonly (readonly string[])[], take: (row: SelectedImage) => void): Promise<void> {
    for (const row of await this.#session.rows(`${this.#select} WHERE ${among(this.#keyNames, keys)}`)) take(this.#selected(row));
  }

  #selected(row: ByteRow): SelectedImage {
    fill(this.#out, (out) => {
      this.#write(row, out);
      return 0;
    });
    this.#image.set(this.#out.bytes, 0, this.#out.at);
    return { image: this.#image, key: this.#version.primaryKey.map((index) => keyLiteral(row[this.#columns.indexOf(index)] ?? NOTHING, this.#column(index).type)) };
  }

  /** A bitmap of NULLs, then the values. */
  #write(row: ByteRow, out: ByteWriter): void {
    const count = this.#version.columns.length;
    const nulls = Buffer.alloc((count + 7) >> 3, 0xff);
    this.#columns.forEach((index, i) => {
      if (row[i] !== null) nulls[index >> 3] = (nulls[index >> 3] as number) & ~(1 << (index & 7));
    });
    out.raw(nulls);
    this.#columns.forEach((index, i) => {
      const value = row[i];
      if (value !== null && value !== undefined) (this.#writers[index] as ValueWriter)(value, out);
    });
  }

  #column(index: number): TableVersion['columns'][number] {
    return this.#version.columns[index] as TableVersion['columns'][number];
  }
}

const NOTHING = Buffer.alloc(0);
