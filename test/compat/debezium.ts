import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from '../support/mysql.ts';
import type { Java } from './java.ts';

/** Options of a connector by their names. */
export type Properties = Readonly<Record<string, string>>;

/** One engine: its topics begin with `name`. */
export interface EngineWanted {
  readonly name: string;
  readonly properties: Properties;
}

/** Debezium's engines in one process of Java. */
export class Debezium {
  readonly #folder: string;
  readonly #child: ChildProcess;
  #errors = '';

  private constructor(folder: string, child: ChildProcess) {
    this.#folder = folder;
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors = (this.#errors + text).slice(-20_000)));
    child.stdout?.resume();
  }

  /** Starts an engine for each of `wanted`, all of them on one database of one server, from where its binlog ends. */
  static async start(java: Java, folder: string, server: Address, database: string, wanted: readonly EngineWanted[]): Promise<Debezium> {
    await Promise.all(wanted.map(({ name, properties }, i) => writeFile(join(folder, `${name}.properties`), text({ ...defaults(server, database, name, i), ...properties }))));
    return new Debezium(folder, spawn('java', ['-Xmx1g', '-cp', java.classPath, 'Main', folder], { stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** The lines that the engine has written so far. @throws Error where Java has ended */
  async lines(name: string): Promise<string[]> {
    if (this.#child.exitCode !== null) throw new Error(`Debezium ended with ${String(this.#child.exitCode)}:\n${this.#errors}`);
    return (await readFile(join(this.#folder, `${name}.jsonl`), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.stdin?.end();
    await ended;
  }
}

function defaults(server: Address, database: string, name: string, index: number): Properties {
  return {
    name,
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'database.hostname': server.host,
    'database.port': String(server.port),
    'database.user': 'root',
    'database.password': '',
    'database.server.id': String(700_000_000 + (process.pid % 100_000) * 100 + index),
    'topic.prefix': name,
    'key.converter.schemas.enable': 'false',
    'value.converter.schemas.enable': 'false',
    'header.converter.schemas.enable': 'true',
    'database.include.list': database,
    'snapshot.mode': 'no_data',
    'snapshot.locking.mode': 'none',
    'offset.storage': 'org.apache.kafka.connect.storage.MemoryOffsetBackingStore',
    'schema.history.internal': 'io.debezium.relational.history.MemorySchemaHistory',
    'schema.history.internal.store.only.captured.databases.ddl': 'true',
  };
}

function text(properties: Properties): string {
  return Object.entries(properties).map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`).join('');
}
