import { describe, expect, inject, it } from 'vitest';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import type { RowsEvent } from '../../src/core/change.ts';
import { fill } from '../../src/core/projection.ts';
import type { SourceHandler } from '../../src/core/ports.ts';
import { NULL_COLUMN, RowImage } from '../../src/core/row-image.ts';
import { Secret } from '../../src/core/secret.ts';
import { createMysqlSource } from '../../src/mysql/source.ts';
import type { Address } from '../support/mysql.ts';
import { connectMysql, freshDatabase, query, queryOn } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import type { RandomColumn } from './codecs-columns.ts';
import { randomColumns, seeded } from './codecs-columns.ts';
import { endOfBinlog } from './types-support.ts';

/** To repeat a run, give the number in the name of the failed test. */
const SEED = Number(process.env['ROWCAST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const ROWS = 250;
const ROWS_A_STATEMENT = 50;
const SESSION = "set sql_mode = '', time_zone = '+00:00'";

type Shown = readonly (string | null)[];

describe.each(['mysql', 'mariadb', 'mysql56'] as const)('random values of every type on %s', (kind) => {
  it(`are read from the binlog as the server shows them (ROWCAST_SEED=${SEED})`, async () => {
    const server = inject(kind);
    const columns = randomColumns(kind);
    const database = await freshDatabase(server, 'codecs');
    await query(server, `create table ${database}.t (id int primary key, ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')}) ${kind === 'mariadb' ? '' : 'row_format=dynamic'}`);
    const found = await readWhile(server, { database, columns }, () => write(server, database, columns));
    const shown = await ask(server, database, columns);
    expect(differences(columns, found, shown)).toEqual([]);
    expect(found.length * columns.length).toBeGreaterThan(20_000);
  });
});

/** Every value that the two sides do not show alike, up to twenty of them. */
function differences(columns: readonly RandomColumn[], found: readonly Shown[], shown: readonly Shown[]): string[] {
  if (found.length !== shown.length) return [`${found.length} rows were read, the server has ${shown.length}`];
  const told: string[] = [];
  found.forEach((row, id) => {
    columns.forEach(({ name, same }, place) => {
      const ours = row[place] ?? null;
      const server = shown[id]?.[place] ?? null;
      if (ours === null || server === null ? ours !== server : !same(ours, server)) told.push(`row ${id}, ${name}: ${String(ours)} for ${String(server)}`);
    });
  });
  return told.slice(0, 20);
}

async function write(server: Address, database: string, columns: readonly RandomColumn[]): Promise<void> {
  const pick = seeded(SEED);
  const connection = await connectMysql(server);
  try {
    await queryOn(connection, SESSION);
    for (let id = 0; id < ROWS; id += ROWS_A_STATEMENT) {
      const rows = Array.from({ length: ROWS_A_STATEMENT }, (_, i) => `(${id + i}, ${columns.map(({ value }) => (pick(12) === 0 ? 'null' : value(pick))).join(', ')})`);
      await queryOn(connection, `insert into ${database}.t values ${rows.join(', ')}`);
    }
  } finally {
    await connection.end();
  }
}

/** The server's own text of every row, in the order of ids. */
async function ask(server: Address, database: string, columns: readonly RandomColumn[]): Promise<Shown[]> {
  const rows = (await query(server, `${SESSION}; select ${columns.map(({ name, shown }) => `${shown(name)} as ${name}`).join(', ')} from ${database}.t order by id`)) as Readonly<Record<string, string | number | null>>[];
  return rows.map((row) => columns.map(({ name }) => (row[name] === null ? null : String(row[name]))));
}

/** What the `text` writers show of the rows that `change` makes, in the order of ids. */
async function readWhile(server: Address, table: { database: string; columns: readonly RandomColumn[] }, change: () => Promise<void>): Promise<Shown[]> {
  const rows: Shown[] = [];
  const none = (): void => undefined;
  const source = createMysqlSource(
    {
      name: 'codecs',
      host: server.host,
      port: server.port,
      user: 'root',
      password: new Secret(''),
      tls: { mode: 'disabled', ca: null, cert: null, key: null },
      connectTimeout: 10_000,
      serverId: 'auto',
      heartbeat: 5_000,
      rowLimit: 1 << 24,
      includeQuery: false,
      captures: (database) => database === table.database,
      reaches: (database) => database === table.database,
      hidesShadow: () => false,
      onUnknown: 'fail',
      recaptureSchema: false,
    },
    { observer: { alive: none, event: none }, logger: { debug: none, info: none, warn: none, error: none }, notes: null, saved: () => null },
  );
  const handler: SourceHandler = { notice: none, table: none, begin: none, commit: none, rows: (event) => rows.push(...textsOf(event, table.columns)) };
  const stream = await source.open(await endOfBinlog(server), handler);
  let ended: unknown = null;
  void stream.ended.then((error) => (ended = error));
  try {
    await change();
    await until('every row is read', () => {
      if (ended !== null) throw ended instanceof Error ? ended : new Error('the stream ended');
      return rows.length >= ROWS;
    }, 30_000);
  } finally {
    await stream.close();
  }
  return rows;
}

function textsOf(event: RowsEvent, columns: readonly RandomColumn[]): Shown[] {
  const image = new RowImage(event.table);
  const writers = event.table.columns.map(({ codec }) => codec.writer('text', 'null'));
  const scratch = new ByteWriter(1024);
  const rows: Shown[] = [];
  for (let at = event.start; at < event.end; at = image.end()) {
    image.set(event.bytes, at, event.end);
    rows.push(columns.map(({ hex }, place) => {
      const start = image.locate(place + 1);
      const write = writers[place + 1];
      if (start === NULL_COLUMN) return null;
      if (write === undefined) throw new Error(`${columns[place]?.name ?? ''} has no text`);
      fill(scratch, (out) => write(image.bytes, start, out));
      return hex ? scratch.view().toString('hex').toUpperCase() : scratch.view().toString('utf8');
    }));
  }
  return rows;
}
