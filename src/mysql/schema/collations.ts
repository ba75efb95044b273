import type { Flavor } from '../binlog/options.ts';
import type { Collations } from './ddl/index.ts';
import type { Ask } from './ask.ts';
import { text } from './fields.ts';

/** One collation of a server. */
export interface CollationRow {
  readonly id: number;
  readonly collation: string;
  readonly charset: string;
  readonly isDefault: boolean;
}

/** All character sets and collations of the server. Needs no privilege. @throws RowcastError SOURCE_* */
export async function readCollations(ask: Ask, flavor: Flavor): Promise<Collations> {
  return collationsOf(await readCollationRows(ask, flavor));
}

/** Collation id → name of its character set. @throws RowcastError SOURCE_* */
export async function readCharsets(ask: Ask, flavor: Flavor): Promise<ReadonlyMap<number, string>> {
  return new Map((await readCollationRows(ask, flavor)).map(({ id, charset }) => [id, charset]));
}

/** MariaDB from 10.10 on has collations that several character sets share: only the table of pairs has their ids and full names. */
async function readCollationRows(ask: Ask, flavor: Flavor): Promise<CollationRow[]> {
  const rows = await ask('SELECT COLLATION_NAME AS collation, CHARACTER_SET_NAME AS charset, ID AS id, IS_DEFAULT AS is_default FROM information_schema.COLLATIONS WHERE ID IS NOT NULL AND CHARACTER_SET_NAME IS NOT NULL');
  const pairs = flavor === 'mariadb' && (await hasFullNames(ask)) ? await ask('SELECT FULL_COLLATION_NAME AS collation, CHARACTER_SET_NAME AS charset, ID AS id, IS_DEFAULT AS is_default FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY') : [];
  return [...rows, ...pairs].map((row) => ({ id: Number(row.id), collation: text(row.collation).toLowerCase(), charset: text(row.charset).toLowerCase(), isDefault: text(row.is_default) === 'Yes' }));
}

async function hasFullNames(ask: Ask): Promise<boolean> {
  const rows = await ask("SELECT 1 AS found FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'COLLATION_CHARACTER_SET_APPLICABILITY' AND COLUMN_NAME = 'FULL_COLLATION_NAME'");
  return rows.length > 0;
}

/** What the rows say. */
export function collationsOf(rows: readonly CollationRow[]): Collations {
  const charsets = new Map(rows.map(({ collation, charset }) => [collation, charset]));
  const defaults = new Map(rows.filter(({ isDefault }) => isDefault).map(({ collation, charset }) => [charset, collation]));
  const ids = new Map(rows.map(({ id, collation }) => [id, collation]));
  return {
    charsetOf: (collation) => charsets.get(collation),
    defaultOf: (charset) => defaults.get(charset),
    byId: (id) => ids.get(id),
  };
}
