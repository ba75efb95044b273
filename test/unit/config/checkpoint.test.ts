import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/config/compile.ts';
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
  const atLeast = 'sink: { type: kafka, brokers: "k:9092", delivery: at-least-once }\n';

  it('is a topic with exactly-once delivery, which is that of every Kafka sink whose file says nothing of it', () => {
    for (const sink of [KAFKA, once]) {
      const { config } = read(sink);
      expect(config).toMatchObject({ sink: { delivery: 'exactly-once' }, checkpoint: { type: 'kafka', topic: 'shop.checkpoint' } });
      expect(config !== null && exactlyOnce(config.sink)).toBe(true);
    }
    expect(read(atLeast).config).toMatchObject({ sink: { delivery: 'at-least-once' }, checkpoint: { type: 'file' } });
  });

  it.each(['sink: { type: stdout }', 'sink: { type: file, path: x }'])('is a file with %s, which knows nothing of delivery', (sink) => {
    const { config } = read(sink);
    expect(config?.checkpoint.type).toBe('file');
    expect(config !== null && exactlyOnce(config.sink)).toBe(false);
    expect(problems(sink.replace(' }', ', delivery: exactly-once }'))[0]).toContain('sink.delivery is not a known key');
  });

  const table = 'checkpoint: { type: mysql, server: { user: r } }';
  const since = 'delivery to Kafka is exactly-once where the file says nothing else (there is no sink.delivery)';

  it.each([
    ['checkpoint: { type: file }', `rowcast.yaml:5:21 checkpoint.type is file, and ${since}: a position outside Kafka cannot be committed together with messages, so that a crash between the two would repeat or lose rows`, /^Remove type, or write type: kafka: a checkpoint file that is there is taken over once\. Or, to go on as it is, write delivery: at-least-once under sink/],
    [table, `rowcast.yaml:5:21 checkpoint.type is mysql, and ${since}: a position outside Kafka cannot be committed together with messages, so that a crash between the two would repeat or lose rows`, /^Write type: kafka in place of type, server and table, and move the position.*rowcast position export.*at-least-once.*rowcast position import.*source\.start\. Or, to go on as it is, write delivery: at-least-once under sink/],
    ['schema: { quarantine: { file: q.jsonl } }', `rowcast.yaml:5:31 schema.quarantine.file cannot be, since ${since}: a file is part of no Kafka transaction`, /^Write topic: instead, or remove it.*Or write delivery: at-least-once under sink/],
  ])('refuses a Kafka sink without delivery with %s, never changes the delivery by itself, and tells both ways out', (text, told, repair) => {
    const { config, problems } = read(KAFKA + text);
    expect(config).toBeNull();
    expect(problems.map(({ where, message }) => `${String(where)} ${message}`)).toEqual([told]);
    expect(problems[0]?.repair).toMatch(repair);
    expect(read(atLeast + text).problems).toEqual([]);
  });

  it('tells a delivery that the file has from the default, also where a variable gives it', () => {
    const written = parseConfig(`${BASE}sink: { type: kafka, brokers: "k:9092", delivery: "\${HOW}" }\ncheckpoint: { type: file }`, { path: 'rowcast.yaml', env: { HOW: 'exactly-once' }, readFile: () => '' });
    expect(written.problems[0]?.message).toContain('checkpoint.type is file, and sink.delivery is exactly-once: a position outside Kafka');
  });

  it('does not advise a server of positions that exactly-once delivery would refuse', () => {
    const [problem] = read(`${KAFKA}checkpoint: { server: { user: r } }`).problems;
    expect(problem?.message).toBe('checkpoint.server does nothing, since checkpoint.type is kafka');
    expect(problem?.repair).toBe('Remove it: exactly-once delivery needs the position in Kafka. Or write type: mysql beside it, and delivery: at-least-once under sink.');
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
    expect(read(`${KAFKA}standby: true`).problems).toEqual([]);
  });

  it.each([
    ['standby: true', 'standby cannot be, since checkpoint.type is file: daemons on other machines do not see the file'],
    [`${KAFKA.replace(' }', ', delivery: at-least-once }')}standby: { timeout: 10s }`, 'standby cannot be, since checkpoint.type is file'],
    [`${table}standby: { timeout: 1s }`, 'standby.timeout must be a duration from 3s to 5m'],
  ])('are refused where nobody could take over: %s', (text, message) => {
    expect(problems(text)[0]).toContain(message);
  });
});
