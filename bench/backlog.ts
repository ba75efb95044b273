/** One statement writer: runs SQL on the server that the benchmark reads from. */
export type Run = (sql: string) => Promise<void>;

/** The twelve columns of the main profile: every common type, some text that is not ASCII. */
export const ORDERS_TABLE = `create table shop.orders (
  id bigint unsigned not null auto_increment primary key,
  customer_id int not null,
  status enum('new','paid','shipped','done') not null,
  total decimal(12,2) not null,
  currency char(3) not null,
  note varchar(200) character set utf8mb4,
  created_at datetime(3) not null,
  updated_at timestamp(6) not null default current_timestamp(6),
  is_gift tinyint(1) not null,
  weight double,
  tags json,
  addr varchar(120)
)`;

/** Rows of one transaction: 70 inserts, 20 updates, 10 deletes. */
export const ROWS_A_TRANSACTION = 100;
const INSERTS = 70;
const UPDATES = 20;
const DELETES = 10;

const NOTES = ['', 'leave at the door', 'Grüße aus Köln', '急ぎでお願いします', 'ring twice "please"', 'line one\\nline two'];
const STREETS = ['Rue de l’Église 12', 'Main Street 4', 'Hauptstraße 77', 'Via Roma 1'];
const STATUS = ['new', 'paid', 'shipped', 'done'];

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

function orderValues(id: number, pick: (below: number) => number): string {
  const total = `${pick(10_000)}.${String(pick(100)).padStart(2, '0')}`;
  const created = `2026-${String(1 + pick(12)).padStart(2, '0')}-${String(1 + pick(28)).padStart(2, '0')} ${String(pick(24)).padStart(2, '0')}:${String(pick(60)).padStart(2, '0')}:00.${String(pick(1000)).padStart(3, '0')}`;
  const tags = `{"channel":"${pick(2) === 0 ? 'web' : 'app'}","items":[${pick(9)},${pick(99)}],"vip":${pick(2) === 0}}`;
  const note = pick(4) === 0 ? 'null' : `'${NOTES[pick(NOTES.length)] ?? ''}'`;
  return `(${id},${1 + pick(50_000)},'${STATUS[pick(4)] ?? 'new'}',${total},'EUR',${note},'${created}',default,${pick(2)},${pick(100_000) / 1000},'${tags}','${STREETS[pick(STREETS.length)] ?? ''}')`;
}

/**
 * Writes `rows` row events (a multiple of 100) into shop.orders in transactions of a hundred rows, from one session.
 * Returns how many messages with a value they are: one a row.
 */
export async function writeBacklog(run: Run, rows: number, told: (done: number) => void): Promise<number> {
  const pick = seeded(1);
  const transactions = Math.ceil(rows / ROWS_A_TRANSACTION);
  let next = 1;
  for (let done = 0; done < transactions; done++) {
    const first = next;
    const values = Array.from({ length: INSERTS }, () => orderValues(next++, pick));
    await run('begin');
    await run(`insert into shop.orders values ${values.join(',')}`);
    await run(`update shop.orders set status = 'done', total = total + 1 where id between ${first} and ${first + UPDATES - 1}`);
    await run(`delete from shop.orders where id between ${first + UPDATES} and ${first + UPDATES + DELETES - 1}`);
    await run('commit');
    if (done % 1000 === 999) told((done + 1) * ROWS_A_TRANSACTION);
  }
  return transactions * ROWS_A_TRANSACTION;
}
