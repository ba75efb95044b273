import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';

const BASE = 'name: shop\nsource: { user: u }\nroutes: [{ tables: ["a.*"] }]\n';
const KAFKA = 'sink: { type: kafka, brokers: "k:9092" }\n';

function read(text: string): ReturnType<typeof parseConfig> {
  return parseConfig(BASE + text, { path: 'rowcast.yaml', env: {}, readFile: () => 'hush-hush' });
}

function problems(text: string): string[] {
  return read(text).problems.map(({ message }) => message);
}

describe('where the position is kept', () => {
  it('is a file unless it is said otherwise; names come from that of the daemon', () => {
    expect(read('').config?.checkpoint).toEqual({ type: 'file', path: './data/shop.checkpoint', topic: 'shop.checkpoint', server: null, table: 'rowcast.checkpoints' });
    expect(read(`${KAFKA}checkpoint: { type: kafka, topic: positions }`).config?.checkpoint).toMatchObject({ type: 'kafka', topic: 'positions', path: './data/shop.checkpoint' });
  });

  it('is a table of a server of its own, whose password shows nowhere', () => {
    const { config } = read('checkpoint: { type: mysql, server: { host: db, user: r, password_file: /x }, table: ops.positions }');
    expect(config?.checkpoint).toMatchObject({ type: 'mysql', table: 'ops.positions', server: { host: 'db', port: 3306, user: 'r', tls: { mode: 'preferred' } } });
    expect(JSON.stringify(config)).not.toContain('hush-hush');
  });

  it.each([
    ['checkpoint: { type: kafka }', 'checkpoint.type is kafka, and the sink is stdout'],
    ['checkpoint: { type: mysql }', 'checkpoint.type is mysql, which needs server'],
    ['checkpoint: { server: { user: r } }', 'checkpoint.server does nothing, since checkpoint.type is file'],
  ])('refuses %s', (text, message) => {
    expect(problems(text)).toEqual([message]);
  });

  const once = 'sink: { type: kafka, brokers: "k:9092", delivery: exactly-once }\n';

  it('is a topic with exactly-once delivery, unless it is said otherwise', () => {
    expect(read(once).config?.checkpoint).toMatchObject({ type: 'kafka', topic: 'shop.checkpoint' });
  });

  it.each([
    ['checkpoint: { type: file }', 'checkpoint.type is file, and sink.delivery is exactly-once: a position outside Kafka cannot be committed together with messages'],
    ['checkpoint: { type: mysql, server: { user: r } }', 'checkpoint.type is mysql, and sink.delivery is exactly-once'],
    ['schema: { quarantine: { file: q.jsonl } }', 'schema.quarantine.file cannot be, since sink.delivery is exactly-once'],
  ])('refuses exactly-once delivery with %s', (text, message) => {
    expect(problems(once + text)[0]).toContain(message);
  });

  it('refuses a table without a database', () => {
    expect(problems('checkpoint: { type: mysql, server: { user: r }, table: positions }')[0]).toContain('checkpoint.table must be the name of a table with its database');
  });
});

describe('daemons that stand by', () => {
  const table = 'checkpoint: { type: mysql, server: { user: r } }\n';

  it('are asked for by a word or by options, and are none without', () => {
    expect([read('').config?.standby, read(`${table}standby: false`).config?.standby]).toEqual([null, null]);
    expect(read(`${table}standby: true`).config?.standby).toEqual({ timeout: 6_000 });
    expect(read(`${KAFKA}checkpoint: { type: kafka }\nstandby: { timeout: 30s }`).config?.standby).toEqual({ timeout: 30_000 });
    expect(read('sink: { type: kafka, brokers: "k:9092", delivery: exactly-once }\nstandby: true').problems).toEqual([]);
  });

  it.each([
    ['standby: true', 'standby cannot be, since checkpoint.type is file: daemons on other machines do not see the file'],
    [`${KAFKA}standby: { timeout: 10s }`, 'standby cannot be, since checkpoint.type is file'],
    [`${table}standby: { timeout: 1s }`, 'standby.timeout must be a duration from 3s to 5m'],
  ])('are refused where nobody could take over: %s', (text, message) => {
    expect(problems(text)[0]).toContain(message);
  });
});
