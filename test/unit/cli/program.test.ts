import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Explanation, RunOptions } from '../../../src/cli/app-interface.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { Problem } from '../../../src/core/problem.ts';
import { rowcast } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowcast-cli-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

function file(name: string, more = ''): string {
  const path = join(folder, name);
  writeFileSync(path, `name: shop\nsource: { user: u, password: "\${PW:-}" }\nroutes: [{ tables: ["shop.*"] }]\n${more}`);
  return path;
}

const GOOD = file('good.yaml');
const BAD = file('bad.yaml', 'log: { level: loud }\n');

describe('the command line', () => {
  it('tells its version', async () => {
    expect(await rowcast(['--version'])).toEqual({ exit: 0, out: '0.1.0\n', err: '' });
  });

  it('lists commands, exit codes and an example', async () => {
    const { exit, out } = await rowcast(['--help']);
    expect(exit).toBe(0);
    for (const text of ['run [options]', 'check [options]', 'tail <url> [patterns...]', 'schema', 'explain [options] <table>', '  2   the configuration is wrong', '  70  a defect of Rowcast', 'rowcast run -c rowcast.yaml']) {
      expect(out).toContain(text);
    }
  });

  it.each([
    ['run', '$ rowcast run -c rowcast.yaml'],
    ['check', '$ rowcast check -c rowcast.yaml --json | jq .problems'],
    ['tail', "$ rowcast tail mysql://rowcast@127.0.0.1:3306/ 'shop.*'"],
    ['schema', '$ rowcast schema > rowcast.schema.json'],
    ['explain', '$ rowcast explain -c rowcast.yaml shop.orders'],
  ])('shows an example with %s --help', async (command, example) => {
    const { exit, out, err } = await rowcast([command, '--help']);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain(example);
  });

  it.each([
    [['rnu'], "error: unknown command 'rnu'\n(Did you mean run?)\n"],
    [['run'], "error: required option '-c, --config <file>' not specified\n"],
    [['run', '-c', GOOD, '--recapture-shema'], "error: unknown option '--recapture-shema'\n(Did you mean --recapture-schema?)\n"],
    [['explain', '-c', GOOD], "error: missing required argument 'table'\n"],
    [['schema', 'more'], "error: too many arguments for 'schema'. Expected 0 arguments but got 1.\n"],
  ])('answers %j with exit code 1', async (words, err) => {
    expect(await rowcast(words)).toEqual({ exit: 1, out: '', err });
  });
});

describe('run', () => {
  it('hands configuration and options to the daemon, and ends with 0', async () => {
    const runs: [string, string, RunOptions][] = [];
    const app = {
      runDaemon: (config: { name: string; source: { password: { reveal(): string } } }, options: RunOptions) => {
        runs.push([config.name, config.source.password.reveal(), options]);
        return Promise.resolve();
      },
    };
    expect(await rowcast(['run', '-c', GOOD], { app, env: { PW: 'x' } })).toEqual({ exit: 0, out: '', err: '' });
    expect(await rowcast(['run', '-c', GOOD, '--recapture-schema'], { app })).toEqual({ exit: 0, out: '', err: '' });
    expect(runs).toEqual([
      ['shop', 'x', { recaptureSchema: false }],
      ['shop', '', { recaptureSchema: true }],
    ]);
  });

  it('refuses a bad file before the daemon is loaded', async () => {
    expect(await rowcast(['run', '-c', BAD])).toEqual({
      exit: 2,
      out: '',
      err: `error CONFIG_INVALID: the configuration has 1 problem:
  ${BAD}:4:15  log.level must be debug, info, warn or error, not loud
    For example level: debug
  Correct the configuration file and try again; \`rowcast check -c FILE\` reports every problem at once.
`,
    });
  });

  it('tells the error that ended it, with the exit code of its kind', async () => {
    const refused = new RowcastError('SOURCE_AUTH', 'the server refused the login of u@127.0.0.1', { facts: { host: '127.0.0.1', errno: 1045 } });
    const { exit, err } = await rowcast(['run', '-c', GOOD], { app: { runDaemon: () => Promise.reject(refused) }, interactive: true, env: { NO_COLOR: '1' } });
    expect(exit).toBe(3);
    expect(err).toBe('error SOURCE_AUTH: the server refused the login of u@127.0.0.1\n  host=127.0.0.1  errno=1045\n  Check source.user, source.password and the grants of that account.\n');
  });

  it.each([
    ['auto', false, true],
    ['auto', true, false],
    ['json', true, true],
    ['pretty', false, false],
  ])('with log.format %s and a terminal: %s tells it as JSON: %s', async (format, interactive, json) => {
    const path = file(`log-${format}.yaml`, `log: { format: ${format} }\n`);
    const { err } = await rowcast(['run', '-c', path], { app: { runDaemon: () => Promise.reject(new RowcastError('SINK_FENCED', 'fenced')) }, interactive });
    expect(err.startsWith('{"level":"error"')).toBe(json);
  });

  it('treats anything else as a defect, with its stack and exit code 70', async () => {
    const { exit, err } = await rowcast(['run', '-c', file('pretty.yaml', 'log: { format: pretty }\n')], { app: { runDaemon: () => Promise.reject(new TypeError('x is not a function')) } });
    expect(exit).toBe(70);
    expect(err).toContain('error INTERNAL: x is not a function\n  This is a defect of Rowcast.');
    expect(err).toContain('caused by TypeError: x is not a function\n    at ');
  });
});

describe('--verbose', () => {
  it.each([[['--verbose', 'run', '-c', GOOD]], [['run', '-c', GOOD, '-v']]])('%j shows where an error came from, and its causes', async (words) => {
    const refused = new RowcastError('SINK_LOST', 'no broker answers', { cause: new Error('ECONNREFUSED') });
    const { exit, err } = await rowcast(words, { app: { runDaemon: () => Promise.reject(refused) }, interactive: true, env: { NO_COLOR: '1' } });
    expect(exit).toBe(5);
    expect(err).toMatch(/^error SINK_LOST: no broker answers\n {2}The destination .*\nRowcastError: no broker answers\n {4}at [^]*\ncaused by Error: ECONNREFUSED\n {4}at /);
  });
});

describe('check', () => {
  const warning: Problem = { code: 'SOURCE_REFUSED', severity: 'warning', message: 'binlogs are kept for an hour only', repair: 'SET GLOBAL binlog_expire_logs_seconds = 604800;' };
  const error: Problem = { code: 'SINK_REFUSED', severity: 'error', message: 'the topic a.b does not exist', repair: 'Create it.', where: 'topic a.b' };

  it('tells what is wrong with the file, and looks no further', async () => {
    expect(await rowcast(['check', '-c', BAD])).toEqual({
      exit: 2,
      err: '',
      out: `✗ configuration
  error ${BAD}:4:15  log.level must be debug, info, warn or error, not loud [CONFIG_INVALID]
      For example level: debug
- routes: not checked
- checkpoint: not checked
- source: not checked
- sink: not checked

Not ready: 1 error.
`,
    });
  });

  it('tells everything about a file that can be read, and ends with the code of the first error', async () => {
    const { exit, out } = await rowcast(['check', '-c', GOOD], { app: { checkAll: () => Promise.resolve([warning, error]) } });
    expect(exit).toBe(5);
    expect(out).toContain('✓ source\n  warning binlogs are kept for an hour only [SOURCE_REFUSED]\n      SET GLOBAL binlog_expire_logs_seconds = 604800;\n✗ sink\n');
  });

  it('ends with 0 where there are warnings only', async () => {
    expect((await rowcast(['check', '-c', GOOD], { app: { checkAll: () => Promise.resolve([warning]) } })).exit).toBe(0);
  });

  it('prints one JSON document', async () => {
    const { exit, out } = await rowcast(['check', '-c', GOOD, '--json'], { app: { checkAll: () => Promise.resolve([warning, error]) } });
    expect(exit).toBe(5);
    expect(JSON.parse(out)).toEqual({ ok: false, problems: [warning, error] });
  });

  it('prints problems of the file as JSON too', async () => {
    const { out } = await rowcast(['check', '-c', BAD, '--json']);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      problems: [{ code: 'CONFIG_INVALID', severity: 'error', where: `${BAD}:4:15`, message: 'log.level must be debug, info, warn or error, not loud', repair: 'For example level: debug' }],
    });
  });

  it('says that there is no file', async () => {
    const { exit, out, err } = await rowcast(['check', '-c', join(folder, 'none.yaml')]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain('error CONFIG_UNREADABLE: the configuration file');
  });
});

describe('explain', () => {
  const explanation: Explanation = { table: 'shop.log', leftOut: 'no_route', route: null, plan: null };

  it('asks for the table and prints for people or as JSON', async () => {
    const asked: string[] = [];
    const app = { explainTable: (_config: unknown, table: string) => (asked.push(table), Promise.resolve(explanation)) };
    expect(await rowcast(['explain', '-c', GOOD, 'shop.log'], { app })).toEqual({ exit: 0, out: 'shop.log is taken by no route: its rows are counted and left out.\n', err: '' });
    expect(JSON.parse((await rowcast(['explain', '-c', GOOD, 'shop.log', '--json'], { app })).out)).toEqual(explanation);
    expect(asked).toEqual(['shop.log', 'shop.log']);
  });
});

describe('schema', () => {
  it('prints the JSON Schema', async () => {
    const { exit, out } = await rowcast(['schema']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Rowcast configuration', additionalProperties: false });
  });
});

describe('tail', () => {
  const CHANGE = '{"op":"insert","source":{"database":"shop","table":"t","time":"2026-11-23T12:34:56.789Z"},"after":{"id":1}}';

  it('passes URL and patterns on, and JSON Lines through to a pipe', async () => {
    const asked: unknown[] = [];
    const ran = await rowcast(['tail', 'mysql://u:p@h:3307/', 'shop.*', 'a.b'], {
      app: {
        tailUrl: (url, patterns, { output }) => {
          asked.push(url, patterns);
          output.write(`${CHANGE}\n`);
          return Promise.resolve();
        },
      },
    });
    expect(ran).toEqual({ exit: 0, out: `${CHANGE}\n`, err: '' });
    expect(asked).toEqual(['mysql://u:p@h:3307/', ['shop.*', 'a.b']]);
  });

  it('writes readable lines into a terminal', async () => {
    const { out } = await rowcast(['tail', 'mysql://u:p@h/'], {
      interactive: true,
      env: { NO_COLOR: '1' },
      app: { tailUrl: (_url, _patterns, { output }) => new Promise((resolve) => output.write(`${CHANGE}\n`, () => resolve())) },
    });
    expect(out).toBe('12:34:56.789  insert  shop.t  id=1\n');
  });

  it.each([
    ['mysql://u@h/', 'p@ss:w/rd', 'mysql://u:p%40ss%3Aw%2Frd@h/'],
    ['mysql://u:own@h/', 'other', 'mysql://u:own@h/'],
  ])('takes the password of %s from MYSQL_PASSWORD where it has none', async (url, password, expected) => {
    let asked = '';
    await rowcast(['tail', url], { env: { MYSQL_PASSWORD: password }, app: { tailUrl: (given) => ((asked = given), Promise.resolve()) } });
    expect(asked).toBe(expected);
  });

  it.each(['localhost', 'postgres://u:hunter2@h/', 'mysql://:hunter2@h/', 'mysql://'])('refuses %s without repeating it', async (url) => {
    const { exit, err } = await rowcast(['tail', url]);
    expect(exit).toBe(2);
    expect(err).toBe('error CONFIG_INVALID: this is no URL of a MySQL or MariaDB server\n  Write mysql://user@host:3306/ and put the password into MYSQL_PASSWORD.\n');
  });
});
