import type { Difference } from '../differences.ts';

/** Every known difference from Canal 1.1.8. */
export const DIFFERENCES = [
  { id: 'timestamp-zone', where: 'TIMESTAMP', theirs: 'In the time zone of its JVM.', ours: 'In UTC, as a Canal with `-Duser.timezone=UTC`.', why: 'One rule, whatever the machine.' },
  { id: 'charset', where: 'CHAR and VARCHAR in another character set than that of the connection', theirs: 'Read in that of the connection.', ours: 'Read in their own.', why: 'Text must not be lost.' },
  { id: 'binary-zeros', where: 'BINARY(n)', theirs: 'Without the zero bytes at its end.', ours: 'All n bytes.', why: 'They are part of the value.', quirk: true },
  { id: 'sql-type', where: '`sqlType`', theirs: 'By the values of the last row: another number for NULL, and for unsigned integers in the upper half of their range.', ours: 'By the type alone: the one that takes every value.', why: 'The type of a column does not change from row to row.', quirk: true },
  { id: 'documents', where: 'JSON', theirs: 'Dates with a time of day, quotes in keys not escaped, opaque values as text.', ours: "The server's text.", why: 'The document must stay valid and whole.' },
  { id: 'partial-json', where: 'Partial updates of JSON', theirs: '`JSON_REPLACE(…)` as the value.', ours: 'The whole document.', why: 'The value is the document.' },
  { id: 'vector', where: 'VECTOR', theirs: 'null.', ours: 'The list of its numbers, as a string.', why: 'The value must not be lost.' },
  { id: 'mariadb', where: 'UUID, INET4 and INET6 of MariaDB', theirs: 'Their bytes as text.', ours: "The server's text.", why: 'The value must not be lost.' },
  { id: 'gtid', where: '`gtid`', theirs: 'The set of all GTIDs so far, where it follows GTIDs.', ours: 'The GTID of the transaction.', why: 'A set of years of history does not belong into every message.' },
  { id: 'id', where: '`id`', theirs: 'The number of its batch since it started.', ours: 'The number of the transaction since the daemon started.', why: 'There are no batches.' },
  { id: 'old-of-others', where: '`old` where a message has several rows', theirs: 'Also columns that an earlier row of the message changed.', ours: 'Only what changed in this row.', why: 'It says what changed.' },
  { id: 'rows-per-message', where: 'Rows in one message', theirs: 'All rows of a rows event that go to one partition.', ours: 'One; with `rowsPerMessage: event` those that follow each other with one operation to one partition, up to 256 KiB.', why: 'Messages stay small, and their order is that of the binlog.' },
  { id: 'default-hash', where: '`partitionHash`', theirs: 'None: everything goes to partition 0.', ours: '`.*\\..*:$pk$`.', why: 'One partition is no place for a whole server.' },
  { id: 'statements', where: 'Statements of several tables, and statements that change no captured table', theirs: 'One message, with the first table, and QUERY for what it does not understand.', ours: 'One message with the first captured table; none where no captured table changes.', why: 'The rest does not matter to a consumer of these tables.' },
  { id: 'databases', where: 'Statements about a database', theirs: 'No message.', ours: 'QUERY without a table, also where a database goes with its tables.', why: 'Tables that are gone are told.' },
  { id: 'constraints', where: 'ALTER TABLE that begins with a foreign key or a check', theirs: 'The type of the next clause; no message where there is none.', ours: 'ALTER.', why: 'The table was altered.' },
  { id: 'absent', where: 'Columns that the binlog does not tell', theirs: 'Left out of `data`; in `old` what the before image has.', ours: 'Left out of both, and named in the header `__rowcast.absent`.', why: 'What was not told is not known to have changed.' },
] as const satisfies readonly Difference[];

export type DifferenceId = (typeof DIFFERENCES)[number]['id'];
