// latency over time against lab servers
import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
const { latency } = await import('./bench/latency.ts');
const { rowcast } = await import('./bench/contenders/rowcast.ts');
const { goMysql } = await import('./bench/contenders/go-mysql.ts');
const lab = JSON.parse(readFileSync('/root/rc/lab/lab.json', 'utf8'));
const connection = await mysql.createConnection({ host: '127.0.0.1', port: lab.mysqlPort, user: 'root', charset: 'utf8mb4', multipleStatements: true });
const place = async () => { const [[r]] = await connection.query('show binary log status') as any; return { file: r.File, position: Number(r.Position) }; };
const which = process.argv[2] ?? 'debezium'; const rate = Number(process.argv[3] ?? 10000);
const c = which === 'go' ? goMysql() : rowcast({ format: which, compression: 'none', flags: (process.argv[4] ?? '').split(' ').filter(Boolean) });
await connection.query('drop database if exists latency1');
const r = await latency(c, { database: { port: lab.mysqlPort }, kafka: { port: lab.kafkaPort }, connection, rate, place } as any);
console.log(r);
await connection.end(); process.exit();
