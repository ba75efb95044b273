import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startKafka, type Server } from '../../scripts/servers/index.ts';
import { checkAll } from '../../src/app/check.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, startDaemon } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';

const mysql = inject('mysql');
const name = unique('lone').replaceAll('_', '-');
let home: Place;
let database = '';
/** The first is the controller, too. */
const brokers: Server[] = [];
let voters = '';

/** The topic of transactions wants two brokers, as Kafka's own default wants three. */
const SETTINGS = { 'transaction.state.log.replication.factor': 2, 'transaction.state.log.min.isr': 2, 'default.replication.factor': 2, 'min.insync.replicas': 1, 'broker.session.timeout.ms': 3_000, 'broker.heartbeat.interval.ms': 500 };

beforeAll(async () => {
  brokers.push(await startKafka({
    config: ({ controller }) => {
      voters = `1@127.0.0.1:${String(controller)}`;
      return { ...SETTINGS, 'default.replication.factor': 1 };
    },
  }));
  home = await place(name);
  database = await freshDatabase(mysql, 'lone');
  await query(mysql, `create table ${database}.t (id int primary key)`);
}, 120_000);
afterAll(async () => {
  await home.remove();
  for (const broker of brokers.reverse()) await broker.stop();
});

function secondBroker(): Promise<Server> {
  return startKafka({ config: ({ port }) => ({ ...SETTINGS, 'process.roles': 'broker', 'node.id': 2, 'controller.quorum.voters': voters, listeners: `PLAINTEXT://127.0.0.1:${String(port)}` }) });
}

// Nothing is said of delivery.
function config(): DaemonConfig {
  return home.config(mysql, {
    name,
    format: 'plain',
    sink: { type: 'kafka', brokers: brokers.slice(0, 1).map(({ port }) => `127.0.0.1:${String(port)}`), requestTimeout: '3s', topics: { partitions: 1, replicationFactor: 1 } },
    routes: [{ tables: [`${database}.*`], topic: `${name}.rows` }],
  });
}

interface Words {
  readonly message: string;
  readonly hint: string;
}

async function checked(): Promise<Words[]> {
  const { config: read } = parseConfig(JSON.stringify(config()), { path: 'test.yaml', env: {}, readFile: () => '' });
  if (read === null) throw new Error('the configuration is refused');
  return (await checkAll(read)).map(({ message, repair }) => ({ message, hint: repair }));
}

interface Told {
  readonly logged: Words;
  /** Of `/readyz`, which has both. */
  readonly detail: string;
  readonly shown: Words;
}

/** What the log, `/readyz` and `/status` say, once `/readyz` says what is looked for. */
async function told(daemon: Daemon, text: string): Promise<Told> {
  const detail = await daemon.while(until(`the daemon says ${text}`, async () => {
    const { status, detail } = await daemon.readyz();
    return status === 503 && detail.includes(text) && detail;
  }, 60_000));
  const { error } = JSON.parse(await daemon.text('/status')) as { error: Words };
  const line = daemon.lines().findLast(({ level }) => level === 'warn');
  return { logged: { message: String(line?.['error']), hint: String(line?.hint) }, detail, shown: error };
}

const matching = (text: RegExp): unknown => expect.stringMatching(text);

describe('brokers that cannot keep transactions', () => {
  it('are told with the cause and both ways out, in the log, at /readyz, at /status and by a check; the daemon goes on by itself once they can', async () => {
    const unmade = /topic __transaction_state, in which the brokers keep transactions, does not exist, and they cannot make it while fewer of them are up \(1\) than their transaction\.state\.log\.replication\.factor says \(3 unless it is set\)/;
    const ways = /set transaction\.state\.log\.replication\.factor of the brokers to 1 and transaction\.state\.log\.min\.isr to no more than that.* Or write delivery: at-least-once under sink/;
    expect(await checked()).toEqual([{ message: matching(unmade), hint: matching(ways) }]);
    const daemon = await startDaemon(home, config());
    const first = await told(daemon, 'does not exist');
    expect(first).toMatchObject({ logged: { message: matching(unmade), hint: matching(ways) }, shown: { message: matching(unmade), hint: matching(ways) } });
    expect([first.detail, first.detail]).toEqual([matching(unmade), matching(ways)]);

    brokers.push(await secondBroker());
    await daemon.ready(60);
    await query(mysql, `insert into ${database}.t values (1)`);
    await rows([1]);

    await brokers[1]?.kill();
    const few = /partitions of topic __transaction_state, in which the brokers keep transactions, have fewer replicas in sync than its min\.insync\.replicas says \(2\)/;
    const back = /Bring back brokers.* lower min\.insync\.replicas of topic __transaction_state.*transaction\.state\.log\.min\.isr.* Or write delivery: at-least-once under sink.*rowcast position export/;
    await query(mysql, `insert into ${database}.t values (2)`);
    await daemon.kill();
    const again = await startDaemon(home, config());
    expect(await told(again, 'fewer replicas in sync')).toMatchObject({ logged: { message: matching(few), hint: matching(back) }, detail: matching(few), shown: { message: matching(few), hint: matching(back) } });
    expect(await checked()).toContainEqual({ message: matching(few), hint: matching(back) });

    await brokers[1]?.restart();
    await again.ready(60);
    await rows([1, 2]);
    expect(await again.stop()).toBe(0);
    expect(await checked()).toEqual([]);
  }, 240_000);
});

/** These rows are in the topic, each once. */
async function rows(ids: readonly number[]): Promise<void> {
  const [first] = brokers;
  const told = (): Promise<number[]> => (first === undefined ? Promise.resolve([]) : readTopic({ host: '127.0.0.1', port: first.port }, `${name}.rows`).then((messages) => messages.map((message) => (jsonOf(message) as { after: { id: number } }).after.id)));
  await until('the rows are told', async () => (await told()).length >= ids.length);
  expect(await told()).toEqual(ids);
}
