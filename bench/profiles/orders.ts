import type { Profile, Run } from './profile.ts';
import { seeded } from './profile.ts';

/** Twelve columns: every common type, some text that is not ASCII. */
const COLUMNS = `(
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
const ROWS_A_TRANSACTION = 100;
const INSERTS = 70;
const UPDATES = 20;
const DELETES = 10;

const NOTES = ['', 'leave at the door', 'Grüße aus Köln', '急ぎでお願いします', 'ring twice "please"', 'line one\\nline two'];
const STREETS = ['Rue de l’Église 12', 'Main Street 4', 'Hauptstraße 77', 'Via Roma 1'];
const STATUS = ['new', 'paid', 'shipped', 'done'];

function orderValues(id: number, pick: (below: number) => number): string {
  const total = `${pick(10_000)}.${String(pick(100)).padStart(2, '0')}`;
  const created = `2026-${String(1 + pick(12)).padStart(2, '0')}-${String(1 + pick(28)).padStart(2, '0')} ${String(pick(24)).padStart(2, '0')}:${String(pick(60)).padStart(2, '0')}:00.${String(pick(1000)).padStart(3, '0')}`;
  const tags = `{"channel":"${pick(2) === 0 ? 'web' : 'app'}","items":[${pick(9)},${pick(99)}],"vip":${pick(2) === 0}}`;
  const note = pick(4) === 0 ? 'null' : `'${NOTES[pick(NOTES.length)] ?? ''}'`;
  return `(${id},${1 + pick(50_000)},'${STATUS[pick(4)] ?? 'new'}',${total},'EUR',${note},'${created}',default,${pick(2)},${pick(100_000) / 1000},'${tags}','${STREETS[pick(STREETS.length)] ?? ''}')`;
}

/** The main profile: `rows` row events (a multiple of 100) on a table `orders` in transactions of a hundred rows, from one session. */
export function orders(rows: number, database = 'shop'): Profile {
  return {
    name: 'orders',
    about: '12 columns, 70 % inserts, 20 % updates, 10 % deletes, transactions of 100 rows',
    database,
    rows,
    create: (run) => run(`create table ${database}.orders ${COLUMNS}`),
    write: (run, told) => writeOrders(run, { table: `${database}.orders`, rows, told }),
  };
}

const TOUCHED = 'touched';
export const TOUCHED_ORDERS = `${TOUCHED}.orders`;

/** The same rows again, for routes that do something with them. */
export function touched(rows: number): Profile {
  return { ...orders(rows, TOUCHED), name: TOUCHED, about: 'the rows of orders, with something to do on the way' };
}

async function writeOrders(run: Run, { table, rows, told }: { readonly table: string; readonly rows: number; readonly told: (done: number) => void }): Promise<void> {
  const pick = seeded(1);
  let next = 1;
  for (let done = 0; done < rows; done += ROWS_A_TRANSACTION) {
    const first = next;
    const values = Array.from({ length: INSERTS }, () => orderValues(next++, pick));
    await run(
      `begin; insert into ${table} values ${values.join(',')};` +
        `update ${table} set status = 'done', total = total + 1 where id between ${first} and ${first + UPDATES - 1};` +
        `delete from ${table} where id between ${first + UPDATES} and ${first + UPDATES + DELETES - 1}; commit`,
    );
    told(done);
  }
}
