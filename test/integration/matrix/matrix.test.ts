import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../../scripts/servers/index.ts';
import { GTID_FLAGS, startMariadb, startMysql, startMysql56 } from '../../../scripts/servers/index.ts';
import { query } from '../../support/mysql.ts';
import type { Combination } from '../../support/pairwise.ts';
import { goldenTables } from '../types-golden.ts';
import { runCell } from './cell.ts';
import type { Matrix, ServerKind } from './cells.ts';
import { cellsOf, labelOf, MATRICES } from './cells.ts';
import { zooTables } from './zoo.ts';

/** A server as a matrix needs it: settings that hold for all sessions are put on it cell by cell. */
interface Bench {
  server(cell: Combination): Promise<Server>;
  session(cell: Combination): string[];
  /** Event types that the settings stand for, and types that they rule out. */
  events(cell: Combination): { readonly some: readonly string[]; readonly none: readonly string[] };
  stop(): Promise<void>;
}

const image = (cell: Combination): string => `set session binlog_row_image = '${cell['row image'] ?? ''}'`;

async function mysqlBench(): Promise<Bench> {
  const server = await startMysql();
  let mode = 'ON';
  return {
    server: async (cell) => {
      const wanted = cell['GTID mode'] ?? mode;
      const steps = ['ON', 'ON_PERMISSIVE', 'OFF_PERMISSIVE', 'OFF'];
      for (const step of steps.slice(steps.indexOf(mode) + 1, steps.indexOf(wanted) + 1)) await query(server, `set global gtid_mode = ${step}`);
      mode = wanted;
      await query(server, `set global binlog_row_metadata = ${cell['metadata'] ?? ''}`);
      return server;
    },
    session: (cell) => [image(cell), `set session binlog_transaction_compression = ${cell['compression'] ?? ''}`, `set session binlog_row_value_options = '${cell['partial JSON'] === 'on' ? 'PARTIAL_JSON' : ''}'`],
    events: (cell) => {
      const compressed = cell['compression'] === 'ON';
      const gtid = cell['GTID mode']?.startsWith('ON') === true;
      const partial = cell['partial JSON'] === 'on';
      return {
        some: [compressed ? 'Transaction_payload' : 'Write_rows', gtid ? 'Gtid' : 'Anonymous_Gtid', ...(partial ? ['Update_rows_partial'] : [])],
        none: [...(compressed ? [] : ['Transaction_payload']), gtid ? 'Anonymous_Gtid' : 'Gtid', ...(partial ? [] : ['Update_rows_partial'])],
      };
    },
    stop: () => server.stop(),
  };
}

async function mariadbBench(): Promise<Bench> {
  const server = await startMariadb({ flags: ['--log-bin-compress-min-len=10'] });
  return {
    server: async (cell) => {
      await query(server, `set global log_bin_compress = ${cell['compression'] ?? ''}; set global binlog_row_metadata = ${cell['metadata'] ?? ''}`);
      return server;
    },
    session: (cell) => [image(cell), `set session gtid_domain_id = ${cell['GTID domain'] ?? ''}`],
    events: (cell) => {
      const compressed = cell['compression'] === 'ON';
      return { some: ['Gtid', compressed ? 'Write_rows_compressed_v1' : 'Write_rows_v1'], none: compressed ? [] : ['Write_rows_compressed_v1'] };
    },
    stop: () => server.stop(),
  };
}

/** GTIDs are a matter of its start. */
function mysql56Bench(): Bench {
  let server: Server | null = null;
  let mode = '';
  return {
    server: async (cell) => {
      if (server !== null && mode === cell['GTID mode']) return server;
      await server?.stop();
      mode = cell['GTID mode'] ?? '';
      server = await startMysql56({ flags: mode === 'ON' ? GTID_FLAGS : [] });
      return server;
    },
    session: (cell) => [image(cell)],
    events: (cell) => (cell['GTID mode'] === 'ON' ? { some: ['Gtid', 'Write_rows'], none: [] } : { some: ['Write_rows'], none: ['Gtid'] }),
    stop: async () => server?.stop(),
  };
}

const BENCHES: Readonly<Record<ServerKind, () => Bench | Promise<Bench>>> = { mysql: mysqlBench, mariadb: mariadbBench, mysql56: mysql56Bench };

describe.each(MATRICES)('every type on $server', (matrix: Matrix) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await BENCHES[matrix.kind]();
  });

  afterAll(() => bench.stop());

  it.each(cellsOf(matrix).map((cell) => ({ label: labelOf(cell), cell })))('$label', async ({ cell }) => {
    const server = await bench.server(cell);
    const outcome = await runCell({ server, kind: matrix.kind, cell, session: bench.session(cell) });
    expect(outcome.wrong).toEqual([]);
    const { some, none } = bench.events(cell);
    expect(some.filter((type) => !outcome.events.has(type)), `of ${[...outcome.events].join()}`).toEqual([]);
    expect(none.filter((type) => outcome.events.has(type))).toEqual([]);
    const rows = zooTables(matrix.kind, cell['charset'] ?? '', goldenTables()).reduce((sum, table) => sum + table.rows.length, 0);
    expect(outcome.messages).toBeGreaterThanOrEqual(rows * 6 * 2);
    expect(outcome.selected).toBeGreaterThan(rows);
  });
});
