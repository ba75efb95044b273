import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Connection } from 'mysql2/promise';
import type { RowsEvent } from '../../src/core/change.ts';
import { RowImage } from '../../src/core/row-image.ts';
import { connectMysql, freshDatabase, query, queryOn } from '../support/mysql.ts';
import { optionsFor, reading, Recorder, sourceOf } from './source-support.ts';

const mysql = inject('mysql');
const SEED = Number(process.env.ROWCAST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const UPDATES = 4_000;

let database: string;
let session: Connection;

beforeAll(async () => {
  database = await freshDatabase(mysql, 'partial');
  session = await connectMysql(mysql, database);
  await session.query("set binlog_row_value_options = 'PARTIAL_JSON'");
});

afterAll(async () => {
  await session.end();
  await query(mysql, `drop database ${database}`);
});

/** Keeps what every update made of its row: `n`, then the documents. */
class Updates extends Recorder {
  readonly after: string[][] = [];

  override rows(event: RowsEvent): void {
    const image = new RowImage(event.table);
    for (let at = event.start; at < event.end; ) {
      image.set(event.bytes, at, event.end);
      at = image.end();
      if (event.operation !== 'update') continue;
      image.set(event.bytes, at, event.end);
      at = image.end();
      this.after.push(event.table.columns.slice(1).map(({ index }) => { const value = image.read(index); return typeof value === 'bigint' ? value.toString() : typeof value === 'string' ? value : 'null'; }));
    }
    super.rows(event);
  }
}

/** Runs `work` while the database is read, until a last insert into `done` has come. */
async function updatesOf(work: () => Promise<void>): Promise<string[][]> {
  await session.query('create table if not exists done (id int auto_increment primary key)');
  const recorder = new Updates();
  const stream = await sourceOf(optionsFor(mysql, { captures: (name) => name === database })).open('latest', recorder);
  void stream.ended.then((error) => error !== null && recorder.fail(error));
  try {
    await work();
    await session.query('insert into done values ()');
    while (recorder.seen.at(-1) !== 'insert done') await recorder.until(recorder.events + 1);
    return recorder.after;
  } finally {
    await stream.close();
  }
}

describe('partial updates of JSON columns', () => {
  it(`give the documents that the server shows, ${UPDATES} times at random (seed ${SEED})`, async () => {
    const random = new RandomJson(SEED);
    const wanted: string[][] = [];
    await session.query('create table fuzz (id int primary key, n int, d json, k int, e json)');
    const got = await updatesOf(async () => {
      await session.query(`insert into fuzz values (1, 0, ${random.document()}, 7, ${random.document()})`);
      for (let n = 1; n <= UPDATES; n++) {
        const columns = random.below(3) === 0 ? ['d', 'e'] : [random.below(2) === 0 ? 'd' : 'e'];
        const whole = random.below(60) === 0;
        const sets = columns.map((column) => `${column} = ${whole ? random.document() : random.change(column)}`);
        const rows = await queryOn(session, `update ignore fuzz set n = ${n}, ${sets.join(', ')}; select n, cast(d as char) d, k, cast(e as char) e from fuzz`).catch(() => null);
        if (rows !== null) wanted.push(['n', 'd', 'k', 'e'].map((name) => String(rows[0]?.[name])));
      }
    });
    const wrong = wanted.findIndex((row, i) => row.join('\n') !== got[i]?.join('\n'));
    expect(wrong < 0 ? [] : [wrong, got[wrong]], `seed ${SEED}`).toEqual(wrong < 0 ? [] : [wrong, wanted[wrong]]);
    expect([got.length, wanted.length > UPDATES * 0.9]).toEqual([wanted.length, true]);
  });

  it('let a document grow beyond 64 KiB and shrink again', async () => {
    const wanted: string[] = [];
    await session.query('create table growing (id int primary key, n int, d json)');
    const got = await updatesOf(async () => {
      await session.query(`insert into growing values (1, 0, '{"a": [], "b": {"c": {}}, "z": 70000}')`);
      const steps = [
        ...Array.from({ length: 40 }, (_, i) => `json_array_append(d, '$.a', concat(${i}, repeat('x', 3000)))`),
        ...Array.from({ length: 40 }, (_, i) => `json_set(d, '$.a[${i * 2}]', ${i} * 100000, '$.b.c.k${i}', repeat('é', 900), '$.b.n', ${i})`),
        ...Array.from({ length: 30 }, (_, i) => `json_remove(d, '$.a[0]', '$.b.c.k${i}')`),
      ];
      for (const [i, step] of steps.entries()) {
        const [row] = await queryOn(session, `update growing set n = ${i + 1}, d = ${step}; select cast(d as char) d from growing`);
        wanted.push(String(row?.d));
      }
    });
    expect(Math.max(...wanted.map((text) => text.length))).toBeGreaterThan(65_536);
    expect(got.map(([n]) => n)).toEqual(wanted.map((_, i) => String(i + 1)));
    expect(got.findIndex((row, i) => row[1] !== wanted[i])).toBe(-1);
  });

  it('of many rows, and many columns beside', async () => {
    await session.query("create table many (id int primary key, d json, tail varchar(20), none json); insert into many with recursive r as (select 1 i union all select i + 1 from r where i < 300) select i, json_object('i', i, 'pad', repeat('p', i)), concat('t', i), null from r");
    const got = await updatesOf(async () => {
      await session.query("update many set d = json_set(d, '$.i', -id), tail = concat(tail, '!')");
    });
    expect(got).toEqual(Array.from({ length: 300 }, (_, i) => [`{"i": -${i + 1}, "pad": "${'p'.repeat(i + 1)}"}`, `t${i + 1}!`, 'null']));
  });

  it('arrive with NOBLOB, whose before images hold the documents all the same, and stop where MINIMAL leaves them out', async () => {
    await session.query("create table parts (id int primary key, n int, d json); insert into parts values (1, 1, '{\"a\": \"long enough\"}')");
    const options = optionsFor(mysql, { captures: (name) => name === database });
    await reading({ options, from: 'latest' }, async (stream, recorder) => {
      await session.query("set binlog_row_image = 'NOBLOB'; update parts set d = json_set(d, '$.a', 'x')");
      await recorder.until(1);
      expect(recorder.rowTexts).toEqual(['parts id=1 n=1 d={"a": "x"}']);
      await session.query("set binlog_row_image = 'MINIMAL'; update parts set d = json_set(d, '$.a', 'y'); set binlog_row_image = 'FULL'");
      expect((await stream.ended)?.message).toContain(`a partial update of the JSON column d of ${database}.parts comes without the document that it changes`);
    });
  });

  it('and are passed over where no route takes the table', async () => {
    await session.query("create table untold (id int primary key, d json); insert into untold values (1, '{\"a\": \"long enough\"}'); create table told (id int primary key)");
    const options = optionsFor(mysql, { captures: (name, table) => name === database && table === 'told' });
    await reading({ options, from: 'latest' }, async (_, recorder) => {
      await session.query("begin; update untold set d = json_set(d, '$.a', 'x'); insert into told values (1); commit");
      await recorder.until(2);
      expect([recorder.seen, recorder.rowTexts]).toEqual([['update untold', 'insert told'], ['told id=1']]);
    });
  });
});

/** Documents, paths and changes as SQL, the same for the same seed. */
class RandomJson {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  one<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  document(): string {
    return `json_object('a', ${this.#value(3)}, 'b', ${this.#value(3)}, 'list', json_array(${this.#value(2)}, ${this.#value(1)}, ${this.#value(1)}), ${quoted(this.#key())}, ${this.#value(2)}, 'deep', json_object('a', json_object('b', json_array(1, ${this.#value(1)}))))`;
  }

  /** One to three functions, one in another. */
  change(column: string): string {
    let sql = column;
    for (let i = 1 + this.below(3); i > 0; i--) sql = this.#call(sql);
    return sql;
  }

  #call(inner: string): string {
    const kind = this.one(['json_set', 'json_set', 'json_replace', 'json_remove', 'append'] as const);
    if (kind === 'append') return `json_set(${inner}, '$.list[${this.one([0, 1, 2, 3, 50])}]', ${this.#value(1)})`;
    const paths = Array.from({ length: 1 + this.below(3) }, () => quoted(this.#path()));
    return `${kind}(${inner}, ${paths.map((path) => (kind === 'json_remove' ? path : `${path}, ${this.#value(2)}`)).join(', ')})`;
  }

  #path(): string {
    let path = '$';
    for (let legs = 1 + this.below(4); legs > 0; legs--) {
      path += this.below(4) === 0 ? `[${this.one(['0', '1', '2', '5', 'last', 'last-1'])}]` : `.${legOf(this.#key())}`;
    }
    return path;
  }

  #key(): string {
    return this.one(['a', 'b', 'list', 'deep', 'a', 'b', 'key with blank', 'quo"te', 'back\\slash', 'ключ', '_x$1', '1st', 'new\nline', 'a.b', '[0]', '😀', 'k'.repeat(300)]);
  }

  #value(depth: number): string {
    const scalar = (): string => this.one([
      'null', 'true', 'false', '0', '-1', '32767', '32768', '-32769', '65536', '4294967296', '-9223372036854775808', '18446744073709551615', '1.5', '1e100', '0.1e0',
      'cast(123456.789 as decimal(20,6))', "cast('2024-02-29' as date)", "cast('12:34:56.789' as time(3))", "cast('2024-02-29 12:34:56.123456' as datetime(6))",
      "''", "'text'", "'é😀\\\\\"'", "repeat('long ', 40)", `repeat('x', ${this.below(3000)})`, "x'c0ff'",
    ]);
    if (depth === 0 || this.below(3) > 0) return scalar();
    const inner = Array.from({ length: this.below(4) }, () => this.#value(depth - 1));
    return this.below(2) === 0 ? `json_array(${inner.join(', ')})` : `json_object(${inner.map((value) => `${quoted(this.#key())}, ${value}`).join(', ')})`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
}

function legOf(key: string): string {
  return /^[a-z_$][\w$]*$/u.test(key) ? key : JSON.stringify(key);
}
