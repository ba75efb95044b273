import type { TableVersion } from '../../core/table.ts';

/** A TABLE_MAP that was seen, and the version it means. */
export interface MappedTable {
  /** The event from after the table id on. */
  readonly body: Buffer;
  readonly version: TableVersion;
  readonly count: number;
}

/** Versions kept of one table: a table that changes to and fro keeps its objects, one that changes for ever does not fill memory. */
const VERSIONS = 4;
/** Tables and table ids kept; the oldest go first. Far above what one statement maps. */
const KEPT = 20_000;
/** Up to this many bytes a loop is faster than a native call. */
const LOOP_LIMIT = 256;
/** No table has it. */
const NO_ID = -1;

/** Table ids and contents of TABLE_MAP events. The same content gives the same object, whatever its table id. */
export class TableCache {
  readonly #byId = new Map<number, MappedTable>();
  readonly #byName = new Map<string, MappedTable[]>();
  /** The answer to the last question by id: a TABLE_MAP and its rows ask for the same one. */
  #lastId = NO_ID;
  #last: MappedTable | undefined;

  byId(id: number): MappedTable | undefined {
    if (id !== this.#lastId) {
      this.#last = this.#byId.get(id);
      this.#lastId = id;
    }
    return this.#last;
  }

  /** The table of an id when its content is `bytes[start, end)`, so that nothing need be read again. */
  same(id: number, bytes: Buffer, start: number, end: number): boolean {
    const known = this.byId(id);
    return known !== undefined && fits(known, bytes, start, end);
  }

  find(name: string, bytes: Buffer, start: number, end: number): MappedTable | undefined {
    return this.#byName.get(name)?.find((one) => fits(one, bytes, start, end));
  }

  keep(name: string, mapped: MappedTable): void {
    const versions = [mapped, ...(this.#byName.get(name) ?? [])].slice(0, VERSIONS);
    put(this.#byName, name, versions);
  }

  assign(id: number, mapped: MappedTable): void {
    put(this.#byId, id, mapped);
    this.#lastId = NO_ID;
  }

  /** Table ids start anew with a server. */
  forgetIds(): void {
    this.#byId.clear();
    this.#lastId = NO_ID;
  }

  /** The columns of a table may have changed. */
  forget(name: string): void {
    for (const mapped of this.#byName.get(name) ?? []) {
      for (const [id, other] of this.#byId) if (other === mapped) this.#byId.delete(id);
    }
    this.#byName.delete(name);
    this.#lastId = NO_ID;
  }
}

function fits(mapped: MappedTable, bytes: Buffer, start: number, end: number): boolean {
  const { body } = mapped;
  if (body.length !== end - start) return false;
  if (body.length > LOOP_LIMIT) return body.compare(bytes, start, end) === 0;
  for (let i = 0; i < body.length; i++) if (body[i] !== bytes[start + i]) return false;
  return true;
}

function put<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= KEPT) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
