import { FIVE_COLUMNS } from './others.ts';
import { orders } from './orders.ts';
import type { Profile } from './profile.ts';

const TABLES = 10_000;
const A_STATEMENT = 100;
const DATABASE = 'crowd';
/** The table that all rows are of. */
export const CROWD_ORDERS = `${DATABASE}.orders`;
/** Patterns of the other tables: with the route for the rest, 500. */
export const CROWD_GROUPS: readonly string[] = Array.from({ length: 499 }, (_, group) => `${DATABASE}.g${group}_*`);

/** The rows of the main profile among ten thousand tables. */
export function crowd(rows: number): Profile {
  const busy = orders(rows, DATABASE);
  return {
    ...busy,
    name: 'crowd',
    about: `the rows of orders, in one of ${TABLES.toLocaleString('en')} tables`,
    create: async (run) => {
      await busy.create(run);
      for (let table = 1; table < TABLES; table += A_STATEMENT) {
        const last = Math.min(TABLES, table + A_STATEMENT);
        await run(Array.from({ length: last - table }, (_, index) => createTable(table + index)).join(';'));
      }
    },
  };
}

function createTable(number: number): string {
  return `create table ${DATABASE}.g${number % CROWD_GROUPS.length}_${number} ${FIVE_COLUMNS}`;
}
