import { z } from 'zod';
import { format } from './schema-format.ts';
import { typesSchema } from './schema-types.ts';
import { mapping, optional } from './shapes.ts';
import { flag, text, texts, word } from './scalars.ts';

const columnNames = texts('a list of column names', '[id]');

const key = z.union([word('none'), columnNames], { error: () => 'must be a list of column names, or none' })
  .meta({ expects: 'a list of column names, or none', leaf: true });

const columns = mapping({
  include: optional(columnNames).describe('Only these columns. Not together with `exclude`.'),
  exclude: optional(columnNames).describe('All columns but these.'),
  rename: z.record(z.string(), text('a column name', 'id')).prefault({}).describe('New names of columns in messages: `{ old: new }`.'),
  mask: z
    .record(z.string(), word('sha256', 'redact', 'last4'))
    .prefault({})
    .describe('Columns whose value is hidden: `sha256` shows its HMAC-SHA-256 under `masking.key`, `redact` shows nothing of it, `last4` its last four characters.'),
});

const operation = word('insert', 'update', 'delete', 'truncate');

/** The topic of schema changes, at the top and per route. */
export function schemaChanges() {
  return optional(text('a topic name', 'cdc.schema-changes'));
}

/** Which tables, and what becomes of their rows. */
export const routeSchema = mapping({
  tables: texts('a list of table patterns', '["shop.*"]').describe('Patterns of `database.table`; `*` stands for any characters, `?` for one. The first route that matches a table takes it.'),
  drop: flag().prefault(false).describe('Leave these tables out on purpose. No other key may stand beside it.'),
  topic: optional(text('a topic name', 'cdc.${database}.${table}')).describe(
    'Topic of a table. `${database}` and `${table}` stand for its names; any other `${NAME}` is an environment variable. Without it: `<name>.${database}.${table}`.',
  ),
  format: optional(format().meta({ leaf: true })).describe('Format of these messages, written as `format` at the top of the file is; without it, that one.'),
  key: optional(key).describe('Columns of the message key; without it, the primary key. `none` for messages without one.'),
  columns: columns.prefault({}).describe('Which columns are shown, and how.'),
  types: typesSchema.prefault({}).describe('How values are shown whose type has no one right form; without a key, as `types` of the file has it. See there.'),
  where: optional(text('a CEL expression', '"row.total >= 10.0"')).describe(
    'CEL over one image (`row`): which rows belong to this route. A row that leaves the set by an update is told as a delete, one that enters it as an insert.',
  ),
  when: optional(text('a CEL expression', '"op != \'u\' || before.status != after.status"')).describe(
    'CEL over `op`, `before`, `after`, `table`, `ts`: which changes are told. It only leaves changes out.',
  ),
  onError: word('fail', 'skip', 'pass', 'deadLetter').prefault('fail').describe(
    'What becomes of a row on which a condition cannot be evaluated, of one that cannot be encoded, and of one that Kafka refuses for another reason than its size: stop, leave it out with a count and a log line, or put it into the topic of `deadLetter`. `pass` lets a row through on which a condition cannot be evaluated, and stops at the others.',
  ),
  onTooLarge: word('fail', 'truncate', 'drop', 'deadLetter').prefault('fail').describe(
    'What becomes of a message that is larger than its topic takes: stop, cut its longest texts, binary values and JSON documents and say so in the header `__rowcast.truncated`, leave it out with a count and a log line, or put it into the topic of `deadLetter`. One that does not fit even cut stops the daemon.',
  ),
  operations: z
    .array(operation, { error: () => 'must be a list of insert, update, delete, truncate' })
    .prefault(['insert', 'update', 'delete'])
    .describe('Operations of the source that are told; asked before `where` turns any into another. `truncate` tells that a table was emptied by TRUNCATE, which lists no rows, in formats that have a message for it.'),
  schemaChanges: schemaChanges().describe('Topic of the schema changes of these tables; without it, the `schemaChanges` of the file.'),
  tombstones: optional(flag()).describe('Send a message with a null value after each delete, for compacted topics. Without it they are sent, but not in the formats `maxwell` and `canal`.'),
});
