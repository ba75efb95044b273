import { RowcastError } from '../../core/errors.ts';
import type { TableName } from '../../core/notice.ts';
import { tableLabel } from '../../core/table.ts';
import type { MappedColumn } from '../binlog/catalogue.ts';
import type { TrackedTable } from './ddl/index.ts';
import { changeOf, laterChanges } from './first-capture.ts';
import { catalogueColumns, fit } from './fitting.ts';
import type { LiveServer } from './live-server.ts';

/**
 * A table as it was where the stream is: as the server shows it now, when that fits the event and no statement in between
 * can have changed it.
 * @returns SCHEMA_MISMATCH, SCHEMA_CHANGED where nobody can know
 * @throws RowcastError that may pass
 */
export async function recaptureTable(table: TableName, live: LiveServer, mapped: readonly MappedColumn[]): Promise<TrackedTable | RowcastError> {
  const label = tableLabel(table);
  const now = await live.table(table);
  if (now === undefined) return new RowcastError('SCHEMA_MISMATCH', `rows of ${label} need its columns, and the server shows no such table (dropped since, or SELECT on it is missing)`, { facts: { table: label } });
  const fits = fit(label, catalogueColumns(now, mapped.length), mapped);
  if (fits instanceof RowcastError) return fits;
  // After the columns were read: a statement that came before them and after the rows is found.
  const changes = await laterChanges(live);
  if (changes instanceof RowcastError) return changed(label, `whether the table has changed since they were written cannot be told: ${changes.message}`, changes);
  const change = changeOf(table, changes.filter((one) => !one.onlyIfMissing));
  return change === undefined ? now : changed(label, `${change.verb} at ${change.place} has changed the table since they were written`);
}

function changed(label: string, why: string, cause?: RowcastError): RowcastError {
  return new RowcastError('SCHEMA_CHANGED', `the columns of rows of ${label} are not known, and ${why}`, { ...(cause === undefined ? {} : { cause }), facts: { table: label } });
}
