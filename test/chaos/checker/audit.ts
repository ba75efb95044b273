import { query, type Address } from '../../support/mysql.ts';
import { ACCOUNTS, FIRST_BALANCE } from '../rows.ts';
import type { Fold } from './fold.ts';

/**
 * Compares what is told with what the server has, while nothing is written and everything has come: each table with the fold
 * of its topic, the ledger with the transactions that came whole, the sum of the accounts.
 * @returns a line for each difference
 */
export async function audit(server: Address, database: string, fold: Fold): Promise<string[]> {
  const differences: string[] = [];
  for (const table of ['accounts', 'items', 'scrap'] as const) {
    const rows = await query(server, `select id, version, balance from ${table}`, database);
    const folded = fold.rows(table);
    for (const row of rows) {
      const [id, version, balance] = [Number(row['id']), Number(row['version']), Number(row['balance'])];
      const told = folded.get(id);
      if (told?.version !== version || told.balance !== balance) differences.push(`${table} ${String(id)}: the table has version ${String(version)} with ${String(balance)}, the topic ${told === undefined ? 'no row' : `version ${String(told.version)} with ${String(told.balance)}`}`);
      folded.delete(id);
    }
    for (const id of folded.keys()) differences.push(`${table} ${String(id)}: the topic has a row, the table has none`);
  }
  const [ledger] = await query(server, 'select count(*) as transactions from ledger', database);
  if (Number(ledger?.['transactions']) !== fold.transactions) differences.push(`the ledger has ${String(ledger?.['transactions'])} transactions, ${String(fold.transactions)} came whole`);
  if (fold.open.length > 0) differences.push(`of ${String(fold.open.length)} transactions only a part came: ${fold.open.slice(0, 5).join(', ')}`);
  const sum = [...fold.rows('accounts').values()].reduce((total, { balance }) => total + balance, 0);
  if (sum !== ACCOUNTS * FIRST_BALANCE) differences.push(`the sum of the accounts is ${String(sum)}, not ${String(ACCOUNTS * FIRST_BALANCE)}`);
  return differences;
}
