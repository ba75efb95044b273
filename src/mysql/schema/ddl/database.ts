import type { CharsetClause } from './charset.ts';
import { chooseCharset, readCharsetOption } from './charset.ts';
import type { Draft } from './draft.ts';
import type { DatabaseDefaults } from './model.ts';
import type { Reading } from './reading.ts';
import { asKept, nameOf, undecided } from './reading.ts';
import type { Node } from './tree.ts';
import { child, nodes } from './tree.ts';

/** CREATE DATABASE. One that exists stays as it is with IF NOT EXISTS. @throws Undecided */
export function createDatabase(reading: Reading, node: Node, draft: Draft): void {
  const name = databaseOf(reading, node);
  if (child(node, 'ifNotExists') !== undefined && reading.schema.database(name) !== undefined) return;
  if (reading.schema.database(name) !== undefined) draft.dropDatabase(name);
  draft.setDatabase(name, chooseCharset(reading, optionsOf(reading, node), serverDefaults(reading)));
}

/** ALTER DATABASE. DEFAULT stands for the server's. @throws Undecided */
export function alterDatabase(reading: Reading, node: Node, draft: Draft): void {
  const name = databaseOf(reading, node);
  const before = reading.schema.database(name) ?? undecided(`database ${name} is not known`);
  const options = optionsOf(reading, node);
  if (options.charset !== null || options.collation !== null) draft.setDatabase(name, chooseCharset(reading, options, before));
}

export function dropDatabase(reading: Reading, node: Node, draft: Draft): void {
  draft.dropDatabase(databaseOf(reading, node));
}

/** Without a name it is the default database. */
function databaseOf(reading: Reading, node: Node): string {
  const uid = child(node, 'uid');
  return asKept(reading.dialect, uid === undefined ? reading.statement.database : nameOf(reading, uid));
}

function optionsOf(reading: Reading, node: Node): CharsetClause {
  const clause: CharsetClause = { charset: null, collation: null };
  for (const option of nodes(node, 'createDatabaseOption')) readCharsetOption(reading, option, clause);
  return clause;
}

/** collation_server of the session. */
function serverDefaults({ statement: { session }, dialect }: Reading): DatabaseDefaults {
  const { collations, collationServer } = dialect;
  const collation = session.collationServer === null ? collationServer : (collations.byId(session.collationServer) ?? undecided('collation_server is not known'));
  return { charset: collations.charsetOf(collation) ?? undecided('collation_server is not known'), collation };
}
