import { describe, expect, inject, it } from 'vitest';
import type { RowsEvent } from '../../src/core/change.ts';
import { createRouter } from '../../src/route/router.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { CapturedRecorder, optionsFor, reading } from './source-support.ts';

const servers = [['MySQL 9.7', inject('mysql')], ['MariaDB 11.4', inject('mariadb')]] as const;

/** Each table that rows came of, with their SQL text. */
class Texts extends CapturedRecorder {
  readonly texts: (string | null)[] = [];

  override rows(event: RowsEvent): void {
    super.rows(event);
    if (event.table.captured && event.table.name === 'open') this.texts.push(event.query);
  }
}

describe.each(servers)('the SQL text of rows of %s', (name, server) => {
  it.each([[1 << 20, false], [200, true]])('is not handed over where the statement names or writes a table with hidden columns (%i bytes held, all: %s)', async (memory, all) => {
    const database = await freshDatabase(server);
    await query(server, `
      create table Users (id int primary key, email varchar(30)); create table open (id int primary key, v varchar(30)); create table logged (id int primary key);
      create trigger noted after insert on logged for each row insert into Users values (new.id, 'a@b');
      insert into Users values (1, 'secret'), (2, 'other')`, database);
    const router = createRouter([{ tables: [`${database}.Users`], topic: 't', columns: { mask: { email: 'redact' } } }, { tables: [`${database}.*`], topic: 't' }], { maskingKey: null });
    const options = optionsFor(server, { captures: (schema) => schema === database, reaches: (schema) => schema === database, includeQuery: true, hidesText: (sql) => router.namesHidden(sql), hidesTextOf: (schema, table) => router.hidesColumns(schema, table) });
    const recorder = new Texts();
    const session = name.startsWith('MySQL') ? 'set session binlog_rows_query_log_events = on; ' : '';
    const shown = "insert into open values (1, 'a'), (2, 'b')";
    await reading({ options: { ...options, holding: { ...options.holding, memory, all } }, from: 'latest', recorder }, async () => {
      await query(server, `${session}${shown}; begin;
        update open set v = (select email from Users where email = 'secret') where id = 1;
        update open o, ${database}.\`Users\` u set o.v = 'x', u.email = 'new secret' where o.id = 2 and u.id = 2;
        insert into logged values (7); insert into open values (3, 'c'); commit`, database);
      await recorder.rowsUntil(2 + 1 + 2 + 2 + 1);
    });
    expect(recorder.texts).toEqual([shown, null, null, "insert into open values (3, 'c')"]);
  });

  it('of rows that a trigger writes is not handed over with those of the table that it is on', async () => {
    const database = await freshDatabase(server);
    await query(server, 'create table kept (id int primary key, v int); create table open (id int primary key, v int); create trigger noted after insert on open for each row insert into kept values (new.id, new.v)', database);
    const router = createRouter([{ tables: [`${database}.kept`], topic: 't', columns: { exclude: ['v'] } }, { tables: [`${database}.*`], topic: 't' }], { maskingKey: null });
    const options = optionsFor(server, { captures: (schema) => schema === database, reaches: (schema) => schema === database, includeQuery: true, hidesText: (sql) => router.namesHidden(sql), hidesTextOf: (schema, table) => router.hidesColumns(schema, table) });
    const recorder = new Texts();
    const session = name.startsWith('MySQL') ? 'set session binlog_rows_query_log_events = on; ' : '';
    await reading({ options, from: 'latest', recorder }, async () => {
      await query(server, `${session}insert into open values (1, 2); drop trigger noted; insert into open values (2, 3)`, database);
      await recorder.rowsUntil(3);
    });
    expect(recorder.texts).toEqual([null, 'insert into open values (2, 3)']);
  });
});
