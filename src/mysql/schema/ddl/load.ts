import type { Grammar } from './grammar.ts';
import { createGrammar } from './grammar.ts';
import { TABLES as MARIADB } from './grammar/mariadb.ts';
import { TABLES as MYSQL } from './grammar/mysql.ts';
import type { Dialect } from './statement.ts';

export { DdlApplier } from './apply.ts';

/** The grammar of a flavor, made when it is first asked for. */
export function createGrammars(): (flavor: Dialect['flavor']) => Grammar {
  const made = new Map<Dialect['flavor'], Grammar>();
  return (flavor) => {
    const known = made.get(flavor) ?? createGrammar(flavor === 'mariadb' ? MARIADB : MYSQL);
    made.set(flavor, known);
    return known;
  };
}
