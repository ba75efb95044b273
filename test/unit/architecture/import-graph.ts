import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Imports of one file, types included: `./x.ts` as paths below the root, others as package names. */
export interface FileImports {
  readonly file: string;
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** Reads the imports of every TypeScript file below `root`. */
export function readImports(root: string): FileImports[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => importsOf(root, name));
}

function importsOf(root: string, name: string): FileImports {
  const path = join(root, name);
  const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'), true, true);
  const names = importedFiles.map((each) => each.fileName);
  return {
    file: name,
    files: names.filter((each) => each.startsWith('.')).map((each) => relative(root, resolve(dirname(path), each))),
    packages: names.filter((each) => !each.startsWith('.') && !each.startsWith('node:')).map(packageName),
  };
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The files of one cycle, or null where there is none. */
export function findCycle(imports: readonly FileImports[]): readonly string[] | null {
  const edges = new Map(imports.map((each) => [each.file, each.files]));
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const { file } of imports) {
    const cycle = visit(file, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
