import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Difference, Verification } from '../../src/app/verify/report.ts';
import type { VerifyOptions } from '../../src/app/verify/verify.ts';
import { verifyTables } from '../../src/app/verify/verify.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';

/** What a comparison told and answered. */
export interface Verified {
  readonly differences: readonly Difference[];
  readonly verification: Verification;
}

/** Compares in this process, with the configuration that a daemon runs with. */
export async function verify(home: Place, config: DaemonConfig, changes: Partial<VerifyOptions> = {}): Promise<Verified> {
  const file = join(home.folder, 'verify.yaml');
  await writeFile(file, JSON.stringify(config));
  const differences: Difference[] = [];
  const verification = await verifyTables(loadConfig(file, {}), {
    tables: [],
    state: null,
    chunk: 3,
    limit: 1_000,
    patience: 30_000,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...changes,
    found: (difference) => {
      differences.push(difference);
      changes.found?.(difference);
    },
  });
  return { differences, verification };
}

/** `kind table key`, sorted; with the columns where it is about some. */
export function told({ differences }: Verified): string[] {
  return differences.map(({ kind, table, key, columns }) => `${kind} ${table.replace(/^[^.]*\./, '')} ${key}${columns.length === 0 ? '' : ` ${columns.join(',')}`}`).sort();
}

/** What was found about a table, by its name without the database. */
export function tableOf({ verification }: Verified, name: string): Verification['tables'][number] {
  const found = verification.tables.find(({ table }) => table.endsWith(`.${name}`));
  if (found === undefined) throw new Error(`${name} is not in ${verification.tables.map(({ table }) => table).join(', ')}`);
  return found;
}
