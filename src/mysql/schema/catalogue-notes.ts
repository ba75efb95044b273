import { RowcastError } from '../../core/errors.ts';
import type { Json } from '../../core/position.ts';
import type { CatalogueColumn } from '../binlog/catalogue.ts';

/** Columns of tables by `database.table`. */
export type Tables = ReadonlyMap<string, readonly CatalogueColumn[]>;

/** An end of the binlog of one server. */
export interface Boundary {
  readonly server: string;
  readonly file: string;
  readonly position: number;
}

/** What is kept beside the checkpoint. */
export interface CatalogueNotes {
  readonly tables: Tables;
  /** Tables that were changed after their columns were kept. */
  readonly stale: ReadonlySet<string>;
  /** Changes before it are in the columns that were taken on the operator's word. */
  readonly recaptured: Boundary | null;
}

const FORMAT = 1;

/** The notes as JSON. */
export function writeNotes(notes: CatalogueNotes): Json {
  const tables = [...notes.tables].map(([name, columns]) => ({ name, columns: columns.map((column) => ({ ...column })) }));
  return { format: FORMAT, tables, stale: [...notes.stale], recaptured: notes.recaptured === null ? null : { ...notes.recaptured } };
}

/** @throws RowcastError CHECKPOINT_DAMAGED */
export function readNotes(json: Json): CatalogueNotes {
  const top = record(json);
  if (top.format !== FORMAT) throw damaged(`format ${JSON.stringify(top.format ?? null)}`);
  const tables = list(top.tables).map((entry) => {
    const table = record(entry);
    return [text(table.name), list(table.columns).map(readColumn)] as const;
  });
  return { tables: new Map(tables), stale: new Set(list(top.stale).map(text)), recaptured: top.recaptured === null ? null : readBoundary(top.recaptured) };
}

function readColumn(json: Json): CatalogueColumn {
  const column = record(json);
  return {
    name: text(column.name),
    columnType: text(column.columnType),
    dataType: text(column.dataType),
    nullable: flag(column.nullable),
    charset: column.charset === null ? null : text(column.charset),
    labels: column.labels === null ? null : list(column.labels).map(text),
    unsigned: flag(column.unsigned),
    keyOrder: column.keyOrder === null ? null : whole(column.keyOrder),
  };
}

function readBoundary(json: Json | undefined): Boundary {
  const boundary = record(json);
  return { server: text(boundary.server), file: text(boundary.file), position: whole(boundary.position) };
}

function record(json: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof json !== 'object' || json === null || isList(json)) throw damaged('an object is missing');
  return json;
}

function list(json: Json | undefined): readonly Json[] {
  if (!isList(json)) throw damaged('a list is missing');
  return json;
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

function text(json: Json | undefined): string {
  if (typeof json !== 'string') throw damaged('a text is missing');
  return json;
}

function flag(json: Json | undefined): boolean {
  if (typeof json !== 'boolean') throw damaged('a flag is missing');
  return json;
}

function whole(json: Json | undefined): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json)) throw damaged('a number is missing');
  return json;
}

function damaged(what: string): RowcastError {
  return new RowcastError('CHECKPOINT_DAMAGED', `the kept table columns cannot be read: ${what}`);
}
