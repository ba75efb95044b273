import { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { RowsEvent } from '../../../src/core/change.ts';
import type { SourceHandler } from '../../../src/core/ports.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import { fill } from '../../../src/core/projection.ts';
import { NULL_COLUMN, RowImage } from '../../../src/core/row-image.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createMysqlSource } from '../../../src/mysql/source.ts';
import type { Address } from '../../support/mysql.ts';
import { until } from '../../support/wait.ts';
import { endOfBinlog } from '../types-support.ts';
import type { RandomColumn } from './random.ts';
import { REFUSED } from './random.ts';
import { READER } from '../../../scripts/servers/index.ts';

/** A table of random columns. Its first column is `id`, from 0. */
export interface FuzzTable {
  readonly name: string;
  readonly columns: readonly RandomColumn[];
}

/** What is shown of a row: for each column, for each of its looks, a text; null for NULL. */
export type ShownRow = readonly (readonly string[] | null)[];

const none = (): void => undefined;
const PATIENCE_MS = 60_000;

/** What our writers show of the rows that `change` inserts, by table and then in the order of insertion. */
export async function readWhile(server: Address, where: { readonly database: string; readonly tables: readonly FuzzTable[]; readonly rows: number }, change: () => Promise<void>): Promise<ReadonlyMap<string, readonly ShownRow[]>> {
  const found = new Map(where.tables.map(({ name }) => [name, [] as ShownRow[]]));
  const columns = new Map(where.tables.map((table) => [table.name, table.columns]));
  await eventsWhile(server, {
    database: where.database,
    rows: (event) => found.get(event.table.name)?.push(...shownRows(event, columns.get(event.table.name) ?? [])),
    enough: () => [...found.values()].every((rows) => rows.length >= where.rows),
  }, change);
  return found;
}

/** Hands out the rows events of a database that come of `change`, until there are enough. */
export async function eventsWhile(server: Address, wanted: { readonly database: string; readonly rows: (event: RowsEvent) => void; readonly enough: () => boolean }, change: () => Promise<void>): Promise<void> {
  const handler: SourceHandler = {
    notice: none,
    table: none,
    begin: none,
    commit: none,
    rows: (event) => {
      if (event.table.database === wanted.database) wanted.rows(event);
    },
  };
  const stream = await source(server, wanted.database).open(await endOfBinlog(server), handler);
  let ended: unknown = null;
  void stream.ended.then((error) => (ended = error));
  try {
    await change();
    await until('every row is read', () => ended !== null || wanted.enough(), PATIENCE_MS);
    if (ended !== null) throw ended instanceof Error ? ended : new Error('the stream ended');
  } finally {
    await stream.close();
  }
}

function source(server: Address, captured: string) {
  return createMysqlSource(
    {
      name: 'codecs',
      host: server.host,
      port: server.port,
      user: READER,
      password: new Secret(''),
      tls: { mode: 'disabled', ca: null, cert: null, key: null },
      connectTimeout: 10_000,
      serverId: 'auto',
      heartbeat: 5_000,
      rowLimit: 1 << 24,
      includeQuery: false,
      captures: (database) => database === captured,
      reaches: (database) => database === captured,
      hidesShadow: () => false,
      onUnknown: 'fail',
      recaptureSchema: false,
      holding: { all: false, memory: 1 << 20, path: '/nowhere/held' },
    },
    { observer: { alive: none, event: none }, logger: { debug: none, info: none, warn: none, error: none }, notes: null, saved: () => null },
  );
}

function shownRows(event: RowsEvent, columns: readonly RandomColumn[]): ShownRow[] {
  const image = new RowImage(event.table);
  const scratch = new ByteWriter(1024);
  const shows = columns.map(({ name, looks }) => {
    const column = event.table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new Error(`no column ${name}`);
    const writers = looks.map(({ as, hex }) => {
      const write = column.codec.writer(as, as === 'text' ? 'string' : 'null');
      if (write === undefined) throw new Error(`${name} has no ${as}`);
      return (bytes: Buffer, start: number): string => {
        try {
          fill(scratch, (out) => write(bytes, start, out));
        } catch (error) {
          if (error instanceof RowcastError && error.code === 'ROW_UNREADABLE') return REFUSED;
          throw error;
        }
        return hex === true ? scratch.view().toString('hex').toUpperCase() : scratch.view().toString('utf8');
      };
    });
    return (): string[] | null => {
      const start = image.locate(column.index);
      return start === NULL_COLUMN ? null : writers.map((write) => write(image.bytes, start));
    };
  });
  const rows: ShownRow[] = [];
  for (let at = event.start; at < event.end; at = image.end()) {
    image.set(event.bytes, at, event.end);
    rows.push(shows.map((show) => show()));
  }
  return rows;
}
