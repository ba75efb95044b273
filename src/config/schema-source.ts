import { z } from 'zod';
import { mapping, optional } from './shapes.ts';
import { autoOrWhole, certificate, duration, flag, moment, privateKey, secret, text, whole, word } from './scalars.ts';

/** Encryption of connections to MySQL and MariaDB. */
export const serverTls = mapping({
  mode: word('disabled', 'preferred', 'required', 'verify-ca', 'verify-identity')
    .prefault('preferred')
    .describe('As in the MySQL clients: `preferred` encrypts where the server can, `required` insists, `verify-ca` checks the certificate too, `verify-identity` also its host name. `preferred` is plain only where the server says that it has no TLS, which somebody on the way can make it say (docs/security.md).'),
  ca: optional(certificate()).describe('Certificates to trust instead of those of the system.'),
  cert: optional(certificate()).describe('Client certificate, where the server asks for one.'),
  key: optional(privateKey()).describe('Private key of the client certificate.'),
});

const start = z.union(
  [
    word('earliest', 'latest'),
    mapping({ gtid: text('a GTID set', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77') }),
    mapping({ timestamp: moment() }),
    mapping({ file: text('the name of a binlog file', 'binlog.000042'), position: whole(4, Number.MAX_SAFE_INTEGER, 4) }),
  ],
  { error: () => 'must be earliest, latest, { gtid: … }, { timestamp: … } or { file: …, position: … }' },
).meta({ expects: 'earliest, latest, `{ gtid: "…" }`, `{ timestamp: … }` or `{ file: …, position: … }`', leaf: true });

/** The server that is read. */
export const sourceSchema = mapping({
  host: text('a host name or an address', '127.0.0.1').prefault('127.0.0.1').describe('Host name or address of the MySQL or MariaDB server.'),
  port: whole(1, 65535, 3306).prefault(3306).describe('TCP port of the server.'),
  user: text('the name of an account', 'rowcast').describe('Account with the privileges REPLICATION SLAVE and REPLICATION CLIENT, and SELECT on the captured tables.'),
  password: secret('text (put quotes around a number)').prefault('').describe('Its password.'),
  tls: serverTls.prefault({}).describe('Encryption of the connection.'),
  serverId: autoOrWhole(1, 4294967295)
    .prefault('auto')
    .describe('The replica id under which the daemon connects; no other replica of the server may have it. `auto` draws one at random that no other replica of the server has, and keeps it as long as the daemon runs.'),
  start: start
    .prefault('latest')
    .describe('Where to begin when there is no checkpoint: the oldest binlog that the server has, its end, after a GTID set, at a time, or at an offset in a file, which must be the end of a transaction. A time is ISO 8601 with its zone, as in `{ timestamp: "2026-01-31T12:00:00Z" }`: reading begins at the first transaction, in the order of the binlog, that was committed then or later, and tells all that follow (docs/delivery.md says what the time of a transaction is).'),
  onPurged: word('fail', 'earliest', 'latest')
    .prefault('fail')
    .describe('What happens when the binlog at the place to read from is purged, so that rows are lost: `fail` stops the daemon; `earliest` and `latest` go on at the oldest binlog that the server has, or at its end, and leave a record of the gap: an error in the log, `rowcast_gaps_total`, and a message in the topic `<name>.gaps`.'),
  heartbeat: duration('100ms', '1h', '5s')
    .prefault('5s')
    .describe('How often an idle server shows that it lives. When nothing arrives for three such periods the connection counts as lost.'),
  connectTimeout: duration('100ms', '10m', '10s').prefault('10s').describe('How long one attempt to connect may take.'),
  query: flag()
    .prefault(false)
    .describe('Put the SQL text of a change into messages, where the server logs it (`binlog_rows_query_log_events`). Left out for tables with masked or excluded columns, and for every statement that names such a table or writes rows of one. A statement that reads one through a view or a stored function is not recognised: leave it off where there are any.'),
}).describe('The server whose binlog is read.');
