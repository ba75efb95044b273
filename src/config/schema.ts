import { z } from 'zod';
import { checkpointSchema } from './schema-checkpoint.ts';
import { format } from './schema-format.ts';
import { routeSchema, schemaChanges } from './schema-route.ts';
import { httpSchema, sinkSchema } from './schema-sink.ts';
import { sourceSchema } from './schema-source.ts';
import { duration, pattern, secret, size, text, word } from './scalars.ts';
import { typesSchema } from './schema-types.ts';
import { mapping, optional, switchable } from './shapes.ts';

const NAME = { expects: 'up to 100 letters, digits, dots, dashes and underscores', example: 'shop' };
const MASK_KEY_LENGTH = 16;

const quarantine = mapping({
  file: optional(text('the path of a file', './data/shop.quarantine.jsonl')).describe('A file of their own, as JSON Lines. Without this key and `topic`: `<checkpoint.path>.quarantine.jsonl`, made when the first rows come; where `sink.delivery` is exactly-once the topic `<name>.quarantine`, since a file is part of no Kafka transaction.'),
  topic: optional(text('the name of a topic', 'shop.quarantine')).describe('A topic of the sink.'),
});

const tables = mapping({
  onUnknown: word('quarantine', 'fail').prefault('quarantine').describe('What becomes of rows whose columns nobody knows, after a change of their table that could not be followed: `quarantine` keeps them aside as the binlog has them, with their position, and all other tables go on; `fail` stops before them.'),
  quarantine: quarantine.prefault({}).describe('Where rows in quarantine go. Of routes with masked or excluded columns only position, key and size are kept, of routes with `where` or `when` only position and size; operations that the route does not tell are left out.'),
  shadowTables: word('leave-out', 'capture').prefault('leave-out').describe('Tables that gh-ost and pt-online-schema-change make beside a table `x`: `_x_gho`, `_x_ghc`, `_x_del`, `_x_new`, `_x_old`. Left out where `x` is there, and counted as `shadow`; a route that names one without wildcards takes it all the same.'),
});

const log = mapping({
  level: word('debug', 'info', 'warn', 'error').prefault('info').describe('The least important messages to log.'),
  format: word('auto', 'json', 'pretty').prefault('auto').describe('`auto`: for people in a terminal, JSON otherwise.'),
});

const limits = mapping({
  memory: size('1MiB', '1TiB', '16MiB').prefault('16MiB').describe('Bytes of messages on their way. Reading pauses when it is reached.'),
  held: size('64KiB', '1TiB', '8MiB').prefault('8MiB').describe('Bytes of transactions that are held until it is known whether they are committed (MariaDB, MySQL 5, XA, formats that tell the XID). What is more goes to a file beside the checkpoint; prepared XA transactions are read again from the server instead.'),
  row: size('1KiB', '1GiB', '64MiB').prefault('64MiB').describe('Largest row image. A larger one of a captured table stops the daemon before it is held in memory; of any other table it is passed over and counted.'),
});

const standby = mapping({
  timeout: duration('3s', '5m', '6s').prefault('6s').describe('How long a leader may be silent before another daemon takes over. With a Kafka sink between `group.min.session.timeout.ms` and `group.max.session.timeout.ms` of the brokers.'),
});

/**
 * The whole file: every key with its type, default and description. Error messages, the `Config` type, the JSON Schema
 * and docs/configuration.md all come from here.
 */
export const configSchema = mapping({
  name: pattern(NAME, /^[A-Za-z0-9._-]{1,100}$/).describe('Name of this daemon, one of its own: source name in messages, client id, transactional id, part of default topics.'),
  source: sourceSchema,
  sink: sinkSchema,
  checkpoint: checkpointSchema.prefault({}).describe('Where the position is kept.'),
  format: format().prefault('debezium').describe('Format of messages, for routes that name none: a name, or a mapping with options.'),
  types: typesSchema.prefault({}).describe('How values are shown whose type has no one right form, in every format; `format`, or no key, is as the format shows it. A route may say otherwise, key by key.'),
  schemaChanges: schemaChanges().describe('Topic of statements that create, alter, rename or drop captured tables, in the format of their route; may hold `${database}` and `${table}`. Without it they are not told.'),
  routes: z
    .array(routeSchema, { error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a list of routes') })
    .min(1, { error: () => 'must have at least one route' })
    .describe('Which tables are captured, and how. The first match wins; a table that no route takes is counted and left out.'),
  deadLetter: mapping({
    topic: optional(text('a topic name', 'cdc.dead.${database}.${table}')).describe('Topic for them; may hold `${database}` and `${table}`. Without it: `<name>.dead-letter`.'),
  }).prefault({}).describe('Where rows go that cannot go where they should, of routes whose `onTooLarge` or `onError` is `deadLetter`.'),
  masking: mapping({
    key: optional(secret(`text of at least ${MASK_KEY_LENGTH} characters`, (value) => value.length >= MASK_KEY_LENGTH)).describe('Key of the HMAC in `sha256` masks. Whoever has it can test guesses of masked values; a new one changes all of them.'),
  }).prefault({}).describe('What masks need.'),
  schema: tables.prefault({}).describe('How changes of tables are followed.'),
  standby: switchable(standby).prefault(false).describe('Several daemons with this name: one leads and delivers, the others wait, connected and checked, and one of them takes over when it ends. `true`, the same for all of them; without it a second daemon of the name is refused, or takes the position from the first for good. It needs the position in Kafka or in a table (`checkpoint.type`). Leadership is that of the group `rowcast-<name>` at the brokers where the sink is Kafka (an ACL must allow Read on it), of a lock (`GET_LOCK`) at the source elsewhere.'),
  http: httpSchema,
  log: log.prefault({}).describe('Logs, on standard error.'),
  limits: limits.prefault({}).describe('Bounds of memory: a fixed base and these.'),
  shutdown: mapping({
    deadline: duration('0ms', '1h', '25s').prefault('25s').describe('How long SIGTERM and SIGINT wait for rows on their way. What is not confirmed by then is sent again at the next start.'),
  }).prefault({}).describe('The end of the daemon.'),
}).meta({ title: 'Rowcast configuration' });

/** The file with defaults applied and units read, before `compile`. */
export type Written = z.output<typeof configSchema>;
