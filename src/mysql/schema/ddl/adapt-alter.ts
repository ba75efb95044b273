import type { Token } from 'antlr4ng';

/** Types of tokens by name. */
export type Types = ReadonlyMap<string, number>;

/** Clauses of ALTER TABLE that the grammar lacks and that change no column: it is shown FORCE in their place. Their words stay. */
const FOLDED = [/^(?:ADD|DROP) SYSTEM VERSIONING$/u, /^ADD PARTITION (?:IF NOT EXISTS )?(?:NO_WRITE_TO_BINLOG )?PARTITIONS /u, /^DROP PERIOD /u];

/** The clauses of ALTER TABLE, one by one. */
export function adaptAlter(tokens: readonly Token[], types: Types): Token[] {
  const end = tokens.slice(-1);
  const result: Token[] = [];
  for (const [i, clause] of split(tokens.slice(0, -1)).entries()) {
    const from = i === 0 ? headLength(clause) : 1;
    const body = withoutPartitions(clause.slice(from));
    if (body.length > 0 || i === 0) result.push(...clause.slice(0, from), ...fold(ordered(body), types));
  }
  return [...result, ...end];
}

/** At commas outside of brackets; each but the first begins with its comma. */
function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    else if (token.text === ',' && depth === 0) parts.push([]);
    parts.at(-1)?.push(token);
  }
  return parts;
}

/** ALTER … TABLE IF EXISTS name: how many tokens. */
function headLength(tokens: readonly Token[]): number {
  let at = tokens.findIndex(({ text }) => text === 'TABLE') + 1;
  if (tokens[at]?.text === 'IF') at += 2;
  at++;
  while (tokens[at]?.text?.startsWith('.') === true) at += tokens[at]?.text === '.' ? 2 : 1;
  return at;
}

/** PARTITION BY ends the statement. */
function withoutPartitions(clause: readonly Token[]): Token[] {
  let depth = 0;
  const from = clause.findIndex(({ text }, i) => {
    if (text === '(') depth++;
    else if (text === ')') depth--;
    return depth === 0 && text === 'PARTITION' && clause[i + 1]?.text === 'BY';
  });
  return from < 0 ? [...clause] : clause.slice(0, from);
}

/** ORDER BY a DESC: only the order of rows that are there. A charset DEFAULT is a name like others. */
function ordered(clause: Token[]): Token[] {
  return clause[0]?.text === 'ORDER' || (clause.length === 2 && /^(?:ASC|DESC)$/u.test(clause[1]?.text ?? '')) ? clause.filter(({ text }) => text !== 'ASC' && text !== 'DESC') : clause;
}

function fold(clause: Token[], types: Types): Token[] {
  const [first] = clause;
  const last = clause.at(-1);
  if (first === undefined || last === undefined) return clause;
  const text = clause.map((token) => token.text).join(' ');
  if (FOLDED.some((pattern) => pattern.test(text))) {
    first.type = types.get('FORCE') ?? first.type;
    first.stop = last.stop;
    return [first];
  }
  if (/^CONVERT TO (?:CHARACTER SET|CHAR SET|CHARSET) DEFAULT/u.test(text)) {
    const name = clause.find((token) => token.text === 'DEFAULT');
    if (name !== undefined) name.type = types.get('LATIN1') ?? name.type;
  }
  return clause;
}
