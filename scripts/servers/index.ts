export { GTID_FLAGS, startMysql56 } from './mysql56.ts';
export { startKafka } from './kafka.ts';
export { mariadbPlugins } from './mariadb-plugins.ts';
export { startMariadb } from './mariadb.ts';
export { startMysql, startMysqlWithKeyring } from './mysql.ts';
export { READER, readerAccount } from './database.ts';
export type { DatabaseOptions } from './database.ts';
export type { KafkaOptions } from './kafka.ts';
export type { Server } from './server.ts';
