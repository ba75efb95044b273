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

/** Beside the one that runs this, which may be 20; the container has the last. */
const RELEASES = ['24', '26'];
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
for (const release of RELEASES) {
  if (process.versions.node.startsWith(`${release}.`)) {
    console.log(`\n=== unit tests on Node ${release}: this is Node ${release}, they have just run`);
    continue;
  }
  const program = step(`Node ${release}`, node, [bin('tsx/dist/cli.mjs'), 'scripts/servers/node-release.ts', release], { capture: true }).trim();
  vitest(`unit tests on Node ${release}`, program, ['unit']);
}
step('build', node, [bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
vitest('integration tests', node, ['integration']);
vitest('integration tests with servers of their own', node, ['own-servers']);

console.log(`\nEverything passed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
console.log(closingLine(reports));
