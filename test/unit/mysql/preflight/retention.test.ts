import { describe, expect, it } from 'vitest';
import { keptBytes, keptSeconds, retentionProblems } from '../../../../src/mysql/preflight/retention.ts';
import { serverFacts } from '../../../../src/mysql/stream/server-facts.ts';

const facts = (variables: Record<string, string>) => serverFacts(new Map(Object.entries({ version: '9.7.0', ...variables })));
const messages = (variables: Record<string, string>, behind: number | null): string[] => retentionProblems(facts(variables), behind).map(({ severity, message }) => `${severity} ${message}`);

describe('how long binlogs are kept', () => {
  it.each([
    [{ binlog_expire_logs_seconds: '3600' }, 3600],
    [{ binlog_expire_logs_seconds: '0', expire_logs_days: '2' }, 172_800],
    [{ expire_logs_days: '0.5' }, 43_200],
    [{ binlog_expire_logs_seconds: '0' }, null],
    [{ binlog_expire_logs_seconds: '3600', binlog_expire_logs_auto_purge: 'OFF' }, null],
    [{ binlog_expire_logs_seconds: '3600', binlog_expire_logs_auto_purge: 'ON' }, 3600],
    [{}, null],
  ])('%j: %s', (variables, seconds) => {
    expect(keptSeconds(facts(variables))).toBe(seconds);
  });

  it('and how much', () => {
    expect([keptBytes(facts({})), keptBytes(facts({ max_binlog_total_size: '0' })), keptBytes(facts({ max_binlog_total_size: '65536' }))]).toEqual([null, null, 65_536]);
  });

  it('is a warning below a day', () => {
    expect(messages({ binlog_expire_logs_seconds: '3600' }, null)).toEqual([expect.stringMatching(/^warning binlogs are kept for 3600 seconds only/)]);
    expect(messages({ binlog_expire_logs_seconds: '86400' }, null)).toEqual([]);
    expect(messages({}, 1e9)).toEqual([]);
  });

  it('is a warning when reading is behind by more than half of it', () => {
    expect(messages({ binlog_expire_logs_seconds: '86400' }, 43_200)).toEqual([]);
    expect(messages({ binlog_expire_logs_seconds: '86400' }, 43_201)).toEqual([expect.stringMatching(/^warning reading is behind by more than half of the 86400 seconds/)]);
  });
});
