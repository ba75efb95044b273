// node latency-writer.mjs PORT TABLE RATE SECONDS: one-row transactions up to a thousand a second, of ten rows above.
import mysql from 'mysql2/promise';

const [port, table, rate, seconds] = process.argv.slice(2);
const connection = await mysql.createConnection({ host: '127.0.0.1', port: Number(port), user: 'root' });
const each = Number(rate) > 1000 ? 10 : 1;
const row = "(default, cast(unix_timestamp(sysdate(6)) * 1000000 as unsigned), 'a row whose journey is timed')";
const insert = `insert into ${table} values ${Array(each).fill(row).join(',')}`;
const total = (Number(rate) * Number(seconds)) / each;
const started = performance.now();
for (let done = 0; done < total; ) {
  const due = Math.min(total, Math.ceil(((performance.now() - started) / 1000) * (Number(rate) / each)));
  while (done < due) {
    await connection.query(insert);
    done++;
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await connection.end();
