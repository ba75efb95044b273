// Sums vitest's JSON reports of a folder: `node scripts/test-count.mjs FOLDER [EXIT CODE]` prints `N passed, N failed`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `N passed, N failed` over all reports in `folder`; a test file that could not be loaded counts as one failure,
 * and so does a run that failed (`exitCode`) in a step without tests, such as lint.
 */
export function closingLine(folder, exitCode = 0) {
  let passed = 0;
  let failed = 0;
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  for (const name of names) {
    const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    for (const file of report.testResults ?? []) if (file.status === 'failed' && file.assertionResults.length === 0) failed += 1;
  }
  if (exitCode !== 0 && failed === 0) failed = 1;
  return `${passed} passed, ${failed} failed`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(closingLine(process.argv[2] ?? '.', Number(process.argv[3] ?? 0)));
