import type { Profile } from './profile.ts';
import { insertRows, seeded } from './profile.ts';

/** Three integers a row. */
export function narrow(rows: number): Profile {
  const pick = seeded(2);
  return {
    name: 'narrow',
    about: '3 integers, inserts, transactions of 1000 rows',
    database: 'narrow',
    rows,
    create: (run) => run('create table narrow.points (id int not null primary key, x int not null, y int)'),
    write: (run, told) => insertRows(run, 'narrow.points', { rows, each: 1000, values: (id) => `(${id},${pick(1_000_000)},${pick(1000)})`, told }),
  };
}

const WIDE_COLUMNS = ['int', 'varchar(40)', 'decimal(10,2)', 'datetime', 'bigint', 'tinyint'];
const WIDE_COUNT = 60;

/** Sixty columns of six types in turn. */
export function wide(rows: number): Profile {
  const pick = seeded(3);
  const kinds = [() => String(pick(1_000_000)), () => `'name ${pick(1000)} ä'`, () => `${pick(10_000)}.${pick(90) + 10}`, () => `'2026-03-${10 + pick(18)} 10:20:30'`, () => String(pick(2 ** 31) * 1000), () => String(pick(100))];
  const columns = Array.from({ length: WIDE_COUNT - 1 }, (_, index) => `c${index} ${WIDE_COLUMNS[index % WIDE_COLUMNS.length] ?? ''}`);
  return {
    name: 'wide',
    about: '60 columns, inserts, transactions of 100 rows',
    database: 'wide',
    rows,
    create: (run) => run(`create table wide.facts (id int not null primary key, ${columns.join(', ')})`),
    write: (run, told) => insertRows(run, 'wide.facts', { rows, each: 100, values: (id) => `(${id},${columns.map((_, index) => kinds[index % kinds.length]?.() ?? '').join(',')})`, told }),
  };
}

const WORDS = ['order', 'Grüße', 'delivered', 'the', '急ぎ', 'customer', 'of', '"quoted"', 'and', 'line'];

/** Four kilobytes of text a row. */
export function text(rows: number): Profile {
  const pick = seeded(4);
  const page = (): string => Array.from({ length: 620 }, () => WORDS[pick(WORDS.length)] ?? '').join(' ');
  const pages = Array.from({ length: 50 }, page);
  return {
    name: 'text',
    about: '4 KB of text, inserts, transactions of 20 rows',
    database: 'txt',
    rows,
    create: (run) => run('create table txt.pages (id int not null primary key, body text)'),
    write: (run, told) => insertRows(run, 'txt.pages', { rows, each: 20, values: (id) => `(${id},'${pages[pick(pages.length)] ?? ''}')`, told }),
  };
}

/** One transaction. */
export function huge(rows: number): Profile {
  const digits = '(select 0 d union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)';
  const places = Array.from({ length: 7 }, (_, index) => `${digits} p${index}`).join(',');
  const number = Array.from({ length: 7 }, (_, index) => `p${index}.d * ${10 ** index}`).join(' + ');
  return {
    name: 'huge',
    about: 'one transaction of inserts, 3 columns',
    database: 'huge',
    rows,
    create: (run) => run('create table huge.t (id int not null primary key, name varchar(40), amount decimal(10,2))'),
    write: (run) => run(`insert into huge.t select n, concat('name ', n), n / 100 from (select ${number} n from ${places}) numbers where n < ${rows}`),
  };
}

/** Of a table that is one of many. */
export const FIVE_COLUMNS = '(id int not null primary key, a int, b varchar(40), c decimal(10,2), d datetime(3))';
const TABLES = 200;
const STATEMENTS = 200;

/** Many tables in turn, one row a transaction. */
export function tables(rows: number): Profile {
  return {
    name: 'tables',
    about: '200 tables in turn, one row a transaction, 5 columns',
    database: 'many',
    rows,
    create: async (run) => {
      for (let table = 0; table < TABLES; table++) await run(`create table many.t${table} ${FIVE_COLUMNS}`);
    },
    write: async (run, told) => {
      for (let done = 0; done < rows; done += STATEMENTS) {
        const inserts = Array.from({ length: Math.min(STATEMENTS, rows - done) }, (_, index) => `insert into many.t${(done + index) % TABLES} values (${done + index},${index},'name ${index}',${index}.25,'2026-03-04 05:06:07.890')`);
        await run(inserts.join(';'));
        told(done);
      }
    },
  };
}
