import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../scripts/servers/cache.ts';

const run = promisify(execFile);
const SOURCES = fileURLToPath(new URL('java', import.meta.url));

/** What is needed to start Java with Debezium. */
export interface Java {
  readonly classPath: string;
  /** Debezium's version. */
  readonly debezium: string;
}

/** Compiles the classes beside this file, with Debezium from Maven. @throws Error with what Maven said */
export async function buildJava(): Promise<Java> {
  const folder = join(cacheFolder(), 'compat');
  await mkdir(folder, { recursive: true });
  await cp(SOURCES, folder, { recursive: true });
  await run('mvn', ['-q', '-B', 'compile', 'dependency:build-classpath', '-Dmdep.outputFile=classpath.txt'], { cwd: folder, maxBuffer: 1 << 24 });
  const jars = (await readFile(join(folder, 'classpath.txt'), 'utf8')).trim();
  const debezium = /debezium-embedded-([^/:]+)\.jar/.exec(jars)?.[1] ?? 'unknown';
  return { classPath: `${join(folder, 'target/classes')}:${jars}`, debezium };
}

/** Has Kafka Connect's JsonConverter read every line of a file, and write it again. */
export async function readByConnect(java: Java, file: string): Promise<{ readonly read: number; readonly refused: readonly string[] }> {
  const { stdout } = await run('java', ['-cp', java.classPath, 'Main', 'read', file], { maxBuffer: 1 << 28 });
  const lines = stdout.trim().split('\n');
  return { read: Number(/^read (\d+)$/.exec(lines.at(-1) ?? '')?.[1] ?? NaN), refused: lines.slice(0, -1) };
}
