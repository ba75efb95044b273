import { describe, expect, it } from 'vitest';
import { problems, VALID } from './support.ts';

describe('what an operator reads', () => {
  it('tells everything at once, in the order of the lines', () => {
    const text = `name: shop
source:
  hots: 10.0.0.1
  port: 99999
  usr: rowcast
  password: \${NOPE}
  tls: { mode: verify }
  start: { gtdi: "x" }
  serverid: 4
sink:
  type: kafka
  brokers: []
  compresion: lz4
  compression: zst
  sasl: { mechanism: plain, username: x, password: 12345 }
  topics: yes
http: { prot: 9464, port: "\${PORT:-abc}" }
limits: { memory: 64 }
checkpoint: { type: redis }
routes:
  - table: shop.*
    key: 5
    columns: { mask: { email: sha } }
    operations: [insert, upsert]
    tombstones: "no"
  - 7
colour: red
`;
    expect(problems(text)).toEqual([
      'rowcast.yaml:3:3 source.hots is not a known key → Did you mean host?',
      'rowcast.yaml:4:9 source.port must be a whole number, 1 to 65535, not 99999 → For example port: 3306',
      'rowcast.yaml:5:3 source.usr is not a known key → Did you mean user?',
      'rowcast.yaml:6:13 source.password: the environment variable NOPE is not set → Set NOPE, or give a default: ${NOPE:-…}.',
      'rowcast.yaml:7:16 source.tls.mode must be disabled, preferred, required, verify-ca or verify-identity, not verify → Did you mean verify-ca?',
      'rowcast.yaml:8:12 source.start.gtdi is not a known key → Did you mean gtid?',
      'rowcast.yaml:9:3 source.serverid is not a known key → Did you mean serverId?',
      'rowcast.yaml:12:12 sink.brokers must be a list of host:port → For example brokers: ["127.0.0.1:9092"]',
      'rowcast.yaml:13:3 sink.compresion is not a known key → Did you mean compression?',
      'rowcast.yaml:14:16 sink.compression must be none, gzip, snappy, lz4 or zstd, not zst → Did you mean zstd?',
      'rowcast.yaml:15:52 sink.sasl.password must be text (put quotes around a number) → For example password: ${SECRET}',
      'rowcast.yaml:16:11 sink.topics must be a mapping (keys with values), not yes → For example topics: { create: true }',
      'rowcast.yaml:17:9 http.prot is not a known key → Did you mean port?',
      'rowcast.yaml:17:27 http.port must be a whole number, 0 to 65535, not "${PORT:-abc}" → For example port: 9464',
      'rowcast.yaml:18:19 limits.memory must be a size from 1MiB to 1TiB, such as 512KiB, 64MiB or 1GB, not 64 → For example memory: 16MiB',
      'rowcast.yaml:19:21 checkpoint.type must be file, kafka or mysql, not redis → For example type: file',
      'rowcast.yaml:21:5 routes[0].table is not a known key → Did you mean tables?',
      'rowcast.yaml:22:10 routes[0].key must be a list of column names, or none, not 5 → For example key: [id]',
      'rowcast.yaml:23:31 routes[0].columns.mask.email must be sha256, redact or last4, not sha → For example email: sha256',
      'rowcast.yaml:24:26 routes[0].operations[1] must be insert, update, delete or truncate, not upsert → Did you mean insert?',
      'rowcast.yaml:25:17 routes[0].tombstones must be true or false, not "no" → For example tombstones: true',
      'rowcast.yaml:26:5 routes[1] must be a mapping (keys with values), not 7 → For example routes: [{ tables: ["shop.*"] }]',
      'rowcast.yaml:27:1 colour is not a known key → The keys here are: name, source, sink, checkpoint, format, types, schemaChanges, routes, deadLetter, masking, schema, standby, http, log, limits, shutdown.',
    ]);
  });

  it('says what a file lacks, with the lines to add', () => {
    expect(problems('')).toEqual([
      'rowcast.yaml:1:1 name is missing → Add it, for example name: shop',
      'rowcast.yaml:1:1 source is missing → Add it, for example source: { host: 127.0.0.1, user: rowcast, password: "${MYSQL_PASSWORD}" }',
      'rowcast.yaml:1:1 routes is missing → Add it, for example routes: [{ tables: ["shop.*"] }]',
    ]);
    expect(problems('name: s\nsource:\n  host: h\nsink:\n  path: x\nroutes: []\n')).toEqual([
      'rowcast.yaml:2:1 source.user is missing → Add it, for example user: rowcast',
      'rowcast.yaml:4:1 sink.type is missing → Add it, for example type: kafka',
      'rowcast.yaml:6:9 routes must have at least one route → For example routes: [{ tables: ["shop.*"] }]',
    ]);
  });

  it('wants a mapping', () => {
    expect(problems('- 1')).toEqual(['rowcast.yaml:1:1 the file must be a mapping (keys with values) → See docs/configuration.md for what may stand here.']);
    expect(problems(VALID.replace('{ user: rowcast }', '5'))).toEqual([
      'rowcast.yaml:2:9 source must be a mapping (keys with values), not 5 → For example source: { host: 127.0.0.1, user: rowcast, password: "${MYSQL_PASSWORD}" }',
    ]);
  });

  it('takes a format as a word or as a mapping', () => {
    expect(problems(`${VALID}format: debezum\n`)).toEqual(['rowcast.yaml:4:9 format must be plain, debezium, maxwell, canal or cloudevents, not debezum → Did you mean debezium?']);
    expect(problems(`${VALID}format: { type: debezum }\n`)).toEqual(['rowcast.yaml:4:17 format.type must be plain, debezium, maxwell, canal or cloudevents, not debezum → Did you mean debezium?']);
    expect(problems(`${VALID}format: { type: plain, schemas: true }\n`)).toEqual(['rowcast.yaml:4:24 format.schemas is not a known key → The keys here are: type.']);
    expect(problems(`${VALID}format: {}\n`)).toEqual(['rowcast.yaml:4:1 format.type is missing → Add it, for example type: plain']);
    expect(problems(`${VALID}format: maxwel\n`)).toEqual(['rowcast.yaml:4:9 format must be plain, debezium, maxwell, canal or cloudevents, not maxwel → Did you mean maxwell?']);
    expect(problems(`${VALID}format: 5\n`)).toEqual(['rowcast.yaml:4:9 format must be a mapping (keys with values), not 5 → For example format: debezium']);
  });

  it('never repeats what an environment variable holds', () => {
    expect(problems(`${VALID}format: \${FORMAT}\n`, { FORMAT: 'hunter2' })).toEqual(['rowcast.yaml:4:9 format must be plain, debezium, maxwell, canal or cloudevents, not ${FORMAT} → For example format: plain']);
  });
});

describe('files named by a key', () => {
  it.each([
    ['password_file: /run/secrets/none', 'rowcast.yaml:4:18 source.password_file: the file /run/secrets/none cannot be read: ENOENT: no such file → Check the path, which is taken from the working directory, and the permissions of the file.'],
    ['password: !file /nope', 'rowcast.yaml:4:19 source.password: the file /nope cannot be read: ENOENT: no such file → Check the path, which is taken from the working directory, and the permissions of the file.'],
    ['tls: { ca: /etc/ca.pem }', 'rowcast.yaml:4:14 source.tls.ca must be PEM text (-----BEGIN CERTIFICATE-----), not /etc/ca.pem → For example ca: !file /etc/ssl/ca.pem'],
    ['host_file: x', 'rowcast.yaml:4:3 source.host_file is not a known key → The keys here are: host, port, user, password, tls, serverId, start, onPurged, heartbeat, connectTimeout, query.'],
  ])('%s', (written, expected) => {
    expect(problems(`name: s\nsource:\n  user: u\n  ${written}\nroutes: [{ tables: [a.b] }]`)).toEqual([expected]);
  });

  it('may not stand beside the key itself', () => {
    expect(problems('name: s\nsource:\n  user: u\n  password: a\n  password_file: /run/secrets/mysql\nroutes: [{ tables: [a.b] }]')).toEqual([
      'rowcast.yaml:5:3 source.password_file and password both stand here → Keep one of them.',
    ]);
  });
});

describe('text that is not YAML', () => {
  it.each([
    ['name: a\nname: b\n', 'rowcast.yaml:2:1 this is not valid YAML: Map keys must be unique → Remove one of the two.'],
    ['name: a\nlog:\n\tlevel: info\n', 'rowcast.yaml:3:1 this is not valid YAML: Tabs are not allowed as indentation → Indent with blanks, not with tabs.'],
    ['name: !env X\n', 'rowcast.yaml:1:7 this is not valid YAML: Unresolved tag: !env → The only tag is !file.'],
    ['name: [a\n', 'rowcast.yaml:2:1 this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] → Check the indentation, quotes and brackets of this line and the one before.'],
    ['name: a\nhttp: { port: ${PORT:-9464} }\nlog: {}\n', 'rowcast.yaml:2:16 this is not valid YAML: Unexpected flow-map-start at node end → Inside { } and [ ] put quotes around environment references: "${NAME}".'],
  ])('%j', (text, expected) => {
    expect(problems(text)[0]).toBe(expected);
  });

  it('is counted by its lines also after a quoted value where none may stand', () => {
    expect(problems('routes: [{ tables: a}" }\n    routes: b}" }\nroutes: c\n').map((problem) => problem.slice(0, problem.indexOf(' →')))).toEqual([
      'rowcast.yaml:1:22 this is not valid YAML: Unexpected double-quoted-scalar at node end',
      'rowcast.yaml:2:18 this is not valid YAML: Map keys must be unique',
    ]);
  });

  it('may not contain itself', () => {
    expect(problems(`${VALID}log: &a { level: *a }\n`)).toContain('rowcast.yaml:4:18 aliases stand for more than 5000 values, or one contains itself → Write the values out.');
  });

  it('is not quoted, because it may hold a secret', () => {
    const found = problems('name: a\nsource: { password: x } hunter2\n} hunter3: {\n').join('\n');
    expect(found).toContain('rowcast.yaml:2:25 this is not valid YAML');
    expect(found).not.toContain('hunter');
  });
});

describe('keys that do not agree', () => {
  it.each([
    ['routes: [{ tables: [a.b], columns: { include: [x], exclude: [y] } }]', '3:61 routes[0].columns.exclude and include both stand here → Keep one of them: include names the columns to show, exclude the ones to leave out.'],
    ['routes: [{ tables: [a.b], columns: { rename: { x: z, y: z } } }]', '3:57 routes[0].columns.rename.y gives a second column the name z → Give every column a name of its own.'],
    ['routes: [{ tables: [a.b], columns: { mask: { x: sha256 } } }]', '3:49 routes[0].columns.mask.x is sha256, which needs masking.key → Add masking: { key_file: /run/secrets/mask-key } or masking: { key: ${MASK_KEY} } to the file.'],
    ['routes: [{ tables: [a.b], drop: true, where: "true" }]', '3:33 routes[0].drop leaves out all rows of these tables, so the other keys of this route do nothing → Remove drop, or all keys but tables.'],
    ['routes: [{ tables: [a.b], drop: true, topic: x }]', '3:33 routes[0].drop leaves out all rows of these tables, so the other keys of this route do nothing → Remove drop, or all keys but tables.'],
    ['routes: [{ tables: [a.b], drop: true, columns: { exclude: [x] } }]', '3:33 routes[0].drop leaves out all rows of these tables, so the other keys of this route do nothing → Remove drop, or all keys but tables.'],
    ['routes: [{ tables: [a.b], operations: [] }]', '3:39 routes[0].operations names no operation, so no row would be told → Name one of insert, update, delete, or write drop: true.'],
    [
      'format: { type: debezium, flat: true }\nroutes: [{ tables: [a.b], operations: [truncate] }]',
      '4:39 routes[0].operations names truncate, which flat messages cannot tell → Remove truncate, or give the route a format without flat.',
    ],
    ['routes: [{ tables: [a.b] }]\nsink: { type: kafka, brokers: [a:1], sasl: { mechanism: plain, username: u } }', '4:57 sink.sasl.mechanism is plain, which needs username and password → Add username: … and password_file: … beside it.'],
    ['routes: [{ tables: [a.b] }]\nsink: { type: kafka, brokers: [a:1], sasl: { mechanism: oauthbearer } }', '4:57 sink.sasl.mechanism is oauthbearer, which needs either token or tokenFile → Add tokenFile: /run/secrets/kafka-token beside it, or token: ${KAFKA_TOKEN}.'],
    ['routes: [{ tables: [a.b] }]\nsink: { type: kafka, brokers: [a:1], tls: { cert_file: /etc/ca.pem } }', '4:56 sink.tls.cert needs key beside it → A client certificate has both: cert_file: … and key_file: …'],
    ['routes: [{ tables: [a.b] }]\nmasking: { key: short }', '4:17 masking.key must be text of at least 16 characters → For example key: ${SECRET}'],
  ])('%s', (written, expected) => {
    expect(problems(`name: s\nsource: { user: u }\n${written}`)).toEqual([`rowcast.yaml:${expected}`]);
  });
});
