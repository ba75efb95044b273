import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Tests on real servers. Those that ask for none of the shared ones start all that they need, and mostly wait: two of them go side by side. */
const ON_SERVERS = ['test/integration', 'test/e2e'].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`));
const ON_THEIR_OWN = ON_SERVERS.filter((path) => !readFileSync(path, 'utf8').includes('inject('));

export default defineConfig({
  test: {
    projects: [
      // Unit tests share nothing but modules: one thread a core, not a process a file, keeps them under 30 s.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'threads', isolate: false } },
      { test: { name: 'property', include: ['test/property/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ON_SERVERS,
          exclude: ON_THEIR_OWN,
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'own-servers', include: ON_THEIR_OWN, testTimeout: 120_000, hookTimeout: 300_000, maxWorkers: 2 } },
    ],
  },
});
