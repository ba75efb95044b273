import { CROWD_GROUPS, CROWD_ORDERS } from '../profiles/crowd.ts';
import { TOUCHED_ORDERS } from '../profiles/orders.ts';
import type { Contender } from './contender.ts';
import type { RowcastSetting } from './rowcast.ts';
import { rowcast } from './rowcast.ts';

const special = (what: string, setting: Partial<RowcastSetting>): Contender => rowcast({ format: 'debezium', compression: 'none', with: what, ...setting });

const touching = (what: string, keys: RowcastSetting['route'], more: RowcastSetting['more'] = {}): Contender => special(what, { route: { tables: [TOUCHED_ORDERS], ...keys }, more });

/** Routes that do something with the rows, or leave something out. All rows go. */
export const TOUCHING: readonly Contender[] = [
  touching('where on a column', { where: "row.status != 'draft'" }),
  touching('two columns renamed', { columns: { rename: { note: 'remark', addr: 'address' } } }),
  touching('a column redacted', { columns: { mask: { note: 'redact' } } }),
  touching('a column hashed', { columns: { mask: { note: 'sha256' } } }, { masking: { key: 'a key for the benchmark' } }),
  touching('without a column', { columns: { exclude: ['note'] } }),
];

/** The crowd: first its one busy table alone, then all that is there, with a route for each group of tables. */
export const CROWDED: readonly Contender[] = [
  special('one table, one route', { route: { tables: [CROWD_ORDERS] } }),
  special('all tables, 500 routes', { ownRoutes: CROWD_GROUPS }),
];
