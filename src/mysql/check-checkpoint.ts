import { asRowcastError, RowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { createPositions, exists, quoted, SCHEMA_TABLE_ENDING } from './checkpoint-table.ts';
import type { CheckpointTableOptions } from './checkpoint-table.ts';
import { quoteAccount } from './preflight/grants.ts';
import { askText } from './stream/server-facts.ts';
import { serverLabel, withSession } from './stream/sql-session.ts';
import type { SqlSession } from './stream/sql-session.ts';
import { createPieces } from './table-pieces.ts';

/** A table that a daemon writes. */
interface Place {
  /** With its database. */
  readonly table: string;
  readonly keeps: string;
  readonly create: string;
  /** Statements that change nothing, by the privilege that each needs. */
  readonly uses: Readonly<Record<string, string>>;
}

/** Errors of servers. */
const DENIED = new Set([1044, 1142, 1143, 1227]);
const NO_COLUMN = 1054;
const READ_ONLY = new Set([1290, 1792, 1836]);

/**
 * Tells what keeps a daemon from writing positions and schema history into their tables: no database, missing privileges, a
 * table of other columns. Found by statements that match no row, and by preparing the one that would make a table, since
 * SHOW GRANTS does not tell what a role gives. Changes nothing. A server that cannot be reached is for others to tell. Never rejects.
 */
export async function checkCheckpointTables(options: CheckpointTableOptions): Promise<Problem[]> {
  try {
    return await withSession(options, async (session) => {
      const account = quoteAccount((await askText(session, 'SELECT CURRENT_USER()')) ?? '');
      const found: Problem[] = [];
      for (const place of placesOf(options.table)) found.push(...(await problemsOf(session, place, { account, server: serverLabel(options) })));
      return found.filter(({ message }, index) => found.findIndex((one) => one.message === message) === index);
    });
  } catch {
    return [];
  }
}

function placesOf(positions: string): readonly Place[] {
  const history = `${positions}${SCHEMA_TABLE_ENDING}`;
  const [one, other] = [quoted(positions), quoted(history)];
  return [
    {
      table: positions,
      keeps: 'positions',
      create: createPositions(one),
      uses: {
        SELECT: `SELECT name, owner, saves, checkpoint FROM ${one} WHERE 1 = 0`,
        INSERT: `INSERT INTO ${one} (name, owner, saves) SELECT '', '', 0 FROM DUAL WHERE 1 = 0`,
        UPDATE: `UPDATE ${one} SET owner = '', saves = 0, checkpoint = NULL WHERE 1 = 0`,
      },
    },
    {
      table: history,
      keeps: 'the schema history',
      create: createPieces(other),
      uses: {
        SELECT: `SELECT name, piece, body FROM ${other} WHERE 1 = 0`,
        INSERT: `INSERT INTO ${other} (name, piece, body) SELECT '', 0, '' FROM DUAL WHERE 1 = 0`,
        DELETE: `DELETE FROM ${other} WHERE 1 = 0`,
      },
    },
  ];
}

/** Who asks whom. */
interface Asking {
  readonly account: string;
  readonly server: string;
}

async function problemsOf(session: SqlSession, place: Place, asking: Asking): Promise<Problem[]> {
  const { table, uses, create } = place;
  if (!(await exists(session, table))) {
    const error = await failure(session.query('PREPARE rowcast_check FROM ?', [create]));
    return error === null ? missingDatabase(session, place, asking) : [problem(error, 'CREATE', place, asking)];
  }
  const found: Problem[] = [];
  for (const [privilege, statement] of Object.entries(uses)) {
    const error = await failure(session.query(statement));
    if (error === null) continue;
    found.push(problem(error, privilege, place, asking));
    // What is no table of ours is told once.
    if (error.facts['errno'] === NO_COLUMN) break;
  }
  return found;
}

/** Preparing a statement does not ask for the database. */
async function missingDatabase(session: SqlSession, { table }: Place, { server }: Asking): Promise<Problem[]> {
  const [database = ''] = table.split('.');
  if ((await session.query('SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = ?', [database])).length > 0) return [];
  return [{ code: 'CHECKPOINT_UNWRITABLE', severity: 'error', where: server, message: `the database ${database}, which checkpoint.table names, does not exist on ${server}`, repair: `CREATE DATABASE ${quoted(database)};` }];
}

function problem(error: RowcastError, privilege: string, { table, keeps, uses }: Place, { account, server }: Asking): Problem {
  const common = { code: 'CHECKPOINT_UNWRITABLE', severity: 'error', where: `table ${table} of ${server}` } as const;
  const errno = Number(error.facts['errno'] ?? 0);
  if (DENIED.has(errno)) {
    const rights = [...new Set([...Object.keys(uses), ...(privilege === 'CREATE' ? ['CREATE'] : [])])].join(', ');
    const what = privilege === 'CREATE' ? `make the table ${table}, which does not exist or which it may not see, and which keeps ${keeps}` : `${privilege} on the table ${table}, which keeps ${keeps}`;
    return { ...common, message: `the account ${account} may not ${what}`, repair: `GRANT ${rights} ON ${quoted(table)} TO ${account};` };
  }
  if (errno === NO_COLUMN) return { ...common, message: `the table ${table} is there and is none that keeps ${keeps}: ${error.message}`, repair: 'Name another table in checkpoint.table; one that does not exist is made.' };
  if (READ_ONLY.has(errno)) return { ...common, message: `the server ${server} is read-only, and keeps ${keeps}`, repair: 'Name the primary in checkpoint.server.' };
  return { ...common, message: `the table ${table}, which keeps ${keeps}, cannot be used: ${error.message}`, repair: error.hint };
}

/** What a question fails with. @throws RowcastError where the server is gone */
async function failure(question: Promise<unknown>): Promise<RowcastError | null> {
  try {
    await question;
    return null;
  } catch (thrown) {
    const error = asRowcastError(thrown);
    if (error.code === 'SOURCE_LOST') throw error;
    return error;
  }
}
