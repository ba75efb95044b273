import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../../scripts/servers/index.ts';
import { startMysqlWithKeyring } from '../../../scripts/servers/index.ts';
import { query } from '../../support/mysql.ts';
import { endOfBinlog } from '../types-support.ts';
import { runCell } from './cell.ts';

describe('an encrypted binlog', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startMysqlWithKeyring({ flags: ['--binlog-encryption=ON'] });
  });

  afterAll(() => server.stop());

  it('is read as any other: the server decrypts what it sends', async () => {
    const { file } = await endOfBinlog(server);
    const bytes = await readFile(join(dirname(server.log), 'data', file));
    // The magic number of an encrypted file; a plain one begins with fe 62 69 6e.
    expect(bytes.subarray(0, 4).toString('hex')).toBe('fd62696e');
    const outcome = await runCell({ server, kind: 'mysql', cell: { 'row image': 'FULL', charset: 'utf8mb4' }, session: [] });
    expect(outcome.wrong).toEqual([]);
    expect(outcome.messages).toBeGreaterThan(1000);
  });

  it('is read with compressed transactions, across a new key and a new file', async () => {
    await query(server, 'alter instance rotate binlog master key; flush binary logs');
    const outcome = await runCell({ server, kind: 'mysql', cell: { 'row image': 'NOBLOB', charset: 'gbk' }, session: ["set session binlog_row_image = 'NOBLOB'", 'set session binlog_transaction_compression = ON'] });
    expect(outcome.wrong).toEqual([]);
    expect(outcome.events).toContain('Transaction_payload');
  });
});
