import type { Config } from '../config/compile.ts';
import { RowcastError } from '../core/errors.ts';
import type { Position } from '../core/position.ts';
import { tableLabel } from '../core/table.ts';
import { keptSchema, recaptureKept } from '../mysql/kept-schema.ts';
import type { KeptSchema } from '../mysql/kept-schema.ts';
import type { TrackedTable } from '../mysql/schema/ddl/index.ts';
import type { FormerName } from '../mysql/schema/history/names.ts';
import { parseName } from '../route/pattern.ts';
import { holdIdle } from './position.ts';
import { routerOf } from './routing.ts';
import type { ShownRecapture, ShownSchema, ShownTable } from './shown-schema.ts';
import { sourceOptions } from './source-options.ts';
import { LOOKING, storesOf } from './stores.ts';
import type { Stores } from './stores.ts';

/** What is kept of `table`, or of all tables. @throws RowcastError CONFIG_INVALID where nothing is kept, CHECKPOINT_*, HISTORY_* */
export async function showSchema(config: Config, table: string | null): Promise<ShownSchema> {
  const stores = storesOf(config, LOOKING);
  const { position, kept, running } = await read(stores).finally(() => stores.store.close());
  if (kept === null) throw new RowcastError('CONFIG_INVALID', `no schema history is kept for the saved position ${position.label}`, { hint: 'Start the daemon: it captures the tables that nothing has changed since the position.' });
  const label = table === null ? null : tableLabel(parseName(table));
  const unknown = kept.lost.map((lost) => ({ table: tableLabel(lost), why: lost.why, formerly: shownNames(kept.formerly(lost)) })).filter((lost) => label === null || lost.table === label);
  const tables = kept.tables.map((one) => shown(one, kept.formerly(one))).filter((one) => label === null || one.table === label);
  if (tables.length + unknown.length === 0 && label !== null) throw new RowcastError('CONFIG_INVALID', `the schema history holds no table ${label}`, { hint: '`rowcast schema show` without a table lists all that it holds.' });
  return { position: position.label, running, tables, unknown, later: kept.later };
}

/**
 * Takes `table` as the server shows it now for what it was at the saved position. The daemon must not run.
 * @throws RowcastError CHECKPOINT_LOCKED where it runs, CONFIG_INVALID for no such table, HISTORY_*, SOURCE_*
 */
export async function recaptureTable(config: Config, table: string): Promise<ShownRecapture> {
  const name = parseName(table);
  const stores = storesOf(config, LOOKING);
  const { store, file, notes } = stores;
  try {
    await holdIdle(stores);
    const position = await savedPosition(stores);
    const { table: taken, formerly, until } = await recaptureKept(sourceOptions(config, await routerOf(config), false), notes, position, name);
    return { ...shown(taken, formerly), position: position.label, until };
  } finally {
    await store.close();
    await file.close();
  }
}

/** What is kept, without holding it. */
async function read(stores: Stores): Promise<{ readonly position: Position; readonly kept: KeptSchema | null; readonly running: boolean }> {
  const running = await stores.isHeld();
  const position = await savedPosition(stores);
  return { position, kept: await keptSchema(stores.notes, position), running };
}

async function savedPosition({ store, label }: Stores): Promise<Position> {
  const checkpoint = await store.load();
  if (checkpoint !== null) return checkpoint.position;
  throw new RowcastError('CONFIG_INVALID', `no position is saved in ${label}, so no tables are kept`, { hint: 'Start the daemon: it captures the tables when it begins to read.' });
}

function shown(table: TrackedTable, formerly: readonly FormerName[]): ShownTable {
  const columns = table.columns.map(({ name, columnType, nullable }) => ({ name, type: columnType, nullable }));
  return { table: tableLabel(table), columns, primaryKey: table.primaryKey, formerly: shownNames(formerly) };
}

function shownNames(formerly: readonly FormerName[]): ShownTable['formerly'] {
  return formerly.map((former) => ({ table: tableLabel(former), until: `${former.until.file}:${String(former.until.position)}` }));
}
