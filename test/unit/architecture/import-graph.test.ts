import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycle, readImports } from './import-graph.ts';

const imports = readImports(join(import.meta.dirname, '../../../src'));

/** Which rooms a room may import, besides itself. Siblings never import each other. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  core: [],
  mysql: ['core'],
  route: ['core'],
  format: ['core'],
  sink: ['core'],
  checkpoint: ['core'],
  observe: ['core'],
  config: ['core'],
  runtime: ['core'],
  verify: ['core'],
  app: ['core', 'mysql', 'route', 'format', 'sink', 'checkpoint', 'observe', 'config', 'runtime', 'verify'],
  cli: ['core', 'app', 'config'],
};

/** The one room, or folder of it, that may import a vendor's package. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@vlasky/zongji': ['mysql/stream/'],
  mysql2: ['mysql/stream/'],
  '@noble/ed25519': ['mysql/stream/'],
  kafkajs: ['sink/kafka/'],
  snappy: ['sink/kafka/'],
  'lz4-napi': ['sink/kafka/'],
  '@mongodb-js/zstd': ['sink/kafka/'],
  fzstd: ['mysql/stream/'],
  '@node-rs/crc32': ['sink/kafka/', 'mysql/binlog/', 'mysql/stream/'],
  pino: ['observe/'],
  'pino-pretty': ['observe/'],
  'prom-client': ['observe/'],
  zod: ['config/'],
  yaml: ['config/'],
  leven: ['config/', 'route/'],
  commander: ['cli/'],
  '@marcbachmann/cel-js': ['route/'],
  '@bufbuild/cel': ['route/'],
  'iconv-lite': ['mysql/columns/'],
  antlr4ng: ['mysql/schema/ddl/'],
  'proper-lockfile': ['checkpoint/'],
};

function room(file: string): string {
  return file.startsWith('app') ? 'app' : (file.split('/')[0] ?? file);
}

describe('the import graph of src', () => {
  it('is read: there are files, and they import', () => {
    expect(imports.length).toBeGreaterThan(30);
    expect(imports.some((each) => each.files.length > 0 && each.packages.length > 0)).toBe(true);
  });

  it('goes one way between rooms', () => {
    const wrong = imports.flatMap(({ file, files }) => files.filter((to) => room(to) !== room(file) && !(MAY[room(file)] ?? []).includes(room(to))).map((to) => `${file} imports ${to}`));
    expect(wrong).toEqual([]);
  });

  it('has no cycle, types included', () => {
    expect(findCycle(imports)).toBeNull();
  });

  it('meets each vendor at its one door', () => {
    const wrong = imports.flatMap(({ file, packages }) => packages.filter((name) => !(DOORS[name] ?? []).some((door) => file.startsWith(door))).map((name) => `${file} imports ${name}`));
    expect(wrong).toEqual([]);
  });

  it('would see a cycle and a wrong edge', () => {
    const file = (name: string, ...files: string[]) => ({ file: name, files, packages: [] });
    expect(findCycle([file('a', 'b'), file('b', 'c'), file('c', 'a')])).toEqual(['a', 'b', 'c', 'a']);
    expect(findCycle([file('a', 'b', 'c'), file('b', 'c'), file('c')])).toBeNull();
  });
});
