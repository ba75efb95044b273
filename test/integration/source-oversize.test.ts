import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading } from './source-support.ts';

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql()],
  ['MariaDB', () => startMariadb()],
];

describe.each(SERVERS)('rows above limits.row, on %s', (_name, start) => {
  let server: Server;
  const sql = (text: string) => query(server, text);
  const megabytes = (count: number): string => `repeat('x', ${Math.round(count * 1_048_576)})`;
  const options = () => optionsFor(server, { rowLimit: 1_048_576, captures: (database, table) => database === 'src' && table !== 'left' });

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key, b longblob); create table src.`left` (id int primary key, b longblob); set global max_allowed_packet = 1073741824');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('are passed over in a table that no route takes, whatever wrote them', async () => {
    await reading({ options: options(), from: 'latest' }, async (stream, recorder) => {
      await sql(`insert into src.\`left\` values (1, ${megabytes(5)}), (2, ${megabytes(20)}); update src.\`left\` set b = concat(b, 'y') where id = 1; delete from src.\`left\` where id = 2; insert into src.t values (1, 'a')`);
      await sql(`begin; insert into src.t values (2, 'b'); update src.t, src.\`left\` set t.b = 'c', \`left\`.b = concat(\`left\`.b, 'z') where t.id = 2 and \`left\`.id = 1; commit`);
      await recorder.until(8);
      expect(recorder.seen.toSorted()).toEqual(['delete left', 'insert left', 'insert left', 'insert t', 'insert t', 'update left', 'update left', 'update t']);
      expect(recorder.rowTexts).toEqual(['t id=1 b=1 bytes', 't id=2 b=1 bytes', 't id=2 b=1 bytes']);
      const again = stream.position();
      await sql("insert into src.t values (3, 'd')");
      await recorder.until(9);
      await reading({ options: options(), from: again }, async (_, second) => {
        await second.until(1);
        expect(second.rowTexts).toEqual(['t id=3 b=1 bytes']);
      });
    });
  });

  it('leave the place where the server says that it is', async () => {
    await reading({ options: options(), from: 'latest' }, async (stream, recorder) => {
      await sql(`insert into src.\`left\` values (5, ${megabytes(3)})`);
      await recorder.until(1);
      const [end] = await sql('show master status').catch(() => sql('show binary log status'));
      expect(stream.position().label).toContain(`${String(end?.File)}:${String(end?.Position)}`);
    });
  });

  it('are refused in a captured table, with its name and their size', async () => {
    await reading({ options: options(), from: 'latest' }, async (stream, recorder) => {
      await sql(`insert into src.t values (10, ${megabytes(1)})`);
      await recorder.until(1);
      await sql(`insert into src.t values (11, ${megabytes(1.5)})`);
      const error = await stream.ended;
      expect([error?.code, error?.facts.table, error?.facts.limit, recorder.events]).toEqual(['ROW_TOO_LARGE', 'src.t', 1_114_112, 1]);
      expect(Number(error?.facts.bytes)).toBeGreaterThan(1_572_864);
      expect(Number(error?.facts.bytes)).toBeLessThan(1_573_100);
      expect(error?.message).toContain('a rows event of src.t at ');
    });
  });
});
