import type { Difference } from '../differences.ts';

/** Every known difference from Maxwell 1.45. */
export const DIFFERENCES = [
  { id: 'time', where: 'TIME below zero or from 24 hours on', theirs: 'Hours of the day only, without the sign: `-00:00:00.001` is `16:04:09.552`.', ours: "The server's text.", why: 'The value must not be lost.', quirk: true },
  { id: 'label-quote', where: 'ENUM and SET labels with a quote', theirs: "The quote twice: `it''s`.", ours: 'The label, `it\'s`.', why: 'The label is what the server shows.', quirk: true },
  { id: 'enum-zero', where: 'ENUM with the index 0, the empty text of an invalid value', theirs: '`null`.', ours: '`""`.', why: 'It is not NULL.', quirk: true },
  { id: 'binary-zeros', where: 'BINARY(n)', theirs: 'Without the zero bytes at its end.', ours: 'All n bytes.', why: 'They are part of the value.', quirk: true },
  { id: 'srid', where: 'Geometry with an SRID', theirs: 'Its text without the SRID.', ours: '`SRID=4326;POINT (20 10)`; without one the same text.', why: 'Coordinates mean nothing without it.', quirk: true },
  { id: 'wide-characters', where: 'Characters above U+FFFF', theirs: 'Two escapes, `\\uD83D\\uDE00`.', ours: 'The character.', why: 'Not a difference of the text: JSON has both spellings.', quirk: true },
  { id: 'partial-date', where: 'Dates with a zero in them, such as `2024-00-00`', theirs: 'All zeros, `0000-00-00`.', ours: "The server's text.", why: 'The value must not be lost.', quirk: true },
  { id: 'year-zero', where: 'YEAR 0000', theirs: '`1900`.', ours: '`0`.', why: 'The value must not be changed.', quirk: true },
  { id: 'bit-shift', where: 'BIT of more than 31 bits', theirs: 'Put together in 32 bits, so wrong but where the highest of 64 is set.', ours: 'The number.', why: 'The value must not be changed.', quirk: true },
  { id: 'number-digits', where: 'Geometry', theirs: 'Coordinates rounded to 16 digits.', ours: 'All digits.', why: 'The value must not be changed.' },
  { id: 'document-numbers', where: 'Doubles below 0.001 inside JSON documents', theirs: 'Their full binary expansion, `0.000000099999…`.', ours: 'The shortest digits, `1e-7`.', why: 'Not a difference of the numbers.' },
  { id: 'uuid', where: '`_uuid` in keys of tables without one', theirs: 'Random.', ours: 'Made from the place of the row in the binlog.', why: 'A row that is told again has it again.' },
  { id: 'null-key-date', where: 'Zero dates in keys with `nullZeroDates`', theirs: '`null`.', ours: "The server's text.", why: 'Two keys would become one.', quirk: true },
  { id: 'schema-id', where: '`schema_id`', theirs: 'A number of its schema store.', ours: 'Not there.', why: 'There is no such store.' },
  { id: 'heartbeats', where: 'Its own tables', theirs: 'Writes positions, schemas and heartbeats to the server.', ours: 'Writes nothing to the server.', why: 'A reader needs no right to write.' },
  { id: 'encryption', where: '`encrypt`', theirs: 'Can encrypt `data` or messages.', ours: 'Cannot; columns can be masked or left out.', why: 'Kafka and its clients have their own ways.' },
  { id: 'ddl-key', where: 'Keys of schema changes', theirs: 'A random UUID, bare.', ours: 'A UUID in quotes, made from the place of the statement.', why: 'Every key is JSON, and a statement that is told again has it again.', quirk: true },
  { id: 'ddl-charset', where: '`charset` of `database-create` and `database-alter`', theirs: "The statement's, or the server's default.", ours: "The statement's, or null.", why: 'The binlog does not tell the default.' },
  { id: 'absent', where: 'Columns that the binlog does not tell', theirs: 'Left out of `data`.', ours: 'The same, and named in the header `__rowcast.absent`.', why: 'With `nulls: false` nobody could tell them from NULL.' },
] as const satisfies readonly Difference[];

export type DifferenceId = (typeof DIFFERENCES)[number]['id'];
