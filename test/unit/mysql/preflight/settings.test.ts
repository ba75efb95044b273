import { describe, expect, it } from 'vitest';
import { refusal } from '../../../../src/mysql/preflight.ts';
import { givesReplicationSlave, quoteAccount } from '../../../../src/mysql/preflight/grants.ts';
import { settingProblems } from '../../../../src/mysql/preflight/settings.ts';
import { serverFacts } from '../../../../src/mysql/stream/server-facts.ts';

const GOOD = { version: '9.7.1', log_bin: 'ON', binlog_format: 'ROW', binlog_row_image: 'FULL', binlog_row_metadata: 'FULL', binlog_row_value_options: '', binlog_transaction_compression: 'OFF' };

function problems(changed: Record<string, string>) {
  return settingProblems(serverFacts(new Map(Object.entries({ ...GOOD, ...changed }))));
}

describe('server settings', () => {
  it('are fine as they should be', () => {
    expect(problems({})).toEqual([]);
  });

  it.each([
    ['log_bin', 'OFF', 'log_bin is OFF'],
    ['binlog_format', 'MIXED', 'binlog_format is MIXED'],
    ['version', '5.5.62', 'version 5.5.62'],
    ['version', '10.1.48-MariaDB', 'version 10.1.48-MariaDB'],
  ])('%s=%s is an error', (name, value, text) => {
    const errors = problems({ [name]: value }).filter((problem) => problem.severity === 'error');
    expect(errors.map((problem) => problem.message).join()).toContain(text);
    expect(errors.length).toBe(1);
  });

  it.each([['binlog_row_value_options', 'PARTIAL_JSON'], ['binlog_transaction_compression', 'ON'], ['log_bin_compress', 'ON']])('%s=%s is fine as well', (name, value) => {
    expect(problems({ [name]: value })).toEqual([]);
  });

  it.each(['minimal', 'NOBLOB', 'FULL_NODUP'])('warns of binlog_row_image=%s', (image) => {
    const [problem, ...others] = problems({ binlog_row_image: image });
    expect(others).toEqual([]);
    expect([problem?.severity, problem?.message]).toEqual(['warning', expect.stringContaining(`binlog_row_image is ${image.toUpperCase()}, so that rows are logged in part`)]);
    expect(problem?.repair).toContain("SET GLOBAL binlog_row_image = 'FULL';");
  });

  it('warns without full metadata, and tells what to do about it where that can be had', () => {
    const minimal = problems({ binlog_row_metadata: 'MINIMAL' });
    expect(minimal.map((problem) => [problem.severity, problem.repair.slice(0, 41)])).toEqual([['warning', "SET GLOBAL binlog_row_metadata = 'FULL'; "]]);
    const old = settingProblems(serverFacts(new Map([['version', '5.6.24-log'], ['log_bin', 'ON']])));
    expect(old.map((problem) => [problem.severity, problem.repair.slice(0, 16)])).toEqual([['warning', 'Upgrade to MySQL']]);
  });

  it('become one error with all of them, none for warnings alone', () => {
    expect(refusal(problems({ binlog_row_metadata: 'MINIMAL' }))).toBeNull();
    const error = refusal(problems({ binlog_format: 'STATEMENT', log_bin: 'OFF', binlog_row_image: 'NOBLOB' }));
    expect(error?.code).toBe('SOURCE_REFUSED');
    expect(error?.message).toBe('the server has 2 problems: the server writes no binlog (log_bin is OFF); binlog_format is STATEMENT, so that changes are logged as statements');
  });
});

describe('grants', () => {
  it.each([
    ["GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `a`@`%`", true],
    ["GRANT ALL PRIVILEGES ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD 'x'", true],
    ["GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`", false],
    ["GRANT REPLICATION SLAVE ADMIN, SELECT ON *.* TO `a`@`%`", false],
  ])('%s: %s', (line, gives) => {
    expect(givesReplicationSlave(line)).toBe(gives);
  });

  it.each([
    ['rowcast@%', '`rowcast`@`%`'],
    ["it's`me@127.0.0.1", "`it's``me`@`127.0.0.1`"],
    ['a@b@localhost', '`a@b`@`localhost`'],
    ['a_role', '`a_role`'],
  ])('name the account %s as %s', (account, quoted) => {
    expect(quoteAccount(account)).toBe(quoted);
  });
});
