import { defineConfig } from 'vitest/config';

/** Tests that start every server that they need, and mostly wait: two of them go side by side. */
const OUTAGES = [
  ...['chaos', 'exactly-once-faults', 'outages', 'server-changes'].map((name) => `test/e2e/${name}.test.ts`),
  ...['kafka-faults', 'retention', 'server-change', 'xa-failover'].map((name) => `test/integration/${name}.test.ts`),
];

export default defineConfig({
  test: {
    projects: [
      // Unit tests share nothing but modules: one thread a core, not a process a file, keeps them under 30 s.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'threads', isolate: false } },
      { test: { name: 'property', include: ['test/property/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          exclude: OUTAGES,
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'outages', include: OUTAGES, testTimeout: 120_000, hookTimeout: 300_000, maxWorkers: 2 } },
    ],
  },
});
