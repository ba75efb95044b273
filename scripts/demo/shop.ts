import type { Connection, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';

/** What MySQL itself counted. */
export interface Written {
  /** Rows inserted, updated and deleted in `shop`. */
  readonly rows: number;
  readonly deletes: number;
}

/** A session as root. */
export function connect(server: { readonly host: string; readonly port: number }): Promise<Connection> {
  return createConnection({ host: server.host, port: server.port, user: 'root', charset: 'utf8mb4' });
}

/** Creates the `shop` schema, the triggers that note every row change in `audit.changes`, and the daemon's account. */
export async function createShop(session: Connection, password: string): Promise<void> {
  for (const statement of [...SCHEMA, ...triggers(), ...account(password)]) await session.query(statement);
}

/** Counts by what the server's triggers noted. */
export async function countWritten(session: Connection): Promise<Written> {
  const [rows] = await session.query<RowDataPacket[]>("select count(*) as n, coalesce(sum(operation = 'delete'), 0) as d from audit.changes");
  return { rows: Number(rows[0]?.['n']), deletes: Number(rows[0]?.['d']) };
}

const SCHEMA = [
  'create database shop character set utf8mb4',
  'create database audit character set utf8mb4',
  `create table shop.customers (
    id int unsigned not null auto_increment primary key,
    name varchar(80) not null,
    email varchar(120) not null,
    phone varchar(20),
    note text,
    created_at timestamp(3) not null default current_timestamp(3)
  )`,
  `create table shop.orders (
    id bigint unsigned not null auto_increment primary key,
    customer_id int unsigned not null,
    status enum('new','paid','shipped') not null default 'new',
    total decimal(12,2) not null,
    updated_at datetime(3) not null
  )`,
  `create table shop.order_items (
    order_id bigint unsigned not null,
    line tinyint unsigned not null,
    product varchar(60) not null,
    quantity smallint unsigned not null,
    price decimal(10,2) not null,
    primary key (order_id, line)
  )`,
  `create table audit.changes (
    id bigint unsigned not null auto_increment primary key,
    table_name varchar(64) not null,
    operation enum('insert','update','delete') not null
  )`,
];

function triggers(): string[] {
  return ['customers', 'orders', 'order_items'].flatMap((table) =>
    ['insert', 'update', 'delete'].map(
      (operation) => `create trigger shop.${table}_${operation} after ${operation} on shop.${table} for each row
        insert into audit.changes (table_name, operation) values ('${table}', '${operation}')`,
    ),
  );
}

function account(password: string): string[] {
  return [
    `create user 'rowcast'@'%' identified by '${password}'`,
    "grant replication slave, replication client on *.* to 'rowcast'@'%'",
    "grant select on shop.* to 'rowcast'@'%'",
  ];
}
