// node latency-writer.mjs PORT TABLE RATE SECONDS WARM: WARM rows as fast as they go and a second of rest, then RATE rows a
// second for SECONDS; one row a transaction up to a thousand a second, ten above.
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';

const [port, table, ...numbers] = process.argv.slice(2);
const [rate, seconds, warm] = numbers.map(Number);
const connection = await mysql.createConnection({ host: '127.0.0.1', port: Number(port), user: 'root' });
const each = rate > 1000 ? 10 : 1;
const row = "(default, cast(unix_timestamp(sysdate(6)) * 1000000 as unsigned), 'a row whose journey is timed')";
const insert = `insert into ${table} values ${Array(each).fill(row).join(',')}`;
for (let done = 0; done < warm / each; done++) await connection.query(insert);
await sleep(1000);
const total = (rate * seconds) / each;
const started = performance.now();
for (let done = 0; done < total; ) {
  const due = Math.min(total, Math.ceil(((performance.now() - started) / 1000) * (rate / each)));
  while (done < due) {
    await connection.query(insert);
    done++;
  }
  await sleep(1);
}
await connection.end();
