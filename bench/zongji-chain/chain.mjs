// node chain.mjs MYSQL_PORT KAFKA_PORT TOPIC FILE POSITION DATABASE.TABLE
import ZongJi from '@vlasky/zongji';
import kafkajs from 'kafkajs';

const [mysqlPort, kafkaPort, topic, filename, position, tables] = process.argv.slice(2);
const [database, table] = tables.split('.');
const ROWS_A_SEND = 1000;
const MOST_IN_FLIGHT = 3;

const kafka = new kafkajs.Kafka({ clientId: 'chain', brokers: [`127.0.0.1:${kafkaPort}`], logLevel: kafkajs.logLevel.ERROR });
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: MOST_IN_FLIGHT });
await producer.connect();

const zongji = new ZongJi({ host: '127.0.0.1', port: Number(mysqlPort), user: 'root' });
let messages = [];
let inFlight = 0;
let timer = null;

function send() {
  if (messages.length === 0) return;
  const batch = messages;
  messages = [];
  if (++inFlight === MOST_IN_FLIGHT) zongji.connection.pause();
  producer.send({ topic, acks: -1, messages: batch }).then(
    () => { if (inFlight-- === MOST_IN_FLIGHT) zongji.connection.resume(); },
    (error) => { console.error(error); process.exit(1); },
  );
}

zongji.on('error', (error) => { console.error(error); process.exit(1); });
zongji.on('binlog', (event) => {
  if (event.rows === undefined) return;
  const op = event.getEventName();
  const { tableMap, tableId } = event;
  const { parentSchema, tableName } = tableMap[tableId];
  for (const row of event.rows) {
    const before = op === 'updaterows' ? row.before : op === 'deleterows' ? row : null;
    const after = op === 'updaterows' ? row.after : op === 'writerows' ? row : null;
    const value = JSON.stringify({ op, source: { database: parentSchema, table: tableName, time: event.timestamp, file: zongji.options.filename, position: event.nextPosition }, before, after });
    messages.push({ key: JSON.stringify({ id: (after ?? before).id }), value });
    if (messages.length >= ROWS_A_SEND) send();
  }
  timer ??= setTimeout(() => { timer = null; send(); }, 5);
});
zongji.start({ filename, position: Number(position), serverId: 7002, includeEvents: ['tablemap', 'writerows', 'updaterows', 'deleterows'], includeSchema: { [database]: table === '*' ? true : [table] } });
