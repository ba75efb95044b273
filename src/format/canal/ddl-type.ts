const NAME = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|[^\\s`".(]+)';
/** `ALTER TABLE name`, up to its first clause. */
const ALTER = new RegExp(`^\\s*alter\\s+(?:(?:online|offline|ignore)\\s+)*table\\s+(?:if\\s+exists\\s+)?${NAME}(?:\\s*\\.\\s*${NAME})?\\s*(?:(?:wait\\s+\\d+|nowait)\\s+)?`, 'i');
const ADDS_INDEX = new RegExp(`^add\\s+(?:(?:index|key|fulltext|spatial|unique|primary)\\b|constraint\\s+(?:(?:${NAME}\\s+)?(?:unique|primary)\\b))`, 'i');
const DROPS_INDEX = /^drop\s+(?:index|key|constraint)\b/i;
const OF_DATABASE = /^\s*(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:database|schema)\b/i;
/** Comments, but for those that the server reads. */
const COMMENT = /\/\*(?!!|M!)[^]*?\*\/|(?:--\s|#)[^\n]*/g;

/** Canal's type of an ALTER TABLE: its first clause tells. */
export function clauseType(sql: string): 'CINDEX' | 'DINDEX' | 'ALTER' {
  const clause = sql.replaceAll(COMMENT, ' ').trimStart().replace(ALTER, '');
  if (ADDS_INDEX.test(clause)) return 'CINDEX';
  return DROPS_INDEX.test(clause) ? 'DINDEX' : 'ALTER';
}

/** A statement about a whole database. */
export function ofDatabase(sql: string): boolean {
  return OF_DATABASE.test(sql.replaceAll(COMMENT, ' '));
}
