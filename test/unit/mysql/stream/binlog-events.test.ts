import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { showEvents } from '../../../../src/mysql/stream/binlog-events.ts';
import type { SqlRow } from '../../../../src/mysql/stream/sql-session.ts';

const PAGE = { file: 'binlog.000001', from: 4, limit: 10 };

function failure(message: string): RowcastError {
  return new RowcastError('SOURCE_REFUSED', `the server answers with error 1220: ${message}`, { facts: { errno: 1220 } });
}

/** A session that fails so often before it answers. */
function session(times: number, error: RowcastError): { asked: unknown[]; query(sql: string, values?: readonly (string | number)[]): Promise<readonly SqlRow[]> } {
  const asked: unknown[] = [];
  return {
    asked,
    query: (sql, values) => {
      asked.push([sql, ...(values ?? [])]);
      return asked.length > times ? Promise.resolve([{ Pos: '4' }]) : Promise.reject(error);
    },
  };
}

describe('the events of a file', () => {
  it('are asked for again while the last of them is half written', async () => {
    const server = session(3, failure('Error reading Log_event at position 16363: Failed decoding event: binlog truncated in the middle of event; consider out of disk'));
    expect(await showEvents(server, PAGE)).toEqual([{ Pos: '4' }]);
    expect(server.asked).toEqual(Array.from({ length: 4 }, () => ['SHOW BINLOG EVENTS IN ? FROM ? LIMIT ?', 'binlog.000001', 4, 10]));
  });

  it.each([failure('Wrong offset or I/O error.'), new RowcastError('SOURCE_LOST', 'gone')])('are not where the server says otherwise: %s', async (error) => {
    const server = session(1, error);
    await expect(showEvents(server, PAGE)).rejects.toBe(error);
    expect(server.asked).toHaveLength(1);
  });
});
