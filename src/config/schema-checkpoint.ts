import { serverTls } from './schema-source.ts';
import { duration, pattern, secret, text, whole, word } from './scalars.ts';
import { mapping, optional } from './shapes.ts';

const TABLE = { expects: 'the name of a table with its database', example: 'rowcast.checkpoints' };

const server = mapping({
  host: text('a host name or an address', '127.0.0.1').prefault('127.0.0.1').describe('Host name or address of the server.'),
  port: whole(1, 65535, 3306).prefault(3306).describe('TCP port of the server.'),
  user: text('the name of an account', 'rowcast').describe('Account with SELECT, INSERT and UPDATE on the table, SELECT, INSERT and DELETE on the one with `_schema` after its name, and CREATE where they are to be made.'),
  password: secret('text (put quotes around a number)').prefault('').describe('Its password.'),
  tls: serverTls.prefault({}).describe('Encryption of the connection.'),
  connectTimeout: duration('100ms', '10m', '10s').prefault('10s').describe('How long one attempt to connect may take.'),
});

/** Where the position and the schema history are kept. */
export const checkpointSchema = mapping({
  type: optional(word('file', 'kafka', 'mysql')).describe('`file`: a file on a local disk; `kafka`: a compacted topic of the sink; `mysql`: a table of any MySQL or MariaDB server. Without this key `kafka` where `sink.delivery` is exactly-once, as it is for Kafka unless the file says otherwise, and `file` elsewhere.'),
  path: optional(text('the path of a file', './data/shop.checkpoint')).describe('The file, and with `.schema` after it that of the schema history; without this key `./data/<name>.checkpoint`. Of the other types: what the names of the local files beside it begin with (the lock, transactions that are held), which one daemon uses at a time; nothing in them is needed on another host. A checkpoint file that is there is imported once with the schema history beside it, when the other place holds no position yet, and renamed to `<path>.imported`.'),
  topic: optional(text('the name of a topic', 'shop.checkpoint')).describe('Of type kafka: a topic with one partition and `cleanup.policy=compact`, made where it does not exist and `sink.topics.create` allows it. Daemons may share it. A second such topic, with `.schema` after its name, keeps the schema history. Without this key `<name>.checkpoint`.'),
  server: optional(server).describe('Of type mysql: the server.'),
  table: pattern(TABLE, /^[^.`\s]{1,64}\.[^.`\s]{1,57}$/).prefault('rowcast.checkpoints').describe('Of type mysql: the table, one row a daemon; made where it does not exist, as is a second one with `_schema` after its name, of at most 64 characters, for the schema history. The database must be there.'),
});
