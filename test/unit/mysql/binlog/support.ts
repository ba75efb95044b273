import { readFileSync } from 'node:fs';
import type { RowsEvent, Transaction } from '../../../../src/core/change.ts';
import type { TableVersion } from '../../../../src/core/table.ts';
import type { CatalogueColumn } from '../../../../src/mysql/binlog/catalogue.ts';
import { BinlogDecoder } from '../../../../src/mysql/binlog/decoder.ts';
import type { DecoderOptions } from '../../../../src/mysql/binlog/options.ts';

export interface Recording {
  readonly decoder: BinlogDecoder;
  /** What the handler and the catalogue were told, in order. */
  readonly calls: string[];
  readonly tables: TableVersion[];
  readonly transactions: Transaction[];
}

export function column(name: string, columnType: string): CatalogueColumn {
  return { name, columnType, dataType: columnType.replace(/\W.*/u, ''), nullable: true, charset: null, labels: null, unsigned: false, keyOrder: null };
}

/** A decoder whose calls are written down. */
export function record(options: Partial<DecoderOptions> = {}, columns: readonly CatalogueColumn[] = []): Recording {
  const calls: string[] = [];
  const tables: TableVersion[] = [];
  const transactions: Transaction[] = [];
  const decoder = new BinlogDecoder({
    handler: {
      table: (version) => void (tables.push(version), calls.push(`table ${version.name}`)),
      begin: (transaction) => void (transactions.push(transaction), calls.push(`begin ${transaction.id}`)),
      rows: (event: RowsEvent) => void calls.push(`${event.operation} ${event.table.name} at ${event.position}, ${event.end - event.start} bytes`),
      commit: () => void calls.push(`commit ${decoder.position().label}`),
    },
    observer: { alive: () => undefined, event: () => undefined, passed: (type) => void calls.push(`passed ${type}`) },
    captures: (database) => database === 'fix',
    catalogue: { describe: () => ({ columns }), ddl: (notice) => void calls.push(`ddl ${notice.verb} ${notice.database}.${notice.table}`) },
    charsets: new Map([[8, 'latin1'], [45, 'utf8mb4'], [63, 'binary'], [255, 'utf8mb4']]),
    flavor: 'mysql',
    start: { file: 'binlog.000001', position: 4, gtid: null, serverUuid: null },
    includeQuery: true,
    ...options,
  });
  return { decoder, calls, tables, transactions };
}

/** The events of a binlog file, where they start and end. */
export function events(bytes: Buffer): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 4; at + 19 <= bytes.length; at += bytes.readUInt32LE(at + 9)) found.push([at, at + bytes.readUInt32LE(at + 9)]);
  return found;
}

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}
