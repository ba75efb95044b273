import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { place, readyDaemon, runToEnd } from '../support/daemon.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { expectRefusal, refused, savePosition } from './refusal.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');

let home: Place;
let database: string;
let config: DaemonConfig;

beforeEach(async () => {
  home = await place('local');
  database = await freshDatabase(mysql, 'local');
  config = home.config(mysql, { routes: [{ tables: [`${database}.*`] }] });
});

afterEach(() => home.remove());

describe('a checkpoint', () => {
  it.each<readonly [how: string, damage: (text: string) => string, says: RegExp]>([
    ['was edited', (text) => text.replace('"position": ', '"position": 1'), /does not match its checksum/],
    ['was cut off', (text) => text.slice(0, text.length / 2), /cut off/],
    ['is empty', () => '', /empty/],
    ['is something else', () => '{"hello":"world"}', /not a rowcast-checkpoint/],
  ])('that %s is refused and left as it is', async (_how, damage, says) => {
    await savePosition(home, config);
    const damaged = damage(await readFile(home.checkpoint, 'utf8'));
    await writeFile(home.checkpoint, damaged);
    const { daemon, exit } = await runToEnd(home, config);
    const failure = expectRefusal(daemon, exit, { code: 'CHECKPOINT_DAMAGED', says, advises: /backup.*remove it to start at source\.start/ });
    expect(failure.msg).toContain(home.checkpoint);
    expect(await readFile(home.checkpoint, 'utf8')).toBe(damaged);
  });

  it('of a daemon with another name is refused', async () => {
    await savePosition(home, config);
    await refused(home, { ...config, name: 'stranger' }, { code: 'CHECKPOINT_FOREIGN', says: /"local".*"stranger"/, advises: /name.*checkpoint\.path/ });
  });

  it('that a daemon uses is refused to a second one, which leaves the first alone', async () => {
    const one = await readyDaemon(home, config);
    await refused(home, config, { code: 'CHECKPOINT_LOCKED', says: /another daemon/, advises: /checkpoint.*of its own/ });
    expect((await one.readyz()).status).toBe(200);
    expect(await one.stop()).toBe(0);
    await savePosition(home, config);
  });

  it('in a folder that cannot be made is refused', async () => {
    await writeFile(`${home.folder}/file`, '');
    await refused(home, { ...config, checkpoint: { path: `${home.folder}/file/deep/saved` } }, { code: 'CHECKPOINT_UNWRITABLE', says: /cannot write .*file\/deep/, advises: /free space.*permissions/ });
  });
});

describe('a configuration', () => {
  it('with an unknown key names the line and the nearest key', async () => {
    // How to log is not known before the file is read, so this comes as text.
    const { daemon, exit } = await runToEnd(home, { ...config, limits: { memroy: '1MiB' } });
    expect(exit).toBe(2);
    expect(daemon.errors).toMatch(/^error CONFIG_INVALID: .*\n.*rowcast\.yaml:1:\d+ {2}limits\.memroy is not a known key\n {4}Did you mean memory\?\n.*rowcast check/);
  });

  it('with a condition that is no CEL shows it', async () => {
    await refused(home, { ...config, routes: [{ tables: [`${database}.*`], where: 'row.a ==' }] }, { code: 'CONDITION_INVALID', says: /route 1.*row\.a ==/s, advises: /CEL/ });
  });

  it('that is not there says which', async () => {
    const { daemon, exit } = await runToEnd(home, config, { file: `${home.folder}/absent.yaml` });
    const [line] = daemon.lines();
    expect(exit).toBe(2);
    expect(line?.msg).toContain('CONFIG_UNREADABLE');
    expect(daemon.errors).toContain('absent.yaml');
  });

  it('with an address for HTTP that is taken says so', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await refused(home, { ...config, http: { port } }, { code: 'CONFIG_INVALID', says: new RegExp(`cannot listen on 127\\.0\\.0\\.1:${String(port)}`), advises: /http\.port/ });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('that sends two tables into one topic by an accident is refused when the second shows up', async () => {
    const topic = unique('met');
    config = { ...config, routes: [{ tables: [`${database}.x_b`], topic: `${topic}.\${table}` }, { tables: [`${database}.b`], topic: `${topic}.x_\${table}` }] };
    const daemon = await readyDaemon(home, config);
    await query(mysql, 'create table x_b (id int primary key); create table b (id int primary key); insert into x_b values (1); insert into b values (2)', database);
    const refusal = { code: 'ROUTE_CONFLICT', says: new RegExp(`${database}\\.x_b and ${database}\\.b would meet in topic ${topic}\\.x_b`), advises: /different topics/ } as const;
    expectRefusal(daemon, await daemon.end(), refusal);
    expect((await readFile(home.output, 'utf8')).match(/"topic"/g)).toHaveLength(1);
  });

  it('with a column that the table does not have says which', async () => {
    const daemon = await readyDaemon(home, { ...config, routes: [{ tables: [`${database}.*`], columns: { mask: { emial: 'redact' } } }] });
    await query(mysql, "create table t (id int primary key, email text); insert into t values (1, 'kept@back.example')", database);
    expectRefusal(daemon, await daemon.end(), { code: 'ROUTE_COLUMN', says: new RegExp(`${database}\\.t.*emial`), advises: /column/ });
    expect(daemon.errors).not.toContain('kept@back.example');
  });
});

describe('a sink', () => {
  it('without the topic, where none may be created, says which', async () => {
    const daemon = await readyDaemon(home, { ...config, sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery: 'at-least-once', topics: { create: false } } });
    await query(mysql, 'create table t (id int primary key); insert into t values (1)', database);
    expectRefusal(daemon, await daemon.end(), { code: 'SINK_REFUSED', says: new RegExp(`local\\.${database}\\.t does not exist`), advises: /sink\.topics\.create/ });
  });

  it('without a topic that may be written to later says so at once, where none may be created', async () => {
    const { daemon, exit } = await runToEnd(home, { ...config, schemaChanges: unique('ddl'), sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery: 'at-least-once', topics: { create: false } } });
    expectRefusal(daemon, exit, { code: 'SINK_REFUSED', says: /ddl\S* does not exist/, advises: /sink\.topics\.create/ });
  });

  it('that is a folder is refused', async () => {
    const { daemon, exit } = await runToEnd(home, { ...config, sink: { type: 'file', path: home.folder } });
    expectRefusal(daemon, exit, { code: 'SINK_REFUSED', says: new RegExp(home.folder), advises: /path|folder|permission/ });
  });

  it('whose reader has gone ends the daemon', async () => {
    const daemon = await readyDaemon(home, { ...config, sink: { type: 'stdout' } }, { holdOutput: true });
    daemon.process.stdout?.destroy();
    await query(mysql, 'create table t (id int primary key); insert into t values (1)', database);
    expectRefusal(daemon, await daemon.end(), { code: 'SINK_LOST', says: /standard output takes no more/, advises: /program that reads/ });
  });
});
