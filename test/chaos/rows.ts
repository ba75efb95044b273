/** The tables that are captured. `scrap` is not counted by the ledger: its topic is deleted now and then. */
export const TABLES = ['accounts', 'items', 'ledger', 'scrap'] as const;

/** Accounts, each with the same balance at first. */
export const ACCOUNTS = 200;
export const FIRST_BALANCE = 1_000;

/** One kind of row for all tables, with the writer's number of its version. The balance of a row of the ledger is the number of rows of its transaction. */
const COLUMNS = 'id bigint primary key, version int not null, balance bigint not null, note varchar(2000) not null';

export const SCHEMA = TABLES.map((table) => `create table ${table} (${COLUMNS}) engine=InnoDB`).join('; ');

/** What the note of a row begins with, so that a row that was changed on its way is seen. */
export function noteOf(table: string, id: number, version: number): string {
  return `${table}:${String(id)}:${String(version)};`;
}
