import type { Reading } from './reading.ts';
import { nameOf, undecided } from './reading.ts';
import type { Dialect } from './statement.ts';
import type { Node } from './tree.ts';
import { child, has } from './tree.ts';

/** A character set and a collation of it. */
export interface CharsetChoice {
  readonly charset: string;
  readonly collation: string;
}

/** What a statement says of them; DEFAULT counts as said by nobody. */
export interface CharsetClause {
  charset: string | null;
  collation: string | null;
}

/** Puts a clause of a table's or database's options into `clause`. */
export function readCharsetOption(reading: Reading, option: Node, clause: CharsetClause): void {
  const name = child(option, 'charsetName');
  const collation = child(option, 'collationName');
  const isCharset = child(option, 'charSet') !== undefined || name !== undefined;
  if (isCharset && has(option, 'DEFAULT') && name === undefined) clause.charset = null;
  if (name !== undefined) clause.charset = nameOf(reading, name);
  if (collation !== undefined) clause.collation = nameOf(reading, collation);
}

/** What a clause comes to where `inherited` is what holds without one. @throws Undecided for a name that the server does not list */
export function chooseCharset(reading: Reading, { charset, collation }: Readonly<CharsetClause>, inherited: CharsetChoice): CharsetChoice {
  if (collation !== null && collation.toLowerCase() !== 'default') {
    const known = resolveCollation(reading.dialect, collation, charset === null ? inherited.charset : resolveCharset(reading.dialect, charset));
    return { charset: reading.dialect.collations.charsetOf(known) ?? undecided(`collation ${known} is not known`), collation: known };
  }
  if (charset === null || charset.toLowerCase() === 'default') return inherited;
  const name = resolveCharset(reading.dialect, charset);
  return { charset: name, collation: defaultCollation(reading, name) };
}

/** The server's name of a character set. @throws Undecided */
export function resolveCharset({ collations }: Dialect, name: string): string {
  const lower = name.toLowerCase();
  const found = [lower, ALIASES.get(lower)].find((each) => each !== undefined && collations.defaultOf(each) !== undefined);
  return found ?? undecided(`character set ${name} is not known`);
}

/** `utf8` is the old name of `utf8mb3`; a server knows one of them. */
const ALIASES = new Map([['utf8', 'utf8mb3'], ['utf8mb3', 'utf8']]);

/** The server's name of a collation. MariaDB's newer ones leave out the character set. @throws Undecided */
function resolveCollation({ collations }: Dialect, name: string, charset: string): string {
  const lower = name.toLowerCase();
  const candidates = [lower, lower.replace(/^utf8_/u, 'utf8mb3_'), lower.replace(/^utf8mb3_/u, 'utf8_'), `${charset}_${lower}`];
  return candidates.find((each) => collations.charsetOf(each) !== undefined) ?? undecided(`collation ${name} is not known`);
}

/** The collation of a character set that is named alone: sessions may have set another than the server's. */
export function defaultCollation({ statement: { session }, dialect: { collations } }: Pick<Reading, 'statement' | 'dialect'>, charset: string): string {
  if (charset === 'utf8mb4' && session.collationUtf8mb4 !== null) return collations.byId(session.collationUtf8mb4) ?? undecided('the collation of utf8mb4 is not known');
  for (const [from, to] of session.characterSetCollations) {
    if (collations.charsetOf(collations.byId(from) ?? '') === charset) return collations.byId(to) ?? undecided(`the collation of ${charset} is not known`);
  }
  return collations.defaultOf(charset) ?? undecided(`character set ${charset} is not known`);
}

/** The binary collation of a character set: what the attribute BINARY asks for. */
export function binaryCollation({ collations }: Dialect, charset: string): string {
  const name = charset === 'binary' ? 'binary' : `${charset}_bin`;
  return collations.charsetOf(name) === undefined ? undecided(`character set ${charset} has no binary collation`) : name;
}

/** What a new table of a database gets. @throws Undecided where the database is not known */
export function databaseDefaults({ schema }: Pick<Reading, 'schema'>, database: string): CharsetChoice {
  return schema.database(database) ?? undecided(`the defaults of database ${database} are not known`);
}
