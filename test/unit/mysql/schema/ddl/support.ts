import type { TableName } from '../../../../../src/core/notice.ts';
import { collationsOf } from '../../../../../src/mysql/schema/collations.ts';
import type { DdlContext, DdlOutcome, DdlSession, Dialect } from '../../../../../src/mysql/schema/ddl/index.ts';
import { loadDdl, Schema, UNKNOWN_SESSION } from '../../../../../src/mysql/schema/ddl/index.ts';

const row = (id: number, collation: string, isDefault = false): { id: number; collation: string; charset: string; isDefault: boolean } => ({ id, collation, charset: collation.replace(/_.*$/u, ''), isDefault });

const SHARED = [row(8, 'latin1_swedish_ci', true), row(47, 'latin1_bin'), row(45, 'utf8mb4_general_ci'), row(46, 'utf8mb4_bin'), row(63, 'binary', true), row(33, 'utf8mb3_general_ci', true), row(35, 'ucs2_general_ci', true)];

export const MYSQL: Dialect = {
  flavor: 'mysql',
  version: [9, 7, 4],
  lowerCaseTableNames: 0,
  collations: collationsOf([...SHARED, row(255, 'utf8mb4_0900_ai_ci', true)]),
  collationServer: 'utf8mb4_0900_ai_ci',
  explicitDefaultsForTimestamp: true,
};

export const MARIADB: Dialect = {
  ...MYSQL,
  flavor: 'mariadb',
  version: [11, 4, 5],
  collations: collationsOf([...SHARED.map((each) => (each.id === 45 ? { ...each, isDefault: true } : each)), row(2304, 'utf8mb4_uca1400_ai_ci')]),
  collationServer: 'utf8mb4_general_ci',
};

/** What a test says of where its statements run. */
export interface Setting {
  readonly dialect?: Dialect;
  readonly session?: Partial<DdlSession>;
  readonly database?: string;
  readonly captures?: (database: string, name: string) => boolean;
}

/** Runs statements one after the other against a schema that knows databases `shop` and `other`. */
export async function runner(setting: Setting = {}): Promise<{ readonly schema: Schema; readonly run: (...sql: string[]) => DdlOutcome }> {
  const apply = await loadDdl();
  const { dialect = MYSQL, session = {}, database = 'shop', captures = () => true } = setting;
  const context: DdlContext = { dialect, captures };
  const schema = new Schema({ tables: [], databases: [{ name: 'shop', charset: 'utf8mb4', collation: dialect.collationServer }, { name: 'other', charset: 'latin1', collation: 'latin1_bin' }] });
  const run = (...statements: string[]): DdlOutcome => {
    let outcome: DdlOutcome = { kind: 'irrelevant' };
    for (const sql of statements) outcome = apply(schema, { sql, database, session: { ...UNKNOWN_SESSION, ...session } }, context);
    return outcome;
  };
  return { schema, run };
}

/** The table's columns as `name type`. */
export function columnsOf(schema: Schema, name: string, database = 'shop'): string[] {
  return schema.table(database, name)?.columns.map((column) => `${column.name} ${column.columnType}`) ?? [];
}

export function labelOf({ database, name }: TableName): string {
  return `${database}.${name}`;
}
