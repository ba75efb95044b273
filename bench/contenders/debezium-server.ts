import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installed } from '../../scripts/servers/cache.ts';
import { command, findProgram, needProgram } from '../../scripts/servers/command.ts';
import { say } from '../../scripts/servers/say.ts';
import type { Contender, Course } from './contender.ts';

const VERSION = '3.6.0.Final';
const OLDEST_JAVA = 21;
const JVMS = '/usr/lib/jvm';

/**
 * Debezium Server with a tuned Kafka sink: linger 5 ms, batches of 1 MB, a queue of 32,768, schemas off. It must have seen
 * the server before the backlog is written: then it goes on from there.
 */
export function debeziumServer(compression: 'none' | 'lz4' = 'none'): Contender {
  const run = (course: Course): Promise<ChildProcess> => start(course, compression);
  return {
    name: `Debezium Server ${VERSION.replace('.Final', '')}${compression === 'none' ? '' : `, ${compression}`}`,
    prepare: async (course, touch) => {
      const child = await run({ ...course, topic: `${course.topic}.prepared` });
      const log = join(course.folder, LOG);
      await until('that it streams', child, log, () => readFileSync(log, 'utf8').includes('Keepalive thread is running'));
      await touch();
      // Without a place that it has saved it would begin at the end of the backlog.
      await until('that its place is saved', child, log, () => (statSync(join(course.folder, OFFSETS), { throwIfNoEntry: false })?.size ?? 0) > 0);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
    start: run,
  };
}

const LOG = 'debezium.log';
const OFFSETS = 'offsets.dat';

async function start(course: Course, compression: string): Promise<ChildProcess> {
  const { folder } = course;
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'config/application.properties'), properties(course, compression));
  const home = await distribution();
  const runner = readdirSync(home).find((name) => name.endsWith('runner.jar')) ?? '';
  const log = openSync(join(folder, LOG), 'a');
  return spawn(await java(), ['--add-opens', 'java.base/java.lang=ALL-UNNAMED', '-cp', [join(home, runner), join(home, 'lib/*'), join(folder, 'config')].join(':'), 'io.debezium.server.Main'], { cwd: folder, stdio: ['ignore', log, log] });
}

function properties({ mysqlPort, kafkaPort, topic, tables, folder }: Course, compression: string): string {
  const [database = ''] = tables.split('.');
  const producer = { 'bootstrap.servers': `127.0.0.1:${kafkaPort}`, 'key.serializer': SERIALIZER, 'value.serializer': SERIALIZER, acks: 'all', 'compression.type': compression, 'linger.ms': 5, 'batch.size': 1_048_576, 'buffer.memory': 134_217_728 };
  const source = {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'offset.storage.file.filename': join(folder, OFFSETS),
    'offset.flush.interval.ms': 1000,
    'schema.history.internal': 'io.debezium.storage.file.history.FileSchemaHistory',
    'schema.history.internal.file.filename': join(folder, 'history.dat'),
    'database.hostname': '127.0.0.1', 'database.port': mysqlPort, 'database.user': 'root', 'database.password': '', 'database.server.id': 7003, 'database.ssl.mode': 'disabled',
    'database.include.list': database, 'table.include.list': tables.replaceAll('.', '\\\\.').replaceAll('*', '.*'),
    'topic.prefix': 'bench', 'snapshot.mode': 'no_data', 'include.schema.changes': false, 'tombstones.on.delete': false,
    'max.queue.size': 32_768, 'max.batch.size': 8192,
    // Four hundred bytes a message that say which connector it is from, and that nobody else sends.
    'extended.headers.enabled': false,
  };
  const route = { 'transforms': 'route', 'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter', 'transforms.route.regex': '.*', 'transforms.route.replacement': topic };
  const lines = (prefix: string, values: Readonly<Record<string, string | number | boolean>>): string => Object.entries(values).map(([name, value]) => `${prefix}${name}=${value}\n`).join('');
  return lines('debezium.', { 'sink.type': 'kafka', 'format.key.schemas.enable': false, 'format.value.schemas.enable': false, 'format.header.schemas.enable': false }) + lines('debezium.sink.kafka.producer.', producer) + lines('debezium.source.', source) + lines('debezium.', route) + lines('quarkus.', { 'http.port': 0, 'log.console.json': false });
}

const SERIALIZER = 'org.apache.kafka.common.serialization.StringSerializer';

/** Its log and its files are all that says how far it is. */
async function until(what: string, child: ChildProcess, log: string, look: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (look()) return;
    if (child.exitCode !== null) throw new Error(`Debezium Server ended with ${child.exitCode}:\n${readFileSync(log, 'utf8').slice(-2000)}`);
    await sleep(100);
  }
  throw new Error(`Debezium Server did not show ${what} in two minutes:\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

async function distribution(): Promise<string> {
  const folder = await installed(`debezium-server-${VERSION}`, async (target) => {
    say(`fetching Debezium Server ${VERSION} with Maven (780 MB)`);
    const maven = await needProgram('mvn', 'maven');
    const copy = ['-B', '-q', 'dependency:copy', `-Dartifact=io.debezium:debezium-server-dist:${VERSION}:tar.gz`, `-DoutputDirectory=${target}`];
    await command(maven, copy, { cwd: target, label: 'mvn dependency:copy' });
    const archive = readdirSync(target).find((name) => name.endsWith('.tar.gz')) ?? '';
    await command('tar', ['-xzf', join(target, archive), '-C', target]);
    await command('rm', [join(target, archive)]);
  });
  return join(folder, 'debezium-server');
}

/** A Java that is new enough: JAVA_HOME's, the one on the path, or one of those installed. @throws Error where there is none */
async function java(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const installedOnes = command('ls', [JVMS]).then((text) => text.split('\n').filter(Boolean).map((name) => join(JVMS, name, 'bin/java')), () => []);
  for (const path of [...(home === undefined ? [] : [join(home, 'bin/java')]), findProgram('java'), ...(await installedOnes)]) {
    if (path === undefined) continue;
    const text = await command(path, ['-version'], { mergeErrors: true }).catch(() => '');
    if (Number(/version "(\d+)/.exec(text)?.[1] ?? 0) >= OLDEST_JAVA) return path;
  }
  throw new Error(`Debezium Server needs Java ${OLDEST_JAVA} or newer: install one and set JAVA_HOME`);
}
