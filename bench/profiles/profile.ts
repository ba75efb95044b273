/** One statement, or several with semicolons between them, on the server that the benchmark reads from. */
export type Run = (sql: string) => Promise<void>;

/** A backlog: what is written while nobody reads. */
export interface Profile {
  readonly name: string;
  /** For people. */
  readonly about: string;
  /** Its database; all its tables are in it. */
  readonly database: string;
  /** Row events, each of them one message with a value. */
  readonly rows: number;
  /** Makes the tables. */
  create(run: Run): Promise<void>;
  write(run: Run, told: (done: number) => void): Promise<void>;
}

/** A small seeded generator (mulberry32), so that every run writes the same rows. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Inserts `rows` rows in statements of `each`, one transaction a statement. */
export async function insertRows(run: Run, table: string, { rows, each, values, told }: { readonly rows: number; readonly each: number; readonly values: (id: number) => string; readonly told: (done: number) => void }): Promise<void> {
  for (let done = 0; done < rows; done += each) {
    await run(`insert into ${table} values ${Array.from({ length: Math.min(each, rows - done) }, (_, index) => values(done + index + 1)).join(',')}`);
    told(done);
  }
}
