// `npm test`: everything, on real servers. It stops at the first step that fails and skips nothing.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireNode, requirePackages, root, step } from './bootstrap.mjs';
import { closingLine } from './test-count.mjs';

const started = Date.now();
requireNode();
requirePackages();

const given = process.env.ROWCAST_TEST_REPORTS;
const reports = given ?? mkdtempSync(join(tmpdir(), 'rowcast-reports-'));
mkdirSync(reports, { recursive: true });
if (given === undefined) process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const node = process.execPath;
const bin = (name) => join(root, 'node_modules', name);
const vitest = (title, program, projects) =>
  step(title, program, [
    bin('vitest/vitest.mjs'), 'run', ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, `${title.replaceAll(/\W+/g, '-')}.json`)}`,
  ]);

step('lint', node, [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']);
step('types', node, [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']);
vitest('unit and property tests', node, ['unit', 'property']);
if (process.versions.node.startsWith('24.')) {
  console.log('\n=== unit tests on Node 24: this is Node 24, they have just run');
} else {
  const node24 = step('Node 24', node, [bin('tsx/dist/cli.mjs'), 'scripts/servers/node24.ts'], { capture: true }).trim();
  vitest('unit tests on Node 24', node24, ['unit']);
}
step('build', node, [bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
vitest('integration tests', node, ['integration']);
vitest('integration tests with servers of their own', node, ['own-servers']);

console.log(`\nEverything passed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
console.log(closingLine(reports));
