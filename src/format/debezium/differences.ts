/** One way in which messages differ from Debezium's. */
export interface Difference {
  /** Stable name, for tests. */
  readonly id: string;
  /** Field or type. */
  readonly where: string;
  readonly debezium: string;
  readonly rowcast: string;
  readonly why: string;
}

/** Every known difference from Debezium 3.6 with the same options and the JSON converter. */
export const DIFFERENCES = [
  { id: 'version', where: '`source.version`', debezium: 'Its own version, `3.6.0.Final`.', rowcast: 'Its own version.', why: 'Nothing else would be true.' },
  { id: 'processing-time', where: '`ts_ms`, `ts_us` and `ts_ns` of the envelope', debezium: 'Its clock at each row, in microseconds and nanoseconds.', rowcast: 'Its clock at the first row of each rows event, in milliseconds, followed by zeros.', why: 'The clock that follows corrections of the time has milliseconds; they are not made up. Asking it for each row costs a twentieth of the time.' },
  { id: 'null-default', where: 'An explicit NULL in a column with a default', debezium: 'The default of the column.', rowcast: '`null`.', why: 'The row holds NULL; a value that is not in the table would be a silent change.' },
  { id: 'enum-label', where: 'ENUM and SET labels with a comma', debezium: 'The label with a backslash before the comma, `a\\,b`.', rowcast: 'The label, `a,b`; only the list of labels in a key schema has the backslash.', why: 'The label is what the server shows.' },
  { id: 'number-spelling', where: 'FLOAT and DOUBLE', debezium: '`1.0E21`, `1.6777216E7`.', rowcast: '`1e21`, `16777216.0`.', why: 'Not a difference of the numbers: JSON has many ways to write each.' },
  { id: 'rare-characters', where: 'Text in a charset such as GBK, characters beyond two bytes', debezium: '`?` where Java\'s charset lacks the character or MySQL has none.', rowcast: 'The character that the stored bytes stand for.', why: 'Text must not be lost. What the server itself stored as `?` stays `?`.' },
  { id: 'keyless-tombstone', where: 'Deletes of a table without a key', debezium: 'A tombstone with a null key after each.', rowcast: 'No tombstone.', why: 'It says nothing, and compacted topics refuse messages without a key.' },
  { id: 'schema-default', where: 'Schemas of columns with a default', debezium: 'The schema holds the default.', rowcast: 'No default in the schema.', why: 'Readers of Kafka Connect put it in the place of every NULL, which changes what the row says.' },
  { id: 'context-headers', where: 'Headers `__debezium.context.*`', debezium: 'Connector, task and run on every message about a row or a statement.', rowcast: 'None.', why: 'There is no task; connector and name are in `source`.' },
  { id: 'whole-seconds', where: '`source.ts_ms`, `ts_us`, `ts_ns`', debezium: 'Commit time in microseconds where the GTID event has it.', rowcast: 'The same; whole seconds on servers that tell no more, MariaDB and MySQL 5.7 among them.', why: 'The server tells no more.' },
  { id: 'declared-words', where: 'Columns declared with words that MySQL keeps otherwise: BOOLEAN', debezium: 'A boolean, as long as it has seen the word in a statement; a number once it has read the table from the server.', rowcast: 'A number, `types.tinyint1: boolean` makes all of them booleans.', why: 'BOOLEAN is TINYINT(1), and neither the server nor the binlog keeps the word.' },
  { id: 'real', where: 'REAL', debezium: 'A float: 123456789.123 becomes 123456792.', rowcast: 'A double, with all digits.', why: 'MySQL stores a double.' },
  { id: 'float-digits', where: 'FLOAT(M,D)', debezium: 'A double with the digits that the float has when it is widened, `1234.5679931640625`.', rowcast: 'A float as any other, `1234.568`.', why: 'The binlog does not tell M and D; the text reads back as the same float.' },
  { id: 'vector-digits', where: 'VECTOR', debezium: 'Floats in more digits, `-30000001000`.', rowcast: 'The shortest digits that read back as the same float, `-30000000000.0`.', why: 'The same numbers.' },
  { id: 'year-zero', where: 'YEAR 0000', debezium: '1900.', rowcast: '0.', why: 'The server shows 0000.' },
  { id: 'time-beyond-day', where: 'TIME that is negative or not within a day, with `isostring` or `connect`', debezium: 'null; 24:00:00 is `00:00:00Z` with `isostring`.', rowcast: '`-00:00:00.001Z`, `838:59:59Z`; with `connect` the number of milliseconds, and with schemas the daemon stops, as readers of Kafka Connect refuse it.', why: 'The row holds a time; null would be a silent change.' },
  { id: 'nanoseconds-range', where: 'DATETIME before 1677 or after 2262 with `nanoseconds`', debezium: 'The connector fails.', rowcast: 'The daemon stops, naming table, row and a mode that can say it.', why: 'Its nanoseconds are more than 64 bits hold.' },
  { id: 'unfollowed-statements', where: 'Schema changes by a statement that Rowcast cannot follow', debezium: 'The table as its parser has it.', rowcast: '`table` is null; the columns are taken from the server when the next rows come.', why: 'Nothing is said that is not known.' },
  { id: 'statement-row', where: '`source.row` of schema changes', debezium: 'A number that is left over from the rows before.', rowcast: '0.', why: 'A statement is no row.' },
  { id: 'statement-parts', where: 'Statements about several tables, in the topic of schema changes', debezium: 'A message for each table, with a statement made up for it; `source.table` names all of them.', rowcast: 'A message for each table with the whole statement, of a DROP with its part; `source.table` names its own.', why: 'The statement is what was run.' },
  { id: 'statement-words', where: 'Types and lengths of columns in schema changes', debezium: 'The words of the statement: `NUMERIC`, `REAL`, `FLOAT` of length 53, `BOOLEAN`, `NATIONAL VARCHAR` of `utf8`; CHAR(0) has the length of another column.', rowcast: 'Those of the server: `DECIMAL`, `DOUBLE`, `TINYINT` of length 1, `VARCHAR` of `utf8mb3`; lengths of integers where the server keeps them.', why: 'The tables that are followed are as the server has them.' },
  { id: 'statement-defaults', where: '`defaultValueExpression` of columns in schema changes', debezium: 'The text of the statement, quotes and escapes as they stand; CURRENT_TIMESTAMP is 1970-01-01 00:00:00.', rowcast: 'The value, of binary types in hexadecimal; none for an expression.', why: 'The value is what rows get.' },
  { id: 'tombstone-headers', where: 'Flat with `rewrite-with-tombstone` and the header of `op`: tombstones', debezium: 'The header twice, once with a schema that is not optional.', rowcast: 'Once.', why: 'It says the same.' },
  { id: 'topic-names', where: 'Topics of tables whose names have other characters than Kafka allows', debezium: 'An underscore for each, so that two tables may meet in one topic.', rowcast: '`_xHH` for each byte. Names of schemas are as Debezium has them.', why: 'Rows of two tables must not mix unnoticed.' },
  { id: 'table-order', where: '`data_collections` of END', debezium: 'The tables in any order.', rowcast: 'In the order of their first messages.', why: 'A list has some order.' },
  { id: 'empty-transactions', where: 'Transactions of which nothing is told', debezium: 'BEGIN and END with a count of 0, also for databases that are not captured.', rowcast: 'Neither.', why: 'They say nothing.' },
  { id: 'absent-columns', where: 'Columns that `binlog_row_image=MINIMAL` or `NOBLOB` leaves out', debezium: 'With NOBLOB the placeholder `__debezium_unavailable_value` for TEXT and BLOB, null for other types; it refuses MINIMAL.', rowcast: 'The placeholder for everything shown as a string or bytes; other types are left out of their image. The header `__rowcast.absent` names all of them. What the before image holds of an unchanged column is in the after image.', why: 'Absent is not NULL.' },
  { id: 'signed-unsigned', where: 'BIGINT UNSIGNED above 2^63 − 1', debezium: 'Negative (`bigint.unsigned.handling.mode=long`).', rowcast: 'The same.', why: 'Not a difference, but a surprise: the plain format shows the number itself.' },
] as const satisfies readonly Difference[];

export type DifferenceId = (typeof DIFFERENCES)[number]['id'];

/** The list as a Markdown table. */
export function differencesMarkdown(): string {
  const rows = DIFFERENCES.map(({ where, debezium, rowcast, why }) => `| ${where} | ${debezium} | ${rowcast} | ${why} |`);
  return ['| where | Debezium | Rowcast | why |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
