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

/** Every known difference from Debezium 3.6 with its defaults, JSON converter and schemas off. */
export const DIFFERENCES = [
  { id: 'version', where: '`source.version`', debezium: 'Its own version, `3.6.0.Final`.', rowcast: 'Its own version.', why: 'Nothing else would be true.' },
  { id: 'processing-time', where: '`ts_us` and `ts_ns` of the envelope', debezium: 'Microseconds and nanoseconds of its clock.', rowcast: 'Milliseconds, followed by zeros.', why: 'The clock that follows corrections of the time has milliseconds; they are not made up.' },
  { id: 'null-default', where: 'An explicit NULL in a column with a default', debezium: 'The default of the column.', rowcast: '`null`.', why: 'The row holds NULL; a value that is not in the table would be a silent change.' },
  { id: 'enum-label', where: 'ENUM and SET labels with a comma', debezium: 'The label with a backslash before the comma, `a\\,b`.', rowcast: 'The label, `a,b`; only the list of labels in a key schema has the backslash.', why: 'The label is what the server shows.' },
  { id: 'number-spelling', where: 'FLOAT and DOUBLE', debezium: '`1.0E21`, `1.6777216E7`.', rowcast: '`1e21`, `16777216.0`.', why: 'Not a difference of the numbers: JSON has many ways to write each.' },
  { id: 'rare-characters', where: 'Text in a charset such as GBK, characters beyond two bytes', debezium: '`?` where Java\'s charset lacks the character or MySQL has none.', rowcast: 'The character that the stored bytes stand for.', why: 'Text must not be lost. What the server itself stored as `?` stays `?`.' },
  { id: 'keyless-tombstone', where: 'Deletes of a table without a key', debezium: 'A tombstone with a null key after each.', rowcast: 'No tombstone.', why: 'It says nothing, and compacted topics refuse messages without a key.' },
  { id: 'key-schema-default', where: 'Headers `__debezium.newkey` and `__debezium.oldkey`', debezium: 'The schema of a key column with a default holds it.', rowcast: 'No default in the schema.', why: 'The binlog does not tell defaults.' },
  { id: 'whole-seconds', where: '`source.ts_ms`, `ts_us`, `ts_ns`', debezium: 'Commit time in microseconds where the GTID event has it.', rowcast: 'The same; whole seconds on servers that tell no more, MariaDB and MySQL 5.7 among them.', why: 'The server tells no more.' },
  { id: 'absent-columns', where: 'Columns that `binlog_row_image=MINIMAL` or `NOBLOB` leaves out', debezium: 'With NOBLOB the placeholder `__debezium_unavailable_value` for TEXT and BLOB, null for other types; it refuses MINIMAL.', rowcast: 'The placeholder for everything shown as a string or bytes; other types are left out of their image. The header `__rowcast.absent` names all of them. What the before image holds of an unchanged column is in the after image.', why: 'Absent is not NULL.' },
  { id: 'signed-unsigned', where: 'BIGINT UNSIGNED above 2^63 − 1', debezium: 'Negative (`bigint.unsigned.handling.mode=long`).', rowcast: 'The same.', why: 'Not a difference, but a surprise: the plain format shows the number itself.' },
] as const satisfies readonly Difference[];

export type DifferenceId = (typeof DIFFERENCES)[number]['id'];

/** The list as a Markdown table. */
export function differencesMarkdown(): string {
  const rows = DIFFERENCES.map(({ where, debezium, rowcast, why }) => `| ${where} | ${debezium} | ${rowcast} | ${why} |`);
  return ['| where | Debezium | Rowcast | why |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
