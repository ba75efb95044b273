// `npm test`: everything, on real servers. It stops at the first step that fails and skips nothing.
import { spawnSync } from 'node:child_process';
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
/** The program of a release of Node; without one, of the container's. */
const release = (...major) => step(`Node ${major[0] ?? 'of the container'}`, node, [bin('tsx/dist/cli.mjs'), 'scripts/servers/node-release.ts', ...major], { capture: true }).trim();
const majorOf = (program) => spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.split('.')[0];
const vitest = (title, program, projects, env = {}) =>
  step(title, program, [
    bin('vitest/vitest.mjs'), 'run', ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, `${title.replaceAll(/\W+/g, '-')}.json`)}`,
  ], { env });

step('lint', node, [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']);
step('types', node, [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']);
vitest('unit and property tests', node, ['unit', 'property']);
const container = release();
for (const [title, program] of [['Node 24', release('24')], ['the Node of the container', container]]) {
  if (majorOf(program) === majorOf(node)) console.log(`\n=== unit tests on ${title}: they have just run`);
  else vitest(`unit tests on ${title}`, program, ['unit']);
}
step('build', node, [bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
vitest('integration tests', node, ['integration']);
// Their daemons run on the Node that the container has.
vitest('integration tests with servers of their own', node, ['own-servers'], { ROWCAST_DAEMON_NODE: container });

console.log(`\nEverything passed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
console.log(closingLine(reports));
