/**
 * Nanoseconds of processor time that a `where` takes for a row of the orders table. Run by `npx tsx bench/micro/conditions.ts
 * [seconds a condition]`.
 */
import { imageCondition } from '../../src/route/condition/condition.ts';
import { ordersEvents, ordersTable, RowWalk } from './orders-events.ts';
import { nanoseconds } from './rounds.ts';

const SECONDS = Number(process.argv[2] ?? 1);
/** The first one asks for nothing: to walk the rows. */
const CONDITIONS = ['true', "row.status != 'draft'", "row.currency == 'EUR'", 'row.is_gift == 0', 'row.customer_id > 100', 'row.total >= 10', "row.status != 'draft' && row.is_gift < 2", "row.addr != 'nowhere'"];

const table = ordersTable();
const transactions = ordersEvents(table);
const [first] = transactions;
if (first === undefined) throw new Error('there are no rows');

for (const text of CONDITIONS) {
  const condition = imageCondition(text, table);
  let [rows, taken] = [0, 0];
  const walk = new RowWalk(first, (_, last) => {
    rows++;
    if (condition.test(last)) taken++;
  });
  const { least, rounds } = nanoseconds(SECONDS, () => {
    rows = 0;
    for (let i = 0; i < 50; i++) for (const event of transactions) walk.event(event);
    return rows;
  });
  console.log(`${text}: ${least} ns a row (${rounds})${taken > 0 ? '' : ', none taken'}`);
}
